package credentials

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// sessionService is a credentials URI whose sessions live so long by its clock. They
// are named key-1, key-2 and so on.
type sessionService struct {
	life    time.Duration
	clock   *clock
	failing atomic.Bool
	asked   atomic.Int64
}

func (s *sessionService) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	number := s.asked.Add(1)
	if s.failing.Load() {
		http.Error(w, "out of order", http.StatusServiceUnavailable)
		return
	}
	reply(w, http.StatusOK, uriReply(fmt.Sprintf("key-%d", number), "Expiration", s.clock.now().Add(s.life).UTC().Format(time.RFC3339)))
}

func newSessions(t *testing.T, life time.Duration) (*sessionService, Config) {
	t.Helper()
	s := &sessionService{life: life, clock: newClock()}
	s.clock.time = s.clock.time.Truncate(time.Second)
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return s, Config{CredentialsURI: server.URL, Now: s.clock.now}
}

// A session is replaced 3 minutes ahead of its end, or after two thirds of a short
// life; a walk of many pages never gets one that has ended.
func TestRefresh(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		life time.Duration
		due  time.Duration
	}{
		"long":       {time.Hour, 57 * time.Minute},
		"short":      {time.Minute, 40 * time.Second},
		"two pages":  {3 * time.Second, 2 * time.Second},
		"just there": {9 * time.Minute, 6 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service, cfg := newSessions(t, test.life)
			source := newSource(t, cfg)
			for session := 1; session <= 3; session++ {
				want := fmt.Sprintf("key-%d", session)
				if got := mustGet(t, source); got.AccessKeyID != want {
					t.Errorf("the key is %q, want %q", got.AccessKeyID, want)
				}
				service.clock.advance(test.due - time.Nanosecond)
				if got := mustGet(t, source); got.AccessKeyID != want {
					t.Errorf("the key is %q before it is due, want %q", got.AccessKeyID, want)
				}
				service.clock.advance(time.Nanosecond)
			}
		})
	}
}

// A walk of many calls takes longer than the sessions live that it is signed with: it
// gets new ones on the way, whatever the source, and none that has ended.
func TestWalkIsLongerThanASession(t *testing.T) {
	t.Parallel()
	const life, call, calls = 10 * time.Second, 500 * time.Millisecond, 100
	for name, source := range map[string]func(sts *stsService, uri string) Config{
		"URI":         func(_ *stsService, uri string) Config { return Config{CredentialsURI: uri} },
		"assume_role": func(sts *stsService, _ string) Config { return roleConfig(sts.URL) },
		"OIDC": func(sts *stsService, _ string) Config {
			return Config{STSEndpoint: endpoint(sts.URL), AssumeRoleWithOIDC: &Role{RoleARN: arn("r"), ProviderARN: "p", Token: "good-token"}}
		},
		"a role on a URI": func(sts *stsService, uri string) Config {
			return Config{CredentialsURI: uri, STSEndpoint: endpoint(sts.URL), AssumeRole: &Role{RoleARN: arn("r")}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service, uri := newSessions(t, life)
			sts := newSTS(t, httptest.NewServer)
			sts.lifetime, sts.now = life, service.clock.now
			cfg := source(sts, uri.CredentialsURI)
			cfg.Now = service.clock.now
			chosen := newSource(t, cfg)
			ends := map[rpc.Credentials]time.Time{}
			for range calls {
				keys := mustGet(t, chosen)
				if _, known := ends[keys]; !known {
					ends[keys] = service.clock.now().Add(life)
				}
				if !service.clock.now().Before(ends[keys]) {
					t.Fatal("a session was given after its end")
				}
				service.clock.advance(call)
			}
			if got := len(ends); got < 5 || got > 10 {
				t.Errorf("%d sessions for %s", got, calls*call)
			}
		})
	}
}

