package credentials

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// clockOf lets the test set the clock by which a role's session is kept.
func clockOf(t *testing.T, source *Source) *time.Time {
	t.Helper()
	cache, ok := source.provider.(*refreshing)
	if !ok {
		t.Fatal("a role's session is not cached")
	}
	now := time.Now()
	cache.now = func() time.Time { return now }
	return &now
}

// A session that lives shorter than others are refreshed ahead of their end isn't
// replaced at each call, but after two thirds of its life.
func TestShortSession(t *testing.T) {
	t.Parallel()
	sts := newSTS(t, httptest.NewServer)
	sts.lifetime = time.Minute
	source := newSource(t, roleConfig(sts.URL))
	now := clockOf(t, source)
	for _, step := range []struct {
		later time.Duration
		calls int
	}{{0, 1}, {0, 1}, {35 * time.Second, 1}, {10 * time.Second, 2}, {0, 2}} {
		*now = now.Add(step.later)
		keys := mustGet(t, source)
		if want := fmt.Sprintf("session-reader-%d", step.calls); keys.AccessKeyId != want {
			t.Errorf("the key is %q, want %q", keys.AccessKeyId, want)
		}
	}
}

func TestLongSession(t *testing.T) {
	t.Parallel()
	sts := newSTS(t, httptest.NewServer)
	source := newSource(t, roleConfig(sts.URL))
	for range 3 {
		if _, err := source.GetCredentials(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if calls := len(sts.called()); calls != 1 {
		t.Errorf("%d calls for one session", calls)
	}
}

// The session lives on while a refresh ahead of its end fails, and the next is not
// tried at once.
func TestFailingRefresh(t *testing.T) {
	t.Parallel()
	sts := newSTS(t, httptest.NewServer)
	cfg := roleConfig(sts.URL)
	logger, printed := logged()
	cfg.Logger = logger
	source := newSource(t, cfg)
	now := clockOf(t, source)
	start := *now
	mustGet(t, source)
	sts.fault = func(w http.ResponseWriter, _ url.Values) bool {
		reply(w, http.StatusInternalServerError, nil)
		return true
	}
	for _, step := range []struct {
		after time.Duration
		calls int
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
		*now = start.Add(step.after)
		keys, err := source.GetCredentials(t.Context())
		if (err == nil) != step.good || err == nil && keys.AccessKeyId != "session-reader-1" {
			t.Errorf("after %s: %v, %v", step.after, keys, err)
		}
		if calls := len(sts.called()); calls != step.calls {
			t.Errorf("after %s: %d calls, want %d", step.after, calls, step.calls)
		}
	}
	wantText(t, strings.Join(printed(), "\n"), "level=WARN", "have not expired yet", "HTTP status 500")
}
