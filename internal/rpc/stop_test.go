package rpc

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// hanging credentials never come.
type hanging struct{ asked chan<- string }

func (h hanging) Retrieve(ctx context.Context) (Credentials, error) {
	h.asked <- "credentials"
	<-ctx.Done()
	return Credentials{}, ctx.Err()
}

func (hanging) Invalidate(Credentials) bool { return false }

// A call ends with its context, wherever it hangs.
func TestStop(t *testing.T) {
	t.Parallel()
	for name, hang := range map[string]func(t *testing.T, hangs chan<- string) (Config, string){
		"credentials": func(_ *testing.T, hangs chan<- string) (Config, string) {
			return Config{Credentials: hanging{hangs}}, "https://ecs.example.com"
		},
		"dialling": func(t *testing.T, hangs chan<- string) (Config, string) {
			over := make(chan struct{})
			t.Cleanup(func() { close(over) })
			return Config{Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
				hangs <- "dialling"
				<-over // net/http lets a dial go on for calls to come, so its context doesn't end.
				return nil, net.ErrClosed
			}}}, "https://ecs.example.com"
		},
		"TLS": func(t *testing.T, hangs chan<- string) (Config, string) {
			return Config{}, "https://" + listen(t, func(conn net.Conn) {
				hangs <- "TLS"
				ctx := t.Context() // It ends before the cleanup.
				context.AfterFunc(ctx, func() { _ = conn.Close() })
				_, _ = io.Copy(io.Discard, conn)
			})
		},
		"headers": func(t *testing.T, hangs chan<- string) (Config, string) {
			return Config{}, serve(t, func(_ http.ResponseWriter, r *http.Request) {
				hangs <- "headers"
				<-r.Context().Done()
			}).URL
		},
		"body": func(t *testing.T, hangs chan<- string) (Config, string) {
			return Config{}, serve(t, func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.WriteString(w, `{"RequestId":`)
				flush(t, w)
				hangs <- "body"
				<-r.Context().Done()
			}).URL
		},
		"backoff": func(_ *testing.T, hangs chan<- string) (Config, string) {
			transport := roundTrip(func(*http.Request) (*http.Response, error) {
				hangs <- "backoff"
				return throttled()
			})
			return Config{
				Transport: transport,
				Backoff:   func(int) time.Duration { return time.Hour },
			}, "https://ecs.example.com"
		},
		"a wait that the service asks for": func(_ *testing.T, hangs chan<- string) (Config, string) {
			transport := roundTrip(func(*http.Request) (*http.Response, error) {
				hangs <- "wait"
				return reply(503, "", "Retry-After: 3600")()
			})
			return Config{Transport: transport}, "https://ecs.example.com"
		},
	} {
		t.Run(name, func(t *testing.T) {
			hangs := make(chan string, 1)
			config, url := hang(t, hangs)
			stopsPromptly(t, newTestClient(t, config), url, hangs)
		})
	}
}

// stopsPromptly cancels a call as soon as it hangs.
func stopsPromptly(t *testing.T, client *Client, url string, hangs <-chan string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan error)
	go func() { ended <- client.Do(ctx, testCall(t, url), &testReply{}) }()
	<-hangs
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) { // What hangs would never end.
		t.Errorf("got %v", err)
	}
}

func TestStopInQueue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		transport := roundTrip(func(*http.Request) (*http.Response, error) {
			<-release
			return good()
		})
		client := newTestClient(t, Config{Transport: transport, MaxConcurrent: 1})
		do := func(ctx context.Context) <-chan error {
			ended := make(chan error, 1)
			go func() { ended <- client.Do(ctx, testCall(t, "https://ecs.example.com"), &testReply{}) }()
			synctest.Wait()
			return ended
		}
		ctx, cancel := context.WithCancel(t.Context())
		served, queued := do(t.Context()), do(ctx)
		start := time.Now()
		cancel()
		if err := <-queued; !errors.Is(err, context.Canceled) || time.Since(start) > time.Second {
			t.Errorf("got %v after %v", err, time.Since(start))
		}
		close(release)
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
}

// The end of the context is told as such, with and without failures before it.
func TestStopError(t *testing.T) {
	t.Parallel()
	for name, replies := range map[string]replies{
		"at the first attempt": {failure(context.DeadlineExceeded)},
		"after a failure":      {throttled, failure(context.DeadlineExceeded)},
		"by another failure":   {broken, failure(io.ErrClosedPipe)},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		transport := &script{replies: replies}
		last := roundTrip(func(r *http.Request) (*http.Response, error) {
			if len(transport.requests) == len(replies)-1 {
				cancel()
			}
			return transport.RoundTrip(r)
		})
		err := newTestClient(t, Config{Transport: last}).Do(ctx, testCall(t, "https://ecs.example.com"), &testReply{})
		if !errors.Is(err, context.Canceled) || len(transport.requests) != len(replies) {
			t.Errorf("%s: %v after %d calls", name, err, len(transport.requests))
		}
	}
}
