package credentials

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofrs/flock"
	"github.com/google/go-cmp/cmp"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// oauthLogins are the sign-in server's logins: by name, the number of the one
// refresh token that is good. oauthFaults may answer for a login's requests
// instead; true means that they did.
var (
	oauthMu     sync.Mutex
	oauthLogins = map[string]int{}
	oauthFaults = map[string]func(w http.ResponseWriter, path string) bool{}
)

// serveOAuth is a sign-in server. The refresh tokens of the login NAME are NAME-1,
// NAME-2 and so on, each good for one use. Its access tokens end so soon that each
// retrieval refreshes them, but for those of logins named "long...".
func serveOAuth(w http.ResponseWriter, r *http.Request) {
	oauthMu.Lock()
	defer oauthMu.Unlock()
	switch r.URL.Path {
	case "/v1/token":
		name, suffix, _ := strings.Cut(r.FormValue("refresh_token"), "-")
		number, _ := strconv.Atoi(suffix)
		if number != max(oauthLogins[name], 1) {
			reply(w, http.StatusBadRequest, map[string]string{"error": "invalid_grant"})
			return
		}
		oauthLogins[name] = number + 1
		if fault := oauthFaults[name]; fault != nil && fault(w, r.URL.Path) {
			return
		}
		token := fmt.Sprintf("%s-%d", name, number+1)
		life := 60
		if strings.HasPrefix(name, "long") {
			life = 3600
		}
		reply(w, http.StatusOK, map[string]any{"access_token": "access-of-" + token, "refresh_token": token, "expires_in": life})
	case "/v1/exchange":
		token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer access-of-")
		name, _, _ := strings.Cut(token, "-")
		if fault := oauthFaults[name]; fault != nil && fault(w, r.URL.Path) {
			return
		}
		if !ok {
			reply(w, http.StatusForbidden, map[string]string{"error": "access_denied", "error_description": "not " + r.Header.Get("Authorization")})
			return
		}
		reply(w, http.StatusOK, map[string]string{
			"accessKeyId": "oauth-key", "accessKeySecret": "secret-of-oauth-key", "securityToken": "token-of-oauth-key", "expiration": inAnHour(),
		})
	default:
		http.NotFound(w, r)
	}
}

func setOAuthFault(t *testing.T, login string, fault func(w http.ResponseWriter, path string) bool) {
	t.Helper()
	oauthMu.Lock()
	defer oauthMu.Unlock()
	oauthFaults[login] = fault
}

// refreshes tells how often a login was refreshed.
func refreshes(login string) int {
	oauthMu.Lock()
	defer oauthMu.Unlock()
	return max(oauthLogins[login], 1) - 1
}

// oauthConfig is a login with the name.
func oauthConfig(t *testing.T, login string) Config {
	t.Helper()
	return Config{Profile: "login", SharedCredentialsFile: cliFile(t, profile{
		"name": "login", "mode": "OAuth", "oauth_site_type": "TEST", "oauth_refresh_token": login + "-1",
	})}
}

