package rpc

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// A redirect would send the request, or what is in its Referer, to somebody else.
func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	elsewhere := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("followed with Referer %q", r.Header.Get("Referer"))
	})
	for _, status := range []int{301, 302, 303, 307, 308} {
		server := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere.URL, status) })
		_, exchanged := newExchanger(t).Exchange(get(t, server.URL), nil)
		called := newTestClient(t, Config{}).Do(t.Context(), testCall(t, server.URL), &testReply{})
		for _, err := range []error{called, exchanged} {
			var failed *Error
			if !errors.As(err, &failed) || failed.Kind != KindRedirect || failed.Status != status || failed.Transient {
				t.Errorf("%d: %v", status, err)
			}
		}
	}
}

// newExchanger makes a client for what is no call of the API.
func newExchanger(t *testing.T) *HTTPClient {
	transport := NewTransport(1)
	t.Cleanup(transport.CloseIdleConnections)
	return NewHTTPClient("Terraform/1.0 test", transport)
}

func get(t *testing.T, url string) *http.Request {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return request
}

// A success is read into the reply, or is any text where there is none to read into.
func TestExchange(t *testing.T) {
	t.Parallel()
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.UserAgent() != "Terraform/1.0 test" {
			t.Errorf("the user agent is %q", r.UserAgent())
		}
		w.WriteHeader(len(r.URL.Path) + 199)
		_, _ = fmt.Fprint(w, " \r\n", `{"Code":"Success","error":false,"Value":"v"}`, "\n", strings.Repeat(" ", maxBodySize-50))
	})
	for _, status := range []int{200, 201, 299} {
		url := server.URL + "/" + strings.Repeat("a", status-200)
		var reply testReply
		if _, err := newExchanger(t).Exchange(get(t, url), &reply); err != nil || reply.Value != "v" {
			t.Errorf("%d: got %+v and %v", status, reply, err)
		}
	}
	text := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, " a token\n") })
	if body, err := newExchanger(t).Exchange(get(t, text.URL), nil); err != nil || string(body) != "a token" {
		t.Errorf("got %q and %v", body, err)
	}
}

