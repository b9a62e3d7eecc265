package ecstest_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

func TestFaultyReplies(t *testing.T) {
	t.Parallel()
	header := http.Header{"x-acs-retry-after": {"2"}}
	tests := []struct {
		name   string
		fault  ecstest.Fault
		status int
		want   string // Part of the body.
	}{
		{"500", ecstest.Status500(), 500, `"Code":"InternalError"`},
		{"proxy", ecstest.BadGatewayHTML(), 502, "<h1>502 Bad Gateway</h1>"},
		{"code", ecstest.ErrorCode(503, "ServiceUnavailable", "later"), 503, `"Message":"later"`},
		{"denied", ecstest.ErrorCode(403, "Forbidden.RAM", "no"), 403, `"AuthAction":"ecs:DescribeSnapshots"`},
		{"signature", ecstest.RefuseSignature(), 400, "server string to sign is:GET&%2F&AccessKeyId%3D" + ecstest.AccessKeyID},
		{"throttled", ecstest.Throttle("Throttling.Api", header), 400, `"Code":"Throttling.Api"`},
		{"asked to wait", ecstest.SetHeader("Retry-After", "2147483647"), 200, `"TotalCount":3`},
		{"any body", ecstest.Respond(200, "application/json", []byte(`null`)), 200, "null"},
		{"empty body", ecstest.Respond(200, "application/json", nil), 200, ""},
		{"redirect", ecstest.Redirect("http://127.0.0.1:1/"), 302, "Found"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := ecstest.Start(t, ecstest.Sample(3)...)
			server.Inject(test.fault)
			c := newClient(t, server.URL)
			c.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
			a := c.describe(nil)
			if a.err != nil || a.status != test.status || !strings.Contains(a.body, test.want) {
				t.Errorf("got %v %d %s", a.err, a.status, a.body)
			}
			if test.name == "throttled" && a.header.Get("X-Acs-Retry-After") != "2" {
				t.Errorf("header %v", a.header)
			}
			if test.name == "asked to wait" && a.header.Get("Retry-After") != "2147483647" {
				t.Errorf("header %v", a.header)
			}
			server.ClearFaults()
			if a := c.describe(nil); a.status != 200 {
				t.Errorf("cleared: %d", a.status)
			}
		})
	}
}

func TestBrokenConnections(t *testing.T) {
	t.Parallel()
	for _, tls := range []bool{false, true} {
		server := ecstest.Start(t, ecstest.Sample(3)...)
		c := newClient(t, server.URL)
		if tls {
			c.url, c.http.Transport = startTLS(t, server)
		}
		for name, test := range map[string]struct {
			fault ecstest.Fault
			want  error
		}{
			"reset": {ecstest.Reset(), syscall.ECONNRESET},
			"drop":  {ecstest.Drop(), io.EOF},
			"cut":   {ecstest.CutBody(20), io.ErrUnexpectedEOF},
		} {
			server.ClearFaults()
			server.Inject(test.fault)
			if a := c.describe(nil); !errors.Is(a.err, test.want) {
				t.Errorf("%s: got %v", name, a.err)
			}
		}
		server.ClearFaults()
		server.Inject(ecstest.TruncateBody(20))
		if a := c.describe(nil); a.err != nil || len(a.body) != 20 {
			t.Errorf("truncated: %v %q", a.err, a.body)
		}
	}
}

// A call that hangs ends with its client, and with the server at the latest.
func TestHang(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]ecstest.Fault{
		"before the header": ecstest.Hang(), "in the body": ecstest.HangInBody(20), "delayed": ecstest.Latency(time.Hour),
	} {
		t.Run(name, func(t *testing.T) {
			server := ecstest.Start(t, ecstest.Sample(3)...)
			arrived := make(chan struct{}, 1)
			server.Inject(func(x *ecstest.Exchange, next ecstest.Handler) *ecstest.Reply {
				arrived <- struct{}{}
				return next(x)
			}, fault)
			c := newClient(t, server.URL)
			ctx, cancel := context.WithCancel(t.Context())
			go func() {
				<-arrived
				cancel()
			}()
			request, err := http.NewRequestWithContext(ctx, "GET", c.signedURL(), nil)
			if err != nil {
				t.Fatal(err)
			}
			response, err := c.http.Do(request)
			if err == nil {
				_, err = io.ReadAll(response.Body)
				_ = response.Body.Close()
			}
			if !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
			answered := make(chan error)
			go func() { answered <- c.describe(nil).err }()
			<-arrived
			server.Close()
			if err := <-answered; err == nil && name != "delayed" {
				t.Error("an answer came")
			}
		})
	}
}

