package credentials

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRedact(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		`{"sts_token": "abc`:                           `{"sts_token": "(redacted)`,
		`<access_token>abc</access_token>`:             `(redacted)`,
		"access_key_id: abc":                           "access_key_id: (redacted)",
		"oidc_token: abc":                              "oidc_token: (redacted)",
		"Authorization: Bearer abc.def":                "Authorization: Bearer (redacted)",
		"get http://user:pw@host/path?key=1 failed":    "get http://host/path?(redacted) failed",
		"the known secret is known%2Bsecret":           "the known secret is (redacted)",
		"The security token is expired.":               "The security token is expired.",
		"InvalidSecurityToken.Expired: It has expired": "InvalidSecurityToken.Expired: It has expired",
	}
	for text, want := range tests {
		if diff := cmp.Diff(want, redact(text, "known+secret", "", "x")); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}

// Whatever a service repeats of what it was sent, no error shows it.
func TestNoSecretInErrors(t *testing.T) {
	t.Parallel()
	echo := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		reply(w, http.StatusForbidden, map[string]string{
			"Code": "NoPermission", "RequestId": "req-1",
			"Message": r.Form.Encode() + " " + url.QueryEscape(r.Form.Encode()) + " " + r.URL.String() + " " + strings.Join(r.Header["Authorization"], " ") +
				" " + strings.Join(r.Form["OIDCToken"], " ") + " " + strings.Join(r.Form["SecurityToken"], " "),
		})
	})
	server := httptest.NewServer(echo)
	t.Cleanup(server.Close)
	const mark = "s3cr3t"
	token := write(t, filepath.Join(t.TempDir(), "token"), mark+"-oidc.token+/=")
	keys := Config{AccessKey: "LTAI5tAbCdEfGhIj", SecretKey: mark + "-key", SecurityToken: mark + "-token+/==", AssumeRole: &AssumeRole{RoleARN: "r"}}
	tests := map[string]Config{
		"assume_role":  keys,
		"OIDC file":    {AssumeRoleWithOIDC: &AssumeRoleWithOIDC{RoleARN: "r", ProviderARN: "p", TokenFile: token}},
		"OIDC token":   {AssumeRoleWithOIDC: &AssumeRoleWithOIDC{RoleARN: "r", ProviderARN: "p", Token: mark + "-t+/="}},
		"URI":          {CredentialsURI: server.URL + "/" + mark + "?token=" + mark},
		"URI, refused": {CredentialsURI: "http://user:" + mark + "@127.0.0.1:1/" + mark + "?key=" + mark},
		"CloudSSO": {Profile: "p", SharedCredentialsFile: cliFile(t, profile{
			"name": "p", "mode": "CloudSSO", "cloud_sso_sign_in_url": server.URL, "cloud_sso_account_id": "1",
			"cloud_sso_access_config": "c", "access_token": mark + "-sso", "cloud_sso_access_token_expire": 1 << 40,
		})},
		"OAuth": {Profile: "p", SharedCredentialsFile: cliFile(t, profile{
			"name": "p", "mode": "OAuth", "oauth_site_type": "TEST", "oauth_access_token": mark + "-oauth",
			"oauth_access_token_expire": 1 << 40,
		})},
		"half keys": {SecretKey: mark},
	}
	for name, cfg := range tests {
		cfg.STSEndpoint = endpoint(server.URL)
		err := failureOf(t, cfg)
		if text := err.Error(); strings.Contains(text, mark) || strings.Contains(text, "LTAI5t") {
			t.Errorf("%s: a secret is seen in: %s", name, text)
		}
	}
}
