package rpc

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// serve starts a server that ends with the test. It reads the request first: before that
// net/http doesn't notice that the client has gone.
func serve(t *testing.T, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		handler(w, r)
	}))
	t.Cleanup(server.Close)
	return server
}

// serveTLS is serve with a certificate that nobody trusts, quietly.
func serveTLS(t *testing.T, configure func(*httptest.Server)) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, served) }))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	configure(server)
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

// listen answers each connection by a function and closes it.
func listen(t *testing.T, answer func(net.Conn)) (address string) {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var connections sync.WaitGroup
	connections.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			connections.Go(func() {
				defer conn.Close() //nolint:errcheck // The answer is all that counts.
				answer(conn)
			})
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		connections.Wait()
	})
	return listener.Addr().String()
}

// flush sends what was written so far.
func flush(t *testing.T, w http.ResponseWriter) {
	t.Helper()
	if err := http.NewResponseController(w).Flush(); err != nil {
		t.Error(err)
	}
}

// hijack breaks the connection instead of an answer.
func hijack(t *testing.T, breakIt func(net.Conn)) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		breakIt(conn)
		_ = conn.Close()
	}
}

func dialFails(err error) http.RoundTripper {
	return &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: err}
	}}
}

func TestTransportErrors(t *testing.T) {
	t.Parallel()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	refused := listener.Addr().String()
	_ = listener.Close()

	for name, test := range map[string]struct {
		transport http.RoundTripper
		url       func(t *testing.T) string
		kind      Kind
		status    int
		transient bool
		message   string
	}{
		"refused": {
			url:  func(*testing.T) string { return "http://" + refused },
			kind: KindNetwork, message: "connection refused",
		},
		"reset": {
			url: func(t *testing.T) string {
				return serve(t, hijack(t, func(conn net.Conn) {
					if tcp, ok := conn.(*net.TCPConn); !ok || tcp.SetLinger(0) != nil {
						t.Error("the connection can't be reset")
					}
				})).URL
			},
			kind: KindNetwork, transient: true, message: "connection reset",
		},
		"closed without an answer": {
			url:  func(t *testing.T) string { return serve(t, hijack(t, func(net.Conn) {})).URL },
			kind: KindNetwork, transient: true, message: "EOF",
		},
		"closed in the header": {
			url: func(t *testing.T) string {
				return serve(t, hijack(t, func(conn net.Conn) { _, _ = fmt.Fprint(conn, "HTTP/1.1 200 OK\r\nContent-Type: appl") })).URL
			},
			kind: KindNetwork, transient: true, message: "unexpected EOF",
		},
		"closed in the body": {
			url: func(t *testing.T) string {
				return serve(t, func(w http.ResponseWriter, _ *http.Request) {
					w.Header().Set("Content-Length", "1000")
					_, _ = fmt.Fprint(w, `{"RequestId":`)
				}).URL
			},
			kind: KindNetwork, status: 200, transient: true, message: "unexpected EOF",
		},
		"closed in a body without a length": {
			url: func(t *testing.T) string {
				return serve(t, func(w http.ResponseWriter, _ *http.Request) {
					_, _ = fmt.Fprint(w, `{"RequestId":`)
					flush(t, w)
					panic(http.ErrAbortHandler)
				}).URL
			},
			kind: KindNetwork, status: 200, transient: true, message: "unexpected EOF",
		},
		"closed in the trailer": {
			url: func(t *testing.T) string {
				return serve(t, hijack(t, func(conn net.Conn) {
					_, _ = fmt.Fprint(conn, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX-Trail")
				})).URL
			},
			kind: KindNetwork, status: 200, transient: true, message: "trailer",
		},
		"an authority that nobody knows": {
			url:  func(t *testing.T) string { return serveTLS(t, func(*httptest.Server) {}).URL },
			kind: KindTLS, message: "unknown authority",
		},
		"a certificate for another host": {
			url: func(t *testing.T) string {
				return strings.Replace(serveTLS(t, func(*httptest.Server) {}).URL, "127.0.0.1", "localhost", 1)
			},
			transport: trusting(t),
			kind:      KindTLS, message: "not localhost",
		},
		"an old TLS": {
			url: func(t *testing.T) string {
				return serveTLS(t, func(server *httptest.Server) { server.TLS = &tls.Config{MaxVersion: tls.VersionTLS11} }).URL
			},
			kind: KindTLS, message: "protocol version not supported",
		},
		"TLS to a plain server": {
			url: func(t *testing.T) string {
				return strings.Replace(serve(t, func(http.ResponseWriter, *http.Request) { t.Error("called") }).URL, "http:", "https:", 1)
			},
			kind: KindTLS, message: "speaks plain HTTP, not TLS; its endpoint is written http://127.0.0.1:",
		},
		"TLS to no server of the web": {
			url: func(t *testing.T) string {
				return "https://" + listen(t, func(conn net.Conn) { _, _ = fmt.Fprint(conn, "220 mail.example.com ready\r\n") })
			},
			kind: KindTLS, message: "does not look like a TLS handshake",
		},
		"plain to a TLS server": {
			url: func(t *testing.T) string {
				return strings.Replace(serveTLS(t, func(*httptest.Server) {}).URL, "https:", "http:", 1)
			},
			kind: KindStatus, status: 400, message: "not JSON",
		},
		"no server of the web": {
			url: func(t *testing.T) string {
				return "http://" + listen(t, func(conn net.Conn) {
					_, _ = io.CopyN(conn, conn, 1000) // It repeats the request, signature and all.
				})
			},
			kind: KindNetwork, message: "malformed HTTP",
		},
		"a name that isn't known": {
			transport: dialFails(&net.DNSError{Err: "no such host", Name: "ecs.example.com", IsNotFound: true}),
			kind:      KindUnknownHost, message: "no such host",
		},
		"a proxy's name that isn't known": {
			transport: dialFails(&net.DNSError{Err: "no such host", Name: "proxy.example.com", IsNotFound: true}),
			kind:      KindNetwork, message: "lookup proxy.example.com: no such host",
		},
		"a name server that doesn't answer": {
			transport: dialFails(&net.DNSError{Err: "i/o timeout", Name: "ecs.example.com", IsTimeout: true}),
			kind:      KindNetwork, transient: true, message: "timeout",
		},
		"a host that doesn't answer": {
			transport: dialFails(context.DeadlineExceeded),
			kind:      KindNetwork, transient: true, message: "deadline exceeded",
		},
		"a proxy that nobody listens for": {
			transport: &http.Transport{Proxy: http.ProxyURL(&url.URL{Scheme: "http", User: url.UserPassword("me", "hush"), Host: refused})},
			url:       func(*testing.T) string { return "https://ecs.example.com" },
			kind:      KindNetwork, message: "proxyconnect",
		},
		"a proxy that wants a password": {
			transport: proxied(t, http.StatusProxyAuthRequired),
			kind:      KindNetwork, message: "refuses to connect: 407 Proxy Authentication Required",
		},
		"a proxy that is overloaded": {
			transport: proxied(t, http.StatusServiceUnavailable),
			kind:      KindNetwork, transient: true, message: "refuses to connect: 503 Service Unavailable",
		},
		"a proxy that fails": {
			transport: proxied(t, http.StatusInternalServerError),
			kind:      KindNetwork, transient: true, message: "refuses to connect: 500 Internal Server Error",
		},
		"a proxy with a status of its own": {
			transport: proxied(t, 499),
			kind:      KindNetwork, message: "refuses to connect: 499",
		},
		"a proxy whose authority nobody knows": {
			transport: securelyProxied(serveTLS(t, func(*httptest.Server) {})),
			kind:      KindTLS, message: "unknown authority",
		},
		"TLS to a plain proxy": {
			transport: securelyProxied(serve(t, func(http.ResponseWriter, *http.Request) { t.Error("called") })),
			kind:      KindTLS, message: "does not look like a TLS handshake",
		},
		"a proxy with an invalid address": {
			transport: &http.Transport{Proxy: func(*http.Request) (*url.URL, error) {
				return nil, errors.New(`invalid proxy address "http://me:hush@%zz:1"`)
			}},
			kind: KindNetwork, message: "invalid proxy address",
		},
		"no header in time": {
			url: func(t *testing.T) string {
				return serve(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }).URL
			},
			kind: KindTimeout, transient: true, message: "didn't come whole within",
		},
		"no handshake in time": {
			transport: &http.Transport{TLSHandshakeTimeout: time.Millisecond},
			url: func(t *testing.T) string {
				return "https://" + listen(t, func(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) })
			},
			kind: KindNetwork, transient: true, message: "TLS handshake timeout",
		},
		"no body in time": {
			url: func(t *testing.T) string {
				return serve(t, func(w http.ResponseWriter, r *http.Request) {
					_, _ = fmt.Fprint(w, `{"RequestId":`)
					flush(t, w)
					<-r.Context().Done()
				}).URL
			},
			kind: KindTimeout, status: 200, transient: true, message: "didn't come whole within",
		},
	} {
		t.Run(name, func(t *testing.T) {
			target := "https://ecs.example.com"
			if test.url != nil {
				target = test.url(t)
			}
			config := Config{MaxAttempts: 1, Transport: test.transport}
			if test.kind == KindTimeout {
				config.AttemptTimeout = 50 * time.Millisecond
			}
			err := newTestClient(t, config).Do(t.Context(), testCall(t, target), &testReply{})
			var failed *Error
			if !errors.As(err, &failed) {
				t.Fatalf("got %v", err)
			}
			if failed.Kind != test.kind || failed.Status != test.status || failed.Transient != test.transient || !strings.Contains(failed.Message, test.message) {
				t.Errorf("got kind %d, status %d, transient %t: %v", failed.Kind, failed.Status, failed.Transient, failed)
			}
			if (test.message == "deadline exceeded" || test.kind == KindTimeout) && !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%v is none of the context's", err)
			}
			for _, secret := range []string{testKeyID, testSecret, "CAIStest", "Signature=", "hush"} {
				if shown := fmt.Sprintf("%v, %+v", err, *failed); strings.Contains(shown, secret) {
					t.Errorf("%q is in %s", secret, shown)
				}
			}
		})
	}
}

