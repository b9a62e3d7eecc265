package rpc

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A redirect would give the signed URL to somebody else, by Location or Referer.
func TestRedirectsAreNotFollowed(t *testing.T) {
	elsewhere := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("followed with Referer %q", r.Header.Get("Referer"))
	})
	for _, status := range []int{301, 302, 303, 307, 308} {
		server := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere.URL, status) })
		err := newTestClient(t, Config{}).Do(t.Context(), testCall(t, server.URL), &testReply{})
		var failed *Error
		if !errors.As(err, &failed) || failed.Kind != KindRedirect || failed.Transient {
			t.Errorf("%d: %v", status, err)
		}
	}
}

// One connection for each call in flight is kept, over HTTP/1 and a current TLS.
func TestConnectionsAreKept(t *testing.T) {
	var connections atomic.Int64
	server := serveTLS(t, func(server *httptest.Server) {
		server.EnableHTTP2 = true
		server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
			if state == http.StateNew {
				connections.Add(1)
			}
		}
		inner := server.Config.Handler
		server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.ProtoMajor != 1 || r.TLS.Version < tls.VersionTLS12 {
				t.Errorf("%s over %s", r.Proto, tls.VersionName(r.TLS.Version))
			}
			inner.ServeHTTP(w, r)
		})
	})
	transport := NewTransport(3)
	transport.TLSClientConfig.RootCAs = x509.NewCertPool()
	transport.TLSClientConfig.RootCAs.AddCert(server.Certificate())
	client := newTestClient(t, Config{MaxConcurrent: 3, Transport: transport})
	var calls sync.WaitGroup
	for range 30 {
		calls.Go(func() {
			if err := client.Do(t.Context(), testCall(t, server.URL), &testReply{}); err != nil {
				t.Error(err)
			}
		})
	}
	calls.Wait()
	if n := connections.Load(); n > 3 {
		t.Errorf("%d connections for 3 calls in flight", n)
	}
}

func TestHeaders(t *testing.T) {
	transport := &script{replies: []func() (*http.Response, error){reply(200, served)}}
	client := newTestClient(t, Config{Transport: transport, UserAgent: "Terraform/1.0 test"})
	if err := client.Do(t.Context(), testCall(t, "https://ecs.example.com"), &testReply{}); err != nil {
		t.Fatal(err)
	}
	want := http.Header{
		"Accept": {"application/json"}, "Content-Type": {"application/x-www-form-urlencoded"}, "User-Agent": {"Terraform/1.0 test"},
	}
	if diff := cmp.Diff(want, transport.requests[0].Header); diff != "" {
		t.Error(diff)
	}
}

// A request that can't be made fails before a call.
func TestUnsendable(t *testing.T) {
	nowhere := testCall(t, "https://ecs.example.com")
	nowhere.Endpoint.Host = "ecs example.com"
	unsignable := testCall(t, "https://ecs.example.com")
	unsignable.New = func() Signable {
		return &struct {
			*Request
			Text string `position:"Nowhere" name:"Text"`
		}{NewRequest("Ecs", "2014-05-26", "DescribeTests"), "text"}
	}
	for name, test := range map[string]struct {
		call    Call
		kind    Kind
		message string
	}{
		"a host with a blank":      {nowhere, KindNetwork, "invalid character"},
		"a parameter out of place": {unsignable, KindNetwork, "Nowhere"},
	} {
		transport := &script{replies: replies{good}}
		err := newTestClient(t, Config{Transport: transport}).Do(t.Context(), test.call, &testReply{})
		var failed *Error
		if !errors.As(err, &failed) || failed.Kind != test.kind || failed.Transient || !strings.Contains(failed.Message, test.message) {
			t.Errorf("%s: %v", name, err)
		}
		if n := len(transport.requests); n != 0 {
			t.Errorf("%s: %d calls", name, n)
		}
	}
}

// countedBody counts how much of it is read, and how often it is closed.
type countedBody struct {
	io.Reader
	read, closed int
}

func (b *countedBody) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	b.read += n
	return n, err
}

func (b *countedBody) Close() error {
	b.closed++
	return nil
}

// No more of a body is read than is of use, and it is closed.
func TestBodiesAreReadOnce(t *testing.T) {
	for name, test := range map[string]struct {
		status, size, most int
	}{
		"a reply":           {200, 1 << 20, 1 << 20},
		"a reply too long":  {200, maxReplySize + 1<<20, maxReplySize + 1},
		"an error too long": {403, maxBodySize + 1<<20, maxBodySize + 1},
	} {
		body := &countedBody{Reader: strings.NewReader(strings.Repeat(" ", test.size))}
		transport := roundTrip(func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: test.status, Header: http.Header{}, Body: body}, nil
		})
		client := newTestClient(t, Config{Transport: transport, MaxAttempts: 1})
		if err := client.Do(t.Context(), testCall(t, "https://ecs.example.com"), &testReply{}); err == nil {
			t.Errorf("%s: no error", name)
		}
		if body.read > test.most || body.closed == 0 {
			t.Errorf("%s: read %d bytes and closed %d times", name, body.read, body.closed)
		}
	}
}