// A login's new tokens are saved, and the rest of the file stays as it was.
func TestOAuthWriteBack(t *testing.T) {
	t.Parallel()
	file := cliFile(t, profile{
		"name": "login", "mode": "OAuth", "oauth_site_type": "TEST", "oauth_refresh_token": "saved-1", "language": "zh", "retry_count": 3,
	}, akProfile())
	keysOf(t, Config{Profile: "login", SharedCredentialsFile: file})

	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(content, &got); err != nil {
		t.Fatal(err)
	}
	profiles, ok := got["profiles"].([]any)
	if !ok || len(profiles) != 2 {
		t.Fatalf("the file is now %s", content)
	}
	login, ok := profiles[0].(map[string]any)
	if !ok {
		t.Fatalf("the file is now %s", content)
	}
	delete(login, "oauth_access_token_expire")
	want := map[string]any{
		"current": "login", "meta_path": "",
		"profiles": []any{
			profile{
				"name": "login", "mode": "OAuth", "oauth_site_type": "TEST", "language": "zh", "retry_count": 3.0,
				"oauth_refresh_token": "saved-2", "oauth_access_token": "access-of-saved-2",
			},
			akProfile(),
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if status, err := os.Stat(file); err != nil || status.Mode().Perm() != 0o600 {
		t.Errorf("the file's mode is %v, %v", status.Mode(), err)
	}
}

// Each alias of the provider is a process of its own, and all of them have the one
// login of the file.
func TestOAuthShared(t *testing.T) {
	t.Parallel()
	for login, want := range map[string]int{"shared": 8, "longshared": 1} {
		cfg := oauthConfig(t, login)
		var all sync.WaitGroup
		for range 4 {
			source := newSource(t, cfg)
			all.Go(func() {
				for range 2 {
					keys, err := source.Retrieve(t.Context())
					if err != nil {
						t.Errorf("%s: %v", login, err)
						return
					}
					source.Invalidate(keys)
				}
			})
		}
		all.Wait()
		if got := refreshes(login); got != want {
			t.Errorf("%s was refreshed %d times, want %d", login, got, want)
		}
	}
}

// A refresh waits for that of another process, as long as somebody waits for it.
func TestOAuthLocked(t *testing.T) {
	t.Parallel()
	cfg := oauthConfig(t, "locked")
	lock := flock.New(cfg.SharedCredentialsFile + ".lock")
	if locked, err := lock.TryLock(); !locked || err != nil {
		t.Fatal(err)
	}
	source := newSource(t, cfg)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := source.Retrieve(ctx); !errors.Is(err, context.DeadlineExceeded) || refreshes("locked") != 0 {
		t.Errorf("%v after %d refreshes", err, refreshes("locked"))
	}
	if err := lock.Unlock(); err != nil {
		t.Fatal(err)
	}
	mustGet(t, source)
}

// A login that has ended is told with what to do, and isn't tried again.
func TestOAuthEnded(t *testing.T) {
	t.Parallel()
	spent := oauthConfig(t, "spent")
	mustGet(t, newSource(t, oauthConfig(t, "spent")))
	loggedOut := oauthConfig(t, "out")
	source := newSource(t, loggedOut)
	write(t, loggedOut.SharedCredentialsFile, `{"profiles": [{"name": "login", "mode": "AK"}]}`)
	_, err := source.Retrieve(t.Context())
	for _, err := range []error{failureOf(t, spent), err} {
		var mistake *ConfigError
		if !errors.As(err, &mistake) {
			t.Fatalf("%v is no ConfigError", err)
		}
		wantText(t, err.Error(), "OAuth Login Expired", "aliyun configure --mode OAuth --oauth-site-type TEST --profile login")
	}
}

// A login that can't be saved is still used, also for the next refresh, and the
// operator hears of it.
func TestOAuthNotSaved(t *testing.T) {
	t.Parallel()
	cfg := oauthConfig(t, "unsaved")
	logger, printed := logged()
	cfg.Logger = logger
	source := newSource(t, cfg)
	good, err := os.ReadFile(cfg.SharedCredentialsFile)
	must(err)
	setOAuthFault(t, "unsaved", func(http.ResponseWriter, string) bool {
		write(t, cfg.SharedCredentialsFile, `{"profiles": [{"name": "other"}]}`)
		return false
	})
	keys := mustGet(t, source)
	messages := printed()
	wantText(t, messages, "level=WARN", "log in again with the CLI", "profile=login", `no longer has the profile`)
	if strings.Contains(messages, "unsaved-2") {
		t.Errorf("a token is seen in %q", messages)
	}

	setOAuthFault(t, "unsaved", nil)
	write(t, cfg.SharedCredentialsFile, string(good))
	source.Invalidate(keys)
	mustGet(t, source)
	content, err := os.ReadFile(cfg.SharedCredentialsFile)
	must(err)
	wantText(t, string(content), `"unsaved-3"`)
}

// Tokens that were refreshed aren't lost where the exchange after that fails.
func TestOAuthFailsHalfway(t *testing.T) {
	t.Parallel()
	source := newSource(t, oauthConfig(t, "halfway"))
	failing := true
	setOAuthFault(t, "halfway", func(w http.ResponseWriter, path string) bool {
		if path == "/v1/token" {
			return false
		}
		if failing {
			reply(w, http.StatusInternalServerError, nil)
		}
		failed := failing
		failing = false
		return failed
	})
	var failure *rpc.Error
	if _, err := source.Retrieve(t.Context()); !errors.As(err, &failure) || !failure.Transient {
		t.Fatalf("%v", err)
	}
	mustGet(t, source)
}

// The file stays what it is where it is a link, and so does its lock.
func TestOAuthBehindALink(t *testing.T) {
	t.Parallel()
	cfg := oauthConfig(t, "linked")
	link := filepath.Join(t.TempDir(), "link.json")
	if err := os.Symlink(cfg.SharedCredentialsFile, link); err != nil {
		t.Skip(err)
	}
	file := cfg.SharedCredentialsFile
	cfg.SharedCredentialsFile = link
	mustGet(t, newSource(t, cfg))
	cfg.SharedCredentialsFile = file
	mustGet(t, newSource(t, cfg))
	if status, err := os.Lstat(link); err != nil || status.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is now %v, %v", status, err)
	}
}