// The last session is given through an outage of its source until it ends, and the
// source isn't asked for each call meanwhile.
func TestOutage(t *testing.T) {
	t.Parallel()
	service, cfg := newSessions(t, time.Hour)
	logger, printed := logged()
	cfg.Logger = logger
	source := newSource(t, cfg)
	mustGet(t, source)
	service.failing.Store(true)
	start := service.clock.now()
	for _, step := range []struct {
		after time.Duration
		asked int64
		good  bool
	}{
		{56 * time.Minute, 1, true},
		{58 * time.Minute, 2, true},
		{58*time.Minute + 9*time.Second, 2, true},
		{58*time.Minute + 10*time.Second, 3, true},
		{59*time.Minute + 55*time.Second, 4, true},
		{60 * time.Minute, 5, false},
		{60 * time.Minute, 6, false},
	} {
		service.clock.advance(start.Add(step.after).Sub(service.clock.now()))
		keys, err := source.Retrieve(t.Context())
		if (err == nil) != step.good || step.good && keys.AccessKeyID != "key-1" {
			t.Errorf("after %s: %v, %v", step.after, keys, err)
		}
		if asked := service.asked.Load(); asked != step.asked {
			t.Errorf("after %s: asked %d times, want %d", step.after, asked, step.asked)
		}
	}
	wantText(t, printed(), "level=WARN", "have not expired yet", "HTTP status 503")
	service.failing.Store(false)
	if keys := mustGet(t, source); keys.AccessKeyID == "key-1" {
		t.Error("the old keys are given after the outage")
	}
}

// Credentials that the service refused are given up, also in an outage; those that
// came after them aren't.
func TestInvalidate(t *testing.T) {
	t.Parallel()
	service, cfg := newSessions(t, time.Hour)
	source := newSource(t, cfg)
	refused := mustGet(t, source)
	for range 3 { // As many calls as were refused at once.
		if !source.Invalidate(refused) {
			t.Error("no other keys are to be had")
		}
	}
	next := mustGet(t, source)
	source.Invalidate(refused)
	if again := mustGet(t, source); next == refused || again != next {
		t.Errorf("after %v was refused: %v, then %v", refused, next, again)
	}
	source.Invalidate(next)
	service.failing.Store(true)
	var failure *rpc.Error
	if _, err := source.Retrieve(t.Context()); !errors.As(err, &failure) || !failure.Transient {
		t.Errorf("refused keys were given, or %v", err)
	}
}

// Every source that gets sessions can get another; one whose credentials are given
// can't.
func TestInvalidateEverySource(t *testing.T) {
	t.Parallel()
	for _, one := range sources(t) {
		variables := map[string]string{}
		cfg := Config{LookupEnv: environment(variables), MetadataEndpoint: one.metadata}
		one.set(&cfg, variables)
		source := newSource(t, cfg)
		if got := source.Invalidate(mustGet(t, source)); got == one.fixed {
			t.Errorf("%s: others are said to be had: %t", one.name, got)
		}
		mustGet(t, source)
	}
}

// The keys that a role is assumed with may be refused too.
func TestInvalidateBelowARole(t *testing.T) {
	t.Parallel()
	sts := newSTS(t, httptest.NewServer)
	service, cfg := newSessions(t, time.Hour)
	sts.secrets["key-2"] = "secret-of-key-2"
	sts.fault = func(w http.ResponseWriter, form url.Values) bool {
		if form.Get("AccessKeyId") == "key-2" {
			return false
		}
		reply(w, http.StatusBadRequest, map[string]string{"Code": "InvalidSecurityToken.Expired"})
		return true
	}
	cfg.STSEndpoint, cfg.AssumeRole = endpoint(sts.URL), &Role{RoleARN: arn("reader")}
	mustGet(t, newSource(t, cfg))
	if asked := service.asked.Load(); asked != 2 {
		t.Errorf("the base was asked %d times", asked)
	}
}

// blocking is a fetcher that hangs until it is let go, or cancelled where it listens.
// It counts how often it is called, and that never twice at once.
type blocking struct {
	letGo    chan struct{}
	listens  bool
	calls    atomic.Int64
	under    atomic.Int64
	parallel atomic.Bool
	err      error
}

func (b *blocking) fetch(ctx context.Context) (session, error) {
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
		return session{}, ctx.Err()
	}
	return session{keys: rpc.Credentials{AccessKeyID: "key"}}, b.err
}

func sourceOf(fetch fetcher) *Source {
	return &Source{fetch: fetch, now: time.Now, logger: slog.New(slog.DiscardHandler)}
}

// Many who ask at once share one fetch, and its failure.
func TestOneFlight(t *testing.T) {
	t.Parallel()
	for name, failure := range map[string]error{"success": nil, "failure": &rpc.Error{Message: "no"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				hanging := &blocking{letGo: make(chan struct{}), err: failure}
				source := sourceOf(hanging.fetch)
				var all sync.WaitGroup
				for range 20 {
					all.Go(func() {
						if _, err := source.Retrieve(t.Context()); (err == nil) != (failure == nil) {
							t.Errorf("got %v", err)
						}
					})
				}
				synctest.Wait()
				close(hanging.letGo)
				all.Wait()
				if calls := hanging.calls.Load(); calls != 1 {
					t.Errorf("%d fetches", calls)
				}
			})
		})
	}
}

