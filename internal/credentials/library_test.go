package credentials

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A credentials URI that fails once is asked again, and its failure isn't kept.
func TestURIFailsOnce(t *testing.T) {
	t.Parallel()
	failing := true
	uri := newURI(t, func(w http.ResponseWriter, _ *http.Request) {
		if failing {
			failing = false
			http.Error(w, "out of order", http.StatusServiceUnavailable)
			return
		}
		reply(w, http.StatusOK, uriReply("uri-key"))
	})
	source := newSource(t, Config{CredentialsURI: uri.URL})
	var failure *Error
	if _, err := source.GetCredentials(t.Context()); !errors.As(err, &failure) || !failure.Transient {
		t.Fatalf("the first answer is %v", err)
	}
	if keys, err := source.GetCredentials(t.Context()); err != nil || keys.AccessKeyId != "uri-key" {
		t.Errorf("the second answer is %v, %v", keys, err)
	}
}

// libraryClock lets the test set the clock of the source's library.
func libraryClock(t *testing.T, source *Source) *time.Time {
	t.Helper()
	l, ok := source.provider.(*library)
	if !ok {
		t.Fatalf("the provider is a %T", source.provider)
	}
	now := time.Now()
	l.now = func() time.Time { return now }
	return &now
}

// A URI that never answers well isn't asked for ever.
func TestURIFailsAlways(t *testing.T) {
	t.Parallel()
	source := newSource(t, Config{CredentialsURI: newURI(t, http.NotFound).URL})
	now := libraryClock(t, source)
	var got []bool
	for range 4 {
		_, err := source.GetCredentials(t.Context())
		var failure *Error
		if !errors.As(err, &failure) {
			t.Fatal(err)
		}
		got = append(got, failure.Transient)
		*now = now.Add(4 * time.Second)
	}
	if diff := cmp.Diff([]bool{true, true, true, false}, got); diff != "" {
		t.Error(diff)
	}
}

// The last keys are given through an outage, as long as they may be good, and the
// URI isn't asked for each call meanwhile.
func TestURIOutage(t *testing.T) {
	t.Parallel()
	var failing bool
	asked := 0
	uri := newURI(t, func(w http.ResponseWriter, _ *http.Request) {
		asked++
		if failing {
			http.Error(w, "out of order", http.StatusInternalServerError)
			return
		}
		reply(w, http.StatusOK, uriReply(fmt.Sprintf("uri-key-%d", asked), "Expiration", time.Now().UTC().Add(time.Minute).Format(time.RFC3339)))
	})
	logger, printed := logged()
	source := newSource(t, Config{CredentialsURI: uri.URL, Logger: logger})
	now := libraryClock(t, source)
	start := *now
	first := mustGet(t, source)
	failing = true
	for _, step := range []struct {
		after time.Duration
		asked int
		key   string // "" where there is none any more.
	}{
		{0, 2, "uri-key-1"},
		{9 * time.Second, 2, "uri-key-1"},
		{10 * time.Second, 3, "uri-key-1"},
		{179 * time.Second, 4, "uri-key-1"},
		{190 * time.Second, 5, ""},
		{191 * time.Second, 6, ""},
	} {
		*now = start.Add(step.after)
		keys, err := source.GetCredentials(t.Context())
		if (err == nil) != (step.key != "") || err == nil && keys.AccessKeyId != step.key {
			t.Errorf("after %s: %v, %v", step.after, keys, err)
		}
		if asked != step.asked {
			t.Errorf("after %s the URI was asked %d times, want %d", step.after, asked, step.asked)
		}
	}
	wantText(t, strings.Join(printed(), "\n"), "level=WARN", "still using the last ones")

	failing = false
	if keys := mustGet(t, source); keys.AccessKeyId == first.AccessKeyId {
		t.Error("the old keys are given after the outage")
	}
}

// Keys that the service refused aren't given again, in an outage either.
func TestURIOutageAfterRefusal(t *testing.T) {
	t.Parallel()
	var failing bool
	uri := newURI(t, func(w http.ResponseWriter, _ *http.Request) {
		if failing {
			http.Error(w, "out of order", http.StatusInternalServerError)
			return
		}
		reply(w, http.StatusOK, uriReply("uri-key"))
	})
	source := newSource(t, Config{CredentialsURI: uri.URL})
	keys := mustGet(t, source)
	failing = true
	if !source.Renew(keys) {
		t.Error("a URI can give no other keys")
	}
	var failure *Error
	if _, err := source.GetCredentials(t.Context()); !errors.As(err, &failure) || !failure.Transient {
		t.Errorf("refused keys were given, or %v", err)
	}
}
