package rpc

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// pipes is a listener for connections within a synctest bubble.
type pipes struct {
	connections chan net.Conn
	closed      chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.connections:
		return conn, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	close(p.closed)
	return nil
}

func (*pipes) Addr() net.Addr { return &net.TCPAddr{} }

// piped is the transport that goes without a configuration, to a server within the bubble.
func piped(t *testing.T, handler http.HandlerFunc) *http.Transport {
	t.Helper()
	listener := &pipes{make(chan net.Conn), make(chan struct{})}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	transport := NewTransport(8)
	transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
		client, served := net.Pipe()
		listener.connections <- served
		return client, nil
	}
	return transport
}

// slowly serves each request after a time, before the header or within the body.
func slowly(header, body time.Duration) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		sleep(r.Context(), header) // Or until the client is gone.
		_, _ = io.WriteString(w, served[:10])
		if body > 0 {
			_ = http.NewResponseController(w).Flush()
			sleep(r.Context(), body)
		}
		_, _ = io.WriteString(w, served[10:])
	}
}

// A response may take a minute, or a tenth of the time for the whole read: the API takes
// 40 s and more at times.
func TestSlowResponses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		header, body time.Duration
		deadline     time.Duration
		err          string
	}{
		"a header after 40 s":           {40 * time.Second, 0, 10 * time.Minute, ""},
		"a body after 40 s":             {0, 40 * time.Second, 10 * time.Minute, ""},
		"both, together more":           {40 * time.Second, 40 * time.Second, 10 * time.Minute, "the response didn't come whole within 1m0s"},
		"a header after 90 s":           {90 * time.Second, 0, 10 * time.Minute, "the response didn't come whole within 1m0s"},
		"with more time for the read":   {90 * time.Second, 0, 20 * time.Minute, ""},
		"a header after 40 s of 3 min":  {40 * time.Second, 0, 3 * time.Minute, ""},
		"without a deadline":            {40 * time.Second, 0, 0, ""},
		"for too long without deadline": {90 * time.Second, 0, 0, "the response didn't come whole within 1m0s"},
		"for too long with much time":   {5 * time.Minute, 0, 30 * time.Minute, "the response didn't come whole within 3m0s"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client := newTestClient(t, Config{Transport: piped(t, slowly(test.header, test.body)), MaxAttempts: 1})
				ctx := t.Context()
				if test.deadline > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, test.deadline)
					defer cancel()
				}
				err := client.Do(ctx, testCall(t, "http://127.0.0.1"), &testReply{})
				var failed *Error
				switch {
				case test.err == "" && err != nil:
					t.Error(err)
				case test.err != "" && (!errors.As(err, &failed) || failed.Kind != KindTimeout || !failed.Transient || !strings.HasPrefix(failed.Message, test.err)):
					t.Errorf("got %v", err)
				}
			})
		})
	}
}

// The time for attempts is that of the deadline when the call begins: it doesn't shrink
// from one to the next.
func TestSlowAttempts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Minute)
		defer cancel()
		client := newTestClient(t, Config{Transport: piped(t, slowly(time.Hour, 0)), MaxAttempts: 8})
		start := time.Now()
		var failed *Error
		if err := client.Do(ctx, testCall(t, "http://127.0.0.1"), &testReply{}); !errors.As(err, &failed) || failed.Kind != KindTimeout {
			t.Errorf("got %v", err)
		}
		if took := time.Since(start); took != 24*time.Minute {
			t.Errorf("8 attempts took %v", took)
		}
	})
}

// sleep waits, or until the context ends.
func sleep(ctx context.Context, wait time.Duration) {
	waited, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	<-waited.Done()
}
