package credentials

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	sdkcredentials "github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
)

// blocking is a provider that hangs until it is let go, or cancelled where it
// listens. It counts how often it is called, and that never twice at once.
type blocking struct {
	letGo    chan struct{}
	listens  bool
	calls    atomic.Int64
	under    atomic.Int64
	parallel atomic.Bool
	err      error
}

func (b *blocking) retrieve(ctx context.Context) (*sdkcredentials.Credentials, error) {
	b.calls.Add(1)
	if b.under.Add(1) > 1 {
		b.parallel.Store(true)
	}
	defer b.under.Add(-1)
	var cancelled <-chan struct{}
	if b.listens {
		cancelled = ctx.Done()
	}
	select {
	case <-b.letGo:
	case <-cancelled:
		return nil, ctx.Err()
	}
	if b.err != nil {
		return nil, b.err
	}
	return &sdkcredentials.Credentials{AccessKeyId: "key"}, nil
}

func (b *blocking) forget(*sdkcredentials.Credentials) {}

func (b *blocking) renewable() bool { return true }

// Many who ask at once share one retrieval, and its failure.
func TestOneFlight(t *testing.T) {
	t.Parallel()
	for name, failure := range map[string]error{"success": nil, "failure": &Error{Message: "no"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				hanging := &blocking{letGo: make(chan struct{}), err: failure}
				source := &Source{provider: hanging, name: "the test", logger: quietLogger}
				var all sync.WaitGroup
				for range 100 {
					all.Go(func() {
						keys, err := source.GetCredentials(t.Context())
						var got *Error
						switch {
						case failure == nil && (err != nil || keys.AccessKeyId != "key"):
							t.Errorf("%v, %v", keys, err)
						case failure != nil && (!errors.As(err, &got) || got.Source != "the test"):
							t.Errorf("%v, %v", keys, err)
						}
					})
				}
				synctest.Wait()
				close(hanging.letGo)
				all.Wait()
				if calls := hanging.calls.Load(); calls != 1 {
					t.Errorf("%d retrievals for 100 who asked at once", calls)
				}
				if _, err := source.GetCredentials(t.Context()); (err == nil) != (failure == nil) || hanging.calls.Load() != 2 {
					t.Errorf("the next to ask got %v, after %d retrievals", err, hanging.calls.Load())
				}
			})
		})
	}
}

// Who stops waiting returns at once; the flight goes on for the others.
func TestWaiterLeaves(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hanging := &blocking{letGo: make(chan struct{}), listens: true}
		source := &Source{provider: hanging, logger: quietLogger}
		first, cancel := context.WithCancel(t.Context())
		var all sync.WaitGroup
		all.Go(func() {
			if _, err := source.GetCredentials(first); !errors.Is(err, context.Canceled) {
				t.Errorf("who left got %v", err)
			}
		})
		synctest.Wait()
		all.Go(func() {
			if _, err := source.GetCredentials(t.Context()); err != nil {
				t.Errorf("who stayed got %v", err)
			}
		})
		synctest.Wait()
		cancel()
		synctest.Wait()
		close(hanging.letGo)
		all.Wait()
		if calls := hanging.calls.Load(); calls != 1 {
			t.Errorf("%d retrievals", calls)
		}
	})
}

// The last to leave cancels the flight. Where it doesn't listen, as
// credentials-go doesn't, the next to ask waits for its end.
func TestAllLeave(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hanging := &blocking{letGo: make(chan struct{})}
		source := &Source{provider: hanging, logger: quietLogger}
		leaving, cancel := context.WithCancel(t.Context())
		var all sync.WaitGroup
		for range 2 {
			all.Go(func() {
				if _, err := source.GetCredentials(leaving); !errors.Is(err, context.Canceled) {
					t.Errorf("who left got %v", err)
				}
			})
		}
		synctest.Wait()
		cancel()
		all.Wait()
		for range 2 {
			all.Go(func() {
				if _, err := source.GetCredentials(t.Context()); err != nil {
					t.Errorf("who came later got %v", err)
				}
			})
		}
		synctest.Wait()
		if calls := hanging.calls.Load(); calls != 1 {
			t.Errorf("%d retrievals while the abandoned one was under way", calls)
		}
		close(hanging.letGo)
		all.Wait()
		if hanging.parallel.Load() {
			t.Error("two retrievals were under way at once")
		}
	})
}

func TestEndedContext(t *testing.T) {
	t.Parallel()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	hanging := &blocking{}
	if _, err := (&Source{provider: hanging}).GetCredentials(ended); !errors.Is(err, context.Canceled) || hanging.calls.Load() != 0 {
		t.Errorf("%v after %d retrievals", err, hanging.calls.Load())
	}
}

// A call to STS that hangs ends with its last waiter.
func TestHangingSTS(t *testing.T) {
	t.Parallel()
	sts := newSTS(t, httptest.NewServer)
	reached, released := make(chan struct{}), make(chan struct{})
	sts.fault = func(http.ResponseWriter, url.Values) bool {
		close(reached)
		<-released
		return true
	}
	source := newSource(t, roleConfig(sts.URL))
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-reached
		cancel()
	}()
	if _, err := source.GetCredentials(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	close(released)
}

// Race: many callers of one source whose sessions end at once.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	for _, one := range sources(t) {
		t.Run(one.name, func(t *testing.T) {
			variables := map[string]string{}
			cfg := Config{LookupEnv: environment(variables)}
			one.set(&cfg, variables)
			source := newSource(t, cfg)
			var all sync.WaitGroup
			for range 20 {
				all.Go(func() {
					for range 5 {
						keys, err := source.GetCredentials(t.Context())
						if err != nil || !strings.HasPrefix(keys.AccessKeyId, strings.TrimSuffix(one.key, "1")) {
							t.Errorf("%v, %v", keys, err)
							return
						}
						keys.SecurityToken = "mine" // What one caller does is not seen by another.
					}
				})
			}
			all.Wait()
		})
	}
}

// One line tells which source was chosen and why, however often it is asked.
func TestInfo(t *testing.T) {
	t.Parallel()
	logger, printed := logged()
	source := newSource(t, Config{
		AccessKey: "LTAI5tAbCdEfGhIj", SecretKey: "top-secret", SecurityToken: "top-token",
		Profile: "unused",
		Logger:  logger,
	})
	for range 2 {
		if _, err := source.GetCredentials(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	lines := printed()
	if len(lines) != 1 {
		t.Fatalf("the lines are %q", lines)
	}
	wantText(t, lines[0], "level=INFO", "****GhIj", `attribute \"profile\": set, but passed over for attributes \"access_key\" and \"secret_key\"`)
	for _, secret := range []string{"LTAI5tAbCdEfGhIj", "top-secret", "top-token"} {
		if strings.Contains(lines[0], secret) {
			t.Errorf("%q is seen in %q", secret, lines[0])
		}
	}
}
