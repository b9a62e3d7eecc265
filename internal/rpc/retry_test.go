package rpc

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

type replies = []func() (*http.Response, error)

var (
	good      = reply(200, served)
	throttled = reply(400, `{"Code":"Throttling.User","Message":"slow down","RequestId":"R-T"}`)
	broken    = reply(500, `{"Code":"InternalError","Message":"broken","RequestId":"R-B"}`)
	forbidden = reply(403, `{"Code":"Forbidden.RAM","Message":"no","RequestId":"R-F"}`)
)

func TestRetry(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		replies replies
		calls   int
		err     string
		told    []string // The codes that Retried was told of.
	}{
		"at once":                   {replies{good}, 1, "", nil},
		"after a failure":           {replies{broken, good}, 2, "", []string{"InternalError"}},
		"after an end":              {replies{failure(io.EOF), good}, 2, "", []string{""}},
		"after a cut reply":         {replies{reply(200, `{"RequestId":"R`), good}, 2, "", []string{""}},
		"never for good":            {replies{forbidden, good}, 1, "Forbidden.RAM", nil},
		"for good after a failure":  {replies{broken, forbidden, good}, 2, "Forbidden.RAM", []string{"InternalError"}},
		"not for ever":              {replies{broken}, 3, "InternalError", []string{"InternalError", "InternalError"}},
		"on and on while throttled": {append(slices.Repeat(replies{throttled}, 11), good), 12, "", slices.Repeat([]string{"Throttling.User"}, 11)},
		"throttling doesn't count": {
			append(slices.Repeat(replies{throttled}, 11), broken, broken, good), 14, "",
			append(slices.Repeat([]string{"Throttling.User"}, 11), "InternalError", "InternalError"),
		},
	} {
		t.Run(name, func(t *testing.T) {
			transport := &script{replies: test.replies}
			client := newTestClient(t, Config{Transport: transport, MaxAttempts: 3})
			var told []string
			call := testCall(t, "https://ecs.example.com")
			call.Retried = func(failure *Error) { told = append(told, failure.Code) }
			var got testReply
			err := client.Do(t.Context(), call, &got)
			var failed *Error
			errors.As(err, &failed)
			if (err != nil) != (test.err != "") || err != nil && (failed == nil || failed.Code != test.err) {
				t.Errorf("got %v, want %q", err, test.err)
			}
			if err == nil && got.Value != "v" {
				t.Errorf("got %+v", got)
			}
			if n := len(transport.requests); n != test.calls {
				t.Errorf("%d calls, want %d", n, test.calls)
			}
			if diff := cmp.Diff(test.told, told); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// One attempt is one, whatever the failure.
func TestOneAttempt(t *testing.T) {
	t.Parallel()
	for _, outcome := range (replies{throttled, broken, failure(io.EOF)}) {
		transport := &script{replies: replies{outcome, good}}
		err := newTestClient(t, Config{Transport: transport, MaxAttempts: 1}).Do(t.Context(), testCall(t, "https://ecs.example.com"), &testReply{})
		if n := len(transport.requests); err == nil || n != 1 {
			t.Errorf("%d calls and %v", n, err)
		}
	}
}

// A call waits as long as the source of its keys asks to.
func TestRetryAfterOfKeys(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		keys := noKeys{&Error{Message: "not now", Transient: true, RetryAfter: 7 * time.Second}}
		client := newTestClient(t, Config{Transport: &script{}, Credentials: keys, MaxAttempts: 3})
		err := client.Do(t.Context(), testCall(t, "https://ecs.example.com"), &testReply{})
		if waited := time.Since(start); err == nil || waited != 14*time.Second {
			t.Errorf("%v after %s", err, waited)
		}
	})
}

// rotating gives other keys each time.
type rotating struct{ asked int }

func (r *rotating) Retrieve(context.Context) (Credentials, error) {
	r.asked++
	if r.asked == 2 {
		return Credentials{}, &Error{Message: "not now", Transient: true}
	}
	return Credentials{AccessKeyID: testKeyID + string(rune('0'+r.asked)), AccessKeySecret: testSecret}, nil
}

func (*rotating) Invalidate(Credentials) bool { return false }

// session gives keys until they are refused, and then others.
type session struct {
	credentials Credentials
	renewable   bool
	refused     []string
}

func (s *session) Retrieve(context.Context) (Credentials, error) { return s.credentials, nil }

func (s *session) Invalidate(refused Credentials) bool {
	s.refused = append(s.refused, refused.AccessKeyID)
	s.credentials.AccessKeyID += "+"
	return s.renewable
}

// Keys that the service calls expired are renewed, once, where that is possible.
func TestExpiredKeysAreRenewedOnce(t *testing.T) {
	t.Parallel()
	expired := reply(400, `{"Code":"InvalidSecurityToken.Expired"}`)
	gone := reply(404, `{"Code":"InvalidAccessKeyId.NotFound"}`)
	for name, test := range map[string]struct {
		replies   replies
		token     string
		renewable bool
		calls     int
		err       string
		refused   []string
	}{
		"expired":            {replies{expired, good}, "token", true, 2, "", []string{"k"}},
		"gone":               {replies{gone, throttled, good}, "token", true, 3, "", []string{"k"}},
		"expired again":      {replies{expired}, "token", true, 2, "InvalidSecurityToken.Expired", []string{"k", "k+"}},
		"nothing else there": {replies{expired, good}, "token", false, 1, "InvalidSecurityToken.Expired", []string{"k"}},
		"keys without end":   {replies{gone, good}, "", true, 1, "InvalidAccessKeyId.NotFound", nil},
		"another refusal":    {replies{forbidden, good}, "token", true, 1, "Forbidden.RAM", nil},
	} {
		source := &session{credentials: Credentials{AccessKeyID: "k", AccessKeySecret: testSecret, SecurityToken: test.token}, renewable: test.renewable}
		transport := &script{replies: test.replies}
		err := newTestClient(t, Config{Transport: transport, Credentials: source}).Do(t.Context(), testCall(t, "https://ecs.example.com"), &testReply{})
		code := ""
		var failed *Error
		if errors.As(err, &failed) {
			code = failed.Code
		}
		if code != test.err || len(transport.requests) != test.calls {
			t.Errorf("%s: %d calls and %v", name, len(transport.requests), err)
		}
		if diff := cmp.Diff(test.refused, source.refused); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// Each attempt is signed anew, at its own time, with keys of its own.
func TestAttemptsAreFresh(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		transport := &script{replies: replies{broken, throttled, good}}
		source := &rotating{}
		client := newTestClient(t, Config{
			Transport: transport, Credentials: source,
			Backoff: func(int) time.Duration { return 5 * time.Second },
		})
		if err := client.Do(t.Context(), testCall(t, "https://ecs.example.com"), &testReply{}); err != nil {
			t.Fatal(err)
		}
		if source.asked != 4 || len(transport.requests) != 3 {
			t.Fatalf("keys asked for %d times, %d calls", source.asked, len(transport.requests))
		}
		seen := map[string]bool{}
		for i, request := range transport.requests {
			params := formOf(t, request)
			if got, want := params.Get("Signature"), signature("POST", params, testSecret); got != want {
				t.Errorf("attempt %d: signature %q, want %q", i, got, want)
			}
			for _, name := range []string{"SignatureNonce", "Timestamp", "AccessKeyId"} {
				if value := params.Get(name); seen[value] {
					t.Errorf("attempt %d: %s %q again", i, name, value)
				} else {
					seen[value] = true
				}
			}
		}
	})
}

// What an attempt that failed had read is not in the reply.
func TestRepliesAreFresh(t *testing.T) {
	t.Parallel()
	transport := &script{replies: replies{reply(200, `{"Code":"Throttling","Message":"m","Value":"old","Number":7}`), reply(200, `{"RequestId":"R"}`)}}
	client := newTestClient(t, Config{Transport: transport})
	var got testReply
	if err := client.Do(t.Context(), testCall(t, "https://ecs.example.com"), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(testReply{Reply: Reply{RequestID: "R", Status: 200, Size: 17}}, got); diff != "" {
		t.Error(diff)
	}
}

// A call that another call's failure ends, as in an errgroup, leaves that failure as it is.
func TestFailureOfAnotherCall(t *testing.T) {
	t.Parallel()
	failure := &Error{Kind: KindService, Code: "Forbidden.RAM", Host: "ecs.example.com", Action: "Another"}
	ctx, end := context.WithCancelCause(t.Context())
	transport := roundTrip(func(r *http.Request) (*http.Response, error) {
		end(failure)
		return nil, context.Cause(r.Context()) // As net/http does.
	})
	err := newTestClient(t, Config{Transport: transport}).Do(ctx, testCall(t, "https://ecs.test"), new(testReply))
	if !errors.Is(err, context.Canceled) || failure.Host != "ecs.example.com" || failure.Action != "Another" {
		t.Errorf("got %v, and the other's is %+v", err, failure)
	}
}

func TestFullJitter(t *testing.T) {
	t.Parallel()
	bounds := []int{1, 2, 4, 8, 16, 20, 20, 20}
	least, most := make([]time.Duration, len(bounds)), make([]time.Duration, len(bounds))
	for n := range 2000 {
		for i := range bounds {
			wait := fullJitter(i + 1)
			if n == 0 {
				least[i] = wait
			}
			least[i], most[i] = min(least[i], wait), max(most[i], wait)
		}
	}
	for i, seconds := range bounds {
		bound := time.Duration(seconds) * time.Second
		if least[i] < 0 || most[i] > bound {
			t.Errorf("wait %d: %v to %v, want 0 to %v", i, least[i], most[i], bound)
		}
		if least[i] > bound/10 || most[i] < bound*9/10 {
			t.Errorf("wait %d: %v to %v spread too little over %v", i, least[i], most[i], bound)
		}
	}
}

// The waits are at least what the service asks for.
func TestRetryAfter(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]time.Duration{
		"X-Acs-Retry-After: 1500":                            1500 * time.Millisecond,
		"Retry-After: 7":                                     7 * time.Second,
		"Retry-After: Sat, 01 Jan 2000 00:00:07 GMT":         7 * time.Second, // The clock begins with that year.
		"Retry-After: Wed, 21 Oct 1998 07:28:00 GMT":         0,
		"Retry-After: -1":                                    0,
		"X-Acs-Retry-After: 99999999999":                     time.Minute,
		"X-Acs-Retry-After: 99999999999999999999":            0,
		"Retry-After: soon":                                  0,
		"X-Acs-Retry-After: 2147483647":                      time.Minute, // No more than that, whatever is asked for.
		"Retry-After: 2147483647":                            time.Minute,
		"Retry-After: Sat, 01 Jan 2050 00:00:00 GMT":         time.Minute,
		"X-Ratelimit-User-Api: Limit:100,Remain:0":           0,
		"X-Ratelimit-User: Limit:100,Remain:0,TimeLeft:2000": 2 * time.Second,
		"X-Ratelimit-User-Api: TimeLeft: 2500,Limit:1":       2500 * time.Millisecond,
		"X-Ratelimit-Other: TimeLeft:2500":                   0,
	} {
		synctest.Test(t, func(t *testing.T) {
			transport := &script{replies: replies{reply(503, `{"Code":"ServiceUnavailable"}`, header), broken, good}}
			client := newTestClient(t, Config{Transport: transport})
			if err := client.Do(t.Context(), testCall(t, "https://ecs.example.com"), &testReply{}); err != nil {
				t.Fatal(err)
			}
			if got := transport.times[1].Sub(transport.times[0]); got != want {
				t.Errorf("%s: waited %v, want %v", header, got, want)
			}
			if got := transport.times[2].Sub(transport.times[1]); got != 0 {
				t.Errorf("%s: waited %v once more", header, got)
			}
		})
	}
}

// What isn't configured suits the real service.
func TestDefaults(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		transport := &script{replies: replies{broken}}
		client := NewClient(Config{Credentials: temporaryCredentials, MaxConcurrent: 3, Transport: transport})
		var failed *Error
		if err := client.Do(t.Context(), testCall(t, "https://ecs.example.com"), &testReply{}); !errors.As(err, &failed) || failed.Code != "InternalError" {
			t.Error(err)
		}
		if n := len(transport.requests); n != 8 {
			t.Errorf("%d attempts", n)
		}
		if took := transport.times[7].Sub(transport.times[0]); took == 0 || took > 71*time.Second {
			t.Errorf("they took %v", took)
		}
	})
	own, ok := NewClient(Config{MaxConcurrent: 3}).http.client.Transport.(*http.Transport)
	if !ok || own.MaxConnsPerHost != 3 {
		t.Errorf("the transport is %+v", own)
	}
}