// proxied goes by a proxy that answers each CONNECT with a status.
func proxied(t *testing.T, status int) *http.Transport {
	t.Helper()
	proxy := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
	transport := NewTransport(1)
	transport.Proxy = func(*http.Request) (*url.URL, error) { return url.Parse(proxy.URL) }
	return transport
}

// securelyProxied goes by a server as by a proxy to which TLS is spoken.
func securelyProxied(proxy *httptest.Server) *http.Transport {
	transport := NewTransport(1)
	transport.Proxy = func(*http.Request) (*url.URL, error) {
		return &url.URL{Scheme: "https", Host: proxy.Listener.Addr().String()}, nil
	}
	return transport
}

// trusting trusts the authority of httptest's certificates, which aren't made out
// to localhost.
func trusting(t *testing.T) *http.Transport {
	server := serveTLS(t, func(*httptest.Server) {})
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	return &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}
}

// What is on this machine or beside it is never asked by a proxy, which would see what it
// answers. That other hosts are is for net/http, which reads the environment only once.
func TestLocalHostsAreNotAskedByProxies(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]bool{
		"127.0.0.1":                true,
		"127.8.9.10:8080":          true,
		"localhost":                true,
		"LOCALHOST:80":             true,
		"localhost.:80":            true,
		"[::1]:8080":               true,
		"169.254.169.254":          true,
		"169.254.170.2:80":         true,
		"[fe80::1]":                true,
		"[fe80::1%25eth0]:80":      true,
		"[::ffff:169.254.169.254]": true,
		"100.100.100.200":          true,
		"100.100.100.201":          false,
		"10.0.0.1":                 false,
		"[2001:db8::1]":            false,
		"ecs.example.com":          false,
		"127.0.0.1.example.com":    false,
	} {
		u, err := url.Parse("http://" + host + "/latest")
		if err != nil {
			t.Fatal(err)
		}
		if got := isLocal(u.Hostname()); got != want {
			t.Errorf("%s: got %t", host, got)
		}
	}
}