// Who leaves, the first one too, leaves the others with what they wait for.
func TestSomeLeave(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hanging := &blocking{letGo: make(chan struct{}), listens: true}
		source := sourceOf(hanging.fetch)
		leaving, cancel := context.WithCancel(t.Context())
		var all sync.WaitGroup
		all.Go(func() {
			if _, err := source.Retrieve(leaving); !errors.Is(err, context.Canceled) {
				t.Errorf("who left got %v", err)
			}
		})
		synctest.Wait()
		all.Go(func() {
			if _, err := source.Retrieve(t.Context()); err != nil {
				t.Errorf("who stayed got %v", err)
			}
		})
		synctest.Wait()
		cancel()
		synctest.Wait()
		close(hanging.letGo)
		all.Wait()
		if calls := hanging.calls.Load(); calls > 2 {
			t.Errorf("%d fetches", calls)
		}
	})
}

// The last to leave cancels the fetch. Where it doesn't listen, the next to ask waits
// for its end, or leaves.
func TestAllLeave(t *testing.T) {
	t.Parallel()
	for _, listens := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			hanging := &blocking{letGo: make(chan struct{}), listens: listens, err: &rpc.Error{Message: "no"}}
			source := sourceOf(hanging.fetch)
			leaving, cancel := context.WithCancel(t.Context())
			var all sync.WaitGroup
			for range 2 {
				all.Go(func() {
					if _, err := source.Retrieve(leaving); !errors.Is(err, context.Canceled) {
						t.Errorf("who left got %v", err)
					}
				})
			}
			synctest.Wait()
			cancel()
			all.Wait()
			impatient, leave := context.WithCancel(t.Context())
			all.Go(func() { _, _ = source.Retrieve(impatient) })
			all.Go(func() { _, _ = source.Retrieve(t.Context()) })
			synctest.Wait()
			leave()
			synctest.Wait()
			close(hanging.letGo)
			all.Wait()
			if calls := hanging.calls.Load(); calls > 3 || hanging.parallel.Load() {
				t.Errorf("%d fetches, at once: %t", calls, hanging.parallel.Load())
			}
		})
	}
}

func TestEndedContext(t *testing.T) {
	t.Parallel()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	hanging := &blocking{}
	if _, err := sourceOf(hanging.fetch).Retrieve(ended); !errors.Is(err, context.Canceled) || hanging.calls.Load() != 0 {
		t.Errorf("%v after %d fetches", err, hanging.calls.Load())
	}
}

// Whatever source hangs, who asks is gone with their context.
func TestHangingSources(t *testing.T) {
	t.Parallel()
	reached, released := make(chan struct{}, 10), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		reached <- struct{}{}
		select {
		case <-released:
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(released) })
	sso := profile{
		"name": "p", "mode": "CloudSSO", "cloud_sso_sign_in_url": server.URL, "cloud_sso_account_id": "1",
		"cloud_sso_access_config": "c", "access_token": "t", "cloud_sso_access_token_expire": 1 << 40,
	}
	for name, cfg := range map[string]Config{
		"STS":      roleConfig(server.URL),
		"URI":      {CredentialsURI: server.URL},
		"metadata": {ECSRoleName: "role", MetadataEndpoint: endpoint(server.URL)},
		"CloudSSO": {Profile: "p", SharedCredentialsFile: cliFile(t, sso)},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			<-reached
			cancel()
		}()
		if _, err := newSource(t, cfg).Retrieve(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
		cancel()
	}
}

// Race: many callers of one source.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	for _, one := range sources(t) {
		t.Run(one.name, func(t *testing.T) {
			variables := map[string]string{}
			cfg := Config{LookupEnv: environment(variables), MetadataEndpoint: one.metadata}
			one.set(&cfg, variables)
			source := newSource(t, cfg)
			var all sync.WaitGroup
			for range 20 {
				all.Go(func() {
					for range 5 {
						keys, err := source.Retrieve(t.Context())
						if err != nil || !one.gives(keys) {
							t.Errorf("%v, %v", keys, err)
							return
						}
						source.Invalidate(keys)
					}
				})
			}
			all.Wait()
		})
	}
}
