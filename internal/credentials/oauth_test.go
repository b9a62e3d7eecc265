package credentials

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A login's new tokens are saved, and the rest of the file stays as it was.
func TestOAuthWriteBack(t *testing.T) {
	t.Parallel()
	file := cliFile(t, profile{
		"name": "login", "mode": "OAuth", "oauth_site_type": "TEST", "oauth_refresh_token": "refresh-1", "language": "zh", "retry_count": 3,
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
	delete(login, "sts_expiration")
	want := map[string]any{
		"current": "login", "meta_path": "",
		"profiles": []any{
			profile{
				"name": "login", "mode": "OAuth", "oauth_site_type": "TEST", "language": "zh", "retry_count": 3.0,
				"oauth_refresh_token": "refresh-2", "oauth_access_token": "access-2",
				"access_key_id": "oauth-key", "access_key_secret": "secret-of-oauth-key", "sts_token": "token-of-oauth-key",
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

// A login that can't be saved is still used, and the operator hears of it.
func TestOAuthNotSaved(t *testing.T) {
	t.Parallel()
	file := cliFile(t, profile{"name": "login", "mode": "OAuth", "oauth_site_type": "TEST", "oauth_refresh_token": "refresh-1"})
	logger, printed := logged()
	source := newSource(t, Config{
		Profile:               "login",
		SharedCredentialsFile: file,
		Logger:                logger,
	})
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if _, err := source.GetCredentials(t.Context()); err != nil {
		t.Fatal(err)
	}
	messages := printed()
	if len(messages) != 2 {
		t.Fatalf("the messages are %q", messages)
	}
	wantText(t, messages[1], "log in again with the CLI", "profile=login")
	if strings.Contains(messages[1], "refresh-2") {
		t.Errorf("a token is seen in %q", messages[1])
	}
}