func TestThrottling(t *testing.T) {
	t.Parallel()
	now := time.Now().Truncate(time.Minute).Add(30 * time.Second)
	tests := []struct {
		name  string
		fault ecstest.Fault
		want  []int // Statuses at 30, 40, 50 seconds, and so on.
	}{
		{"first two", ecstest.ThrottleFirst(2, "Throttling", nil), []int{400, 400, 200, 200, 200}},
		{"minute", ecstest.ThrottleMinute(), []int{400, 400, 400, 200, 200}},
		{"rate", ecstest.ThrottleRate(1, time.Minute), []int{200, 400, 400, 200, 400}},
		{"after two", ecstest.AfterN(2, ecstest.Throttle("Throttling", nil)), []int{200, 200, 400, 400, 400}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := ecstest.Start(t)
			server.Inject(test.fault)
			c := newClient(t, server.URL)
			var got []int
			for i := range test.want {
				c.now = func() time.Time { return now.Add(time.Duration(i) * 10 * time.Second) }
				server.SetClock(c.now)
				got = append(got, c.describe(nil).status)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestThrottleConcurrent(t *testing.T) {
	t.Parallel()
	server := ecstest.Start(t)
	release, arrived := make(chan struct{}), make(chan struct{})
	server.Inject(ecstest.ThrottleConcurrent(2), func(x *ecstest.Exchange, next ecstest.Handler) *ecstest.Reply {
		arrived <- struct{}{}
		<-release
		return next(x)
	})
	c := newClient(t, server.URL)
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			if a := c.describe(nil); a.status != 200 {
				t.Errorf("got %d", a.status)
			}
		})
		<-arrived
	}
	if a := c.describe(nil); a.Code != "Throttling.User" {
		t.Errorf("got %q", a.Code)
	}
	close(release)
	wg.Wait()
	if n := server.MaxInFlight(); n != 3 {
		t.Errorf("%d in flight", n)
	}
}

// An unsigned call is refused as such under any fault, and the fault does not count it.
func TestFaultsComeAfterTheSignature(t *testing.T) {
	t.Parallel()
	server := ecstest.Start(t)
	server.Inject(ecstest.FirstN(1, ecstest.Status500()))
	c := newClient(t, server.URL)
	c.secret = "wrong"
	if a := c.describe(nil); a.Code != "SignatureDoesNotMatch" {
		t.Errorf("got %q", a.Code)
	}
	c.secret = ecstest.AccessKeySecret
	if a := c.describe(nil); a.status != 500 {
		t.Errorf("got %d", a.status)
	}
}

func TestWithProbability(t *testing.T) {
	t.Parallel()
	outcomes := func(seed uint64) (failed int, pattern string) {
		server := ecstest.Start(t)
		server.Inject(ecstest.WithProbability(seed, 0.3, ecstest.Status500()))
		c := newClient(t, server.URL)
		for range 100 {
			if c.describe(nil).status == 500 {
				failed++
				pattern += "x"
			} else {
				pattern += "."
			}
		}
		return failed, pattern
	}
	n, first := outcomes(1)
	_, again := outcomes(1)
	_, other := outcomes(2)
	if n < 15 || n > 45 || first != again || first == other {
		t.Errorf("%d\n%s\n%s\n%s", n, first, again, other)
	}
}

// signedURL is a correct call that is not sent yet.
func (c *client) signedURL() string {
	return c.url + "/?" + toValues(c.sign(c.full("DescribeSnapshots", "2014-05-26", nil))).Encode()
}
