package rpc

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
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
	want := http.Header{"Accept": {"application/json"}, "User-Agent": {"Terraform/1.0 test"}}
	if diff := cmp.Diff(want, transport.requests[0].Header); diff != "" {
		t.Error(diff)
	}
}
