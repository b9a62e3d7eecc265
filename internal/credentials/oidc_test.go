package credentials

import (
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A token file is read at each refresh, and its line feed isn't sent.
func TestRotatedTokenFile(t *testing.T) {
	t.Parallel()
	sts := newSTS(t, httptest.NewServer)
	sts.lifetime = time.Minute
	file := write(t, filepath.Join(t.TempDir(), "token"), "good-token-1\n")
	now := newClock()
	source := newSource(t, Config{
		Now:                now.now,
		STSEndpoint:        endpoint(sts.URL),
		AssumeRoleWithOIDC: &Role{RoleARN: arn("reader"), ProviderARN: "provider", TokenFile: file},
	})
	for _, token := range []string{"good-token-1", "good-token-2"} {
		write(t, file, token+"\n")
		mustGet(t, source)
		now.advance(time.Minute)
		calls := sts.called()
		if diff := cmp.Diff(token, calls[len(calls)-1].Get("OIDCToken")); diff != "" {
			t.Error(diff)
		}
	}
}

// Where an environment or a profile has both, the file is what gets renewed.
func TestTokenFileBeforeToken(t *testing.T) {
	t.Parallel()
	sts := newSTS(t, httptest.NewServer)
	file := write(t, filepath.Join(t.TempDir(), "token"), "good-token-of-the-file")
	for name, cfg := range map[string]Config{
		"variables": {LookupEnv: environment(map[string]string{
			"ALIBABA_CLOUD_ROLE_ARN": arn("r"), "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": "p",
			"ALIBABA_CLOUD_OIDC_TOKEN": "good-token-itself", "ALIBABA_CLOUD_OIDC_TOKEN_FILE": file,
		})},
		"profile": {SharedCredentialsFile: cliFile(t, profile{
			"name": "p", "mode": "OIDC", "oidc_provider_arn": "p", "ram_role_arn": arn("r"), "oidc_token": "good-token-itself", "oidc_token_file": file,
		})},
	} {
		cfg.STSEndpoint = endpoint(sts.URL)
		keysOf(t, cfg)
		calls := sts.called()
		if diff := cmp.Diff("good-token-of-the-file", calls[len(calls)-1].Get("OIDCToken")); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestTokenFileFailures(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	large := write(t, filepath.Join(folder, "large"), strings.Repeat("x", maxFileSize+1))
	for file, part := range map[string]string{
		folder:                           "not a regular file",
		large:                            "larger than 1024 KiB",
		filepath.Join(folder, "missing"): "can't be read",
		write(t, filepath.Join(folder, "empty"), " \n"): "is empty",
	} {
		err := errorOf(t, Config{AssumeRoleWithOIDC: &Role{RoleARN: arn("r"), ProviderARN: "p", TokenFile: file}})
		wantText(t, err.Error(), part, file)
	}
}