// What isn't a success is an error that shows none of the secrets, nor the URL. Each
// source has its own names for the members of an error.
func TestExchangeErrors(t *testing.T) {
	t.Parallel()
	const secret = "a-secret-in-the-path-of-a-URL"
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	says := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
	}
	for name, test := range map[string]struct {
		ctx     context.Context
		handler http.HandlerFunc
		want    Error
	}{
		"an error": {
			t.Context(), says(404, `{"Code":"NoRole","Message":"No `+secret+`.","RequestId":"R"}`),
			Error{Kind: KindService, Status: 404, Code: "NoRole", Message: "No (redacted)", RequestID: "R"},
		},
		"CloudSSO's": {
			t.Context(), says(403, `{"ErrorCode":"NoPermission","ErrorMessage":"m","RequestId":"R"}`),
			Error{Kind: KindService, Status: 403, Code: "NoPermission", Message: "m", RequestID: "R"},
		},
		"OAuth's": {
			t.Context(), says(400, `{"error":"invalid_grant","error_description":"m"}`),
			Error{Kind: KindService, Status: 400, Code: "invalid_grant", Message: "m"},
		},
		"a 200 with a code": {
			t.Context(), says(200, `{"Code":"NoRole","Message":"m"}`), Error{Kind: KindService, Status: 200, Code: "NoRole", Message: "m"},
		},
		"a code of success":        {t.Context(), says(500, `{"Code":"Success"}`), Error{Kind: KindStatus, Status: 500, Message: "the response is JSON, but not the API's", Transient: true}},
		"a cut success":            {t.Context(), says(200, `{"Code":"Success","V`), Error{Kind: KindReply, Status: 200, Message: "the response is JSON that ends early, after 20 bytes", Transient: true}},
		"throttling":               {t.Context(), says(400, `{"Code":"Throttling.User"}`), Error{Kind: KindService, Status: 400, Code: "Throttling.User", Transient: true}},
		"an object as message":     {t.Context(), says(403, `{"Code":"C","Message":{"id":"LTAI"},"RequestId":["LTAI"]}`), Error{Kind: KindService, Status: 403, Code: "C"}},
		"another status of a text": {t.Context(), says(404, secret), Error{Kind: KindStatus, Status: 404, Message: "the response is not JSON"}},
		"a long success": {t.Context(), func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, strings.Repeat("x", maxBodySize+1))
		}, Error{Kind: KindReply, Status: 200, Message: "the response is larger than 1 MiB"}},
		"what repeats the request": {t.Context(), hijack(t, func(conn net.Conn) {
			_, _ = io.WriteString(conn, "HTTP/1.1 "+secret+"\r\n\r\n")
		}), Error{Kind: KindNetwork, Message: `net/http: HTTP/1.x transport connection broken: malformed HTTP status code "(redacted)"`}},
		"an end": {ended, func(http.ResponseWriter, *http.Request) {}, Error{Kind: KindNetwork, Message: "context canceled", Err: context.Canceled}},
	} {
		server := serve(t, test.handler)
		_, err := newExchanger(t).Exchange(get(t, server.URL+"/"+secret).WithContext(test.ctx), &testReply{}, secret)
		var failed *Error
		if !errors.As(err, &failed) {
			t.Errorf("%s: got %v", name, err)
			continue
		}
		test.want.Host = server.Listener.Addr().String()
		if diff := cmp.Diff(test.want, *failed, cmp.AllowUnexported(Error{}), cmpopts.EquateErrors()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// zipped is a gzip that unfolds to a text of many parts.
func zipped(t *testing.T, before, part string, parts int) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(w, before)
	many := strings.Repeat(part, 1000)
	for range parts / 1000 {
		_, _ = io.WriteString(w, many)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Whatever a server sends, it takes little memory to refuse it. Not in parallel with
// other tests, whose memory would count.
func TestMemory(t *testing.T) { //nolint:paralleltest // See above.
	bombs := map[string][]byte{
		"millions of objects": zipped(t, `{"Value":[`, "{},", 1_500_000),
		"one long string":     zipped(t, `{"Value":"`, "aaaaaaaaaa", 450_000),
		"blanks":              zipped(t, `{`, "          ", 450_000),
		"depth":               zipped(t, `{"Value":`, `{"Value":[[[[`, 350_000),
		"members":             zipped(t, `{"Value":1`, `,"Code":{}`, 450_000),
		"XML":                 zipped(t, `<Error>`, "<Code>a</Code>", 320_000),
	}
	for name, bomb := range bombs {
		for _, status := range []int{200, 400} {
			server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Encoding", "gzip")
				w.WriteHeader(status)
				_, _ = w.Write(bomb)
			})
			var before, after runtime.MemStats
			client, call := newTestClient(t, Config{MaxAttempts: 1}), testCall(t, server.URL)
			runtime.ReadMemStats(&before)
			err := client.Do(t.Context(), call, &testReply{})
			runtime.ReadMemStats(&after)
			if err == nil {
				t.Errorf("%s: no error", name)
			}
			mib := (after.TotalAlloc - before.TotalAlloc) >> 20
			t.Logf("%s with status %d: %d MiB in all, and %v", name, status, mib, err)
			if mib > 50 {
				t.Error("too much")
			}
		}
	}
}

// One connection for each call in flight is kept, over HTTP/1 and a current TLS.
func TestConnectionsAreKept(t *testing.T) {
	t.Parallel()
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
	t.Parallel()
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
	t.Parallel()
	nowhere := testCall(t, "https://ecs.example.com")
	nowhere.Endpoint.Host = "ecs example.com"
	transport := &script{replies: replies{good}}
	err := newTestClient(t, Config{Transport: transport}).Do(t.Context(), nowhere, &testReply{})
	var failed *Error
	if !errors.As(err, &failed) || failed.Kind != KindNetwork || failed.Transient || !strings.Contains(failed.Message, "invalid character") {
		t.Error(err)
	}
	if n := len(transport.requests); n != 0 {
		t.Errorf("%d calls", n)
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
	t.Parallel()
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

// Of many long bodies that come at once, one at a time is read: together they would take
// the most that each may have.
func TestLongBodiesComeOneByOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var reading, most atomic.Int32
		long := `{"Value":"` + strings.Repeat("x", maxReplySize-1000) + `"}`
		transport := roundTrip(func(*http.Request) (*http.Response, error) {
			response := answer(200, "")
			begun := false
			body := strings.NewReader(long)
			response.Body = io.NopCloser(readerFunc(func(p []byte) (int, error) {
				if body.Len() < len(long)-usualSize && !begun {
					begun = true
					most.Store(max(most.Load(), reading.Add(1)))
					time.Sleep(time.Second) // The others come as far as they can.
				}
				n, err := body.Read(p)
				if err == io.EOF {
					reading.Add(-1)
				}
				return n, err
			}))
			return response, nil
		})
		client := newTestClient(t, Config{Transport: transport, MaxConcurrent: 5})
		var calls sync.WaitGroup
		for range 4 {
			calls.Go(func() {
				if err := client.Do(t.Context(), testCall(t, "https://ecs.example.com"), &testReply{}); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait() // One is read, and the others wait.
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		if err := client.Do(ctx, testCall(t, "https://ecs.example.com"), &testReply{}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("who waits doesn't leave with its context: %v", err)
		}
		calls.Wait()
		if most.Load() != 1 {
			t.Errorf("%d were read at once", most.Load())
		}
	})
}

// A long body that breaks off lets the next one be read.
func TestLongBodyBreaksOff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		long := `{"Value":"` + strings.Repeat("x", maxBodySize) + `"}`
		bodies := []io.Reader{io.MultiReader(strings.NewReader(long[:2*usualSize]), iotest.ErrReader(io.ErrUnexpectedEOF)), strings.NewReader(long)}
		transport := roundTrip(func(*http.Request) (*http.Response, error) {
			response := answer(200, "")
			response.Body = io.NopCloser(bodies[0])
			bodies = bodies[1:]
			return response, nil
		})
		start := time.Now()
		err := newTestClient(t, Config{Transport: transport}).Do(t.Context(), testCall(t, "https://ecs.example.com"), &testReply{})
		if waited := time.Since(start); err != nil || waited > 0 {
			t.Errorf("%v after %s", err, waited)
		}
	})
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// A header takes a multiple of its size in memory.
func TestLongHeader(t *testing.T) {
	t.Parallel()
	server := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X-Long", strings.Repeat("x", 64<<10)) })
	var failed *Error
	if _, err := newExchanger(t).Exchange(get(t, server.URL), nil); !errors.As(err, &failed) || failed.Kind != KindNetwork || failed.Transient {
		t.Errorf("got %v", err)
	}
}