// Keys that can't be had are an error of their own, which holds what the source says.
func TestNoKeys(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err       error
		transient bool
	}{
		"for now":  {&Error{Message: "not now", Transient: true}, true},
		"for good": {io.ErrNoProgress, false},
	} {
		transport := &script{replies: replies{good}}
		client := newTestClient(t, Config{Transport: transport, Credentials: noKeys{test.err}, MaxAttempts: 1})
		err := client.Do(t.Context(), testCall(t, "https://ecs.example.com"), &testReply{})
		var failed *Error
		if !errors.As(err, &failed) || failed.Kind != KindCredentials || failed.Transient != test.transient || failed.Message != "no credentials: "+test.err.Error() || !errors.Is(err, test.err) {
			t.Errorf("%s: %v", name, err)
		}
		if n := len(transport.requests); n != 0 {
			t.Errorf("%s: %d calls", name, n)
		}
	}
}

// noKeys are keys that can't be had.
type noKeys struct{ err error }

func (n noKeys) Retrieve(context.Context) (Credentials, error) { return Credentials{}, n.err }

func (noKeys) Invalidate(Credentials) bool { return false }

// A pause that the service asks for holds for all calls, also where several are
// refused at once and ask for different ones.
func TestThrottlingPausesAllCalls(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		transport := &script{replies: replies{
			reply(400, `{"Code":"Throttling"}`, "X-Acs-Retry-After: 1000"),
			reply(400, `{"Code":"Throttling"}`, "X-Acs-Retry-After: 3000"),
			good,
		}}
		gather := make(chan struct{})
		client := newTestClient(t, Config{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			<-gather
			return transport.RoundTrip(r)
		})})
		var calls sync.WaitGroup
		for range 2 {
			calls.Go(func() {
				if err := client.Do(t.Context(), testCall(t, "https://ecs.example.com"), &testReply{}); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		close(gather)
		calls.Wait()
		if waited := transport.times[2].Sub(transport.times[1]); len(transport.times) != 4 || waited != 3*time.Second {
			t.Errorf("%d calls, waited %v", len(transport.times), waited)
		}
	})
}

// The service counts calls by the minute: who is refused in one is served in the
// next. With the waits of the real service.
func TestThrottledMinuteIsOutlasted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		transport := roundTrip(func(*http.Request) (*http.Response, error) {
			if time.Since(start) < time.Minute {
				return throttled()
			}
			return good()
		})
		client := newTestClient(t, Config{Transport: transport, Backoff: fullJitter, MaxAttempts: 2})
		if err := client.Do(t.Context(), testCall(t, "https://ecs.example.com"), &testReply{}); err != nil {
			t.Error(err)
		}
		if took := time.Since(start); took < time.Minute || took > 2*time.Minute {
			t.Errorf("took %v", took)
		}
	})
}
