package credentials

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// No answer is shown but an error's code and message: what can't be read may hold
// keys. What isn't credentials is an error at once, and says what was expected.
func TestOddAnswers(t *testing.T) {
	t.Parallel()
	const secret = "answered-secret"
	text := func(body any) string {
		content, err := json.Marshal(body)
		must(err)
		return string(content)
	}
	without := func(member string) string {
		body := uriReply("k", "Code", "Success")
		body["AccessKeySecret"] = secret
		delete(body, member)
		return text(body)
	}
	reply := func(status int, message string) rpc.Error {
		return rpc.Error{Kind: rpc.KindReply, Status: status, Message: "the response " + message + expectedForm}
	}
	other := func(status int, message string) rpc.Error {
		return rpc.Error{Kind: rpc.KindStatus, Status: status, Message: "the response " + message + expectedForm}
	}
	transient := func(e rpc.Error) rpc.Error { e.Transient = true; return e }
	for name, test := range map[string]struct {
		status int
		body   string
		want   rpc.Error
	}{
		"text":           {200, secret, reply(200, "is not JSON")},
		"page":           {200, "<html>" + secret + "</html>", reply(200, "is an HTML page, or XML that isn't the API's")},
		"null":           {200, "null", reply(0, "lacks AccessKeyId")},
		"list":           {200, text([]string{secret}), reply(200, "isn't what was asked for: it is a JSON array")},
		"number":         {200, `{"AccessKeyId": 1, "AccessKeySecret": "` + secret + `"}`, reply(200, "isn't what was asked for: AccessKeyId is a JSON number")},
		"cut":            {200, `{"AccessKeySecret": "` + secret, transient(reply(200, "is JSON that ends early, after 36 bytes"))},
		"another object": {200, "{}", reply(0, "lacks AccessKeyId")},
		"a secret as ID": {200, `{"RequestId": "` + secret + `"}`, reply(0, "lacks AccessKeyId")},
		"no secret":      {200, text(map[string]string{"AccessKeyId": secret}), reply(0, "lacks AccessKeySecret")},
		"odd end":        {200, text(uriReply("k", "Expiration", secret)), reply(0, "has an Expiration that is no time such as 2006-01-02T15:04:05Z")},
		"error":          {200, `{"Code": "NoRole", "Message": "No role here.", "RequestId": "r-1"}`, rpc.Error{Status: 200, Code: "NoRole", Message: "No role here.", RequestID: "r-1"}},
		"status":         {404, secret, other(404, "is not JSON")},
		"no content":     {204, "", reply(204, "is empty")},
		"server's page":  {502, "<html>" + secret + "</html>", transient(other(502, "is an HTML page, or XML that isn't the API's"))},
		"too many":       {429, secret, transient(other(429, "is not JSON"))},
		"throttled":      {400, `{"Code": "Throttling.User", "Message": "Slower."}`, rpc.Error{Status: 400, Code: "Throttling.User", Message: "Slower.", Transient: true}},
		"refusal":        {403, `{"error": "no_role", "error_description": "Not you."}`, rpc.Error{Status: 403, Code: "no_role", Message: "Not you."}},
		"keys astray":    {500, without("Expiration"), transient(other(500, "is JSON, but not the API's"))},
	} {
		uri := newURI(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(test.status)
			_, _ = io.WriteString(w, test.body)
		})
		got := errorOf(t, Config{CredentialsURI: uri.URL + "/" + secret})
		wantNone(t, got.Error(), secret)
		if diff := cmp.Diff(test.want, *got, cmpopts.IgnoreUnexported(rpc.Error{}), cmpopts.IgnoreFields(rpc.Error{}, "Host")); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// A permanent AccessKey, without a token and an end, is what a credentials URI may
// answer too.
func TestURIWithAPermanentKey(t *testing.T) {
	t.Parallel()
	uri := newURI(t, func(w http.ResponseWriter, _ *http.Request) {
		reply(w, http.StatusOK, map[string]string{"Code": "Success", "AccessKeyId": "k", "AccessKeySecret": "s"})
	})
	if keys := keysOf(t, Config{CredentialsURI: uri.URL}); keys.AccessKeyID != "k" || keys.SecurityToken != "" {
		t.Errorf("the keys are %q", keys)
	}
}

// No source is followed elsewhere: a token would go there, and keys come from there.
func TestRedirects(t *testing.T) {
	t.Parallel()
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t.Errorf("%s %s was requested elsewhere", r.Method, r.URL)
		reply(w, http.StatusOK, uriReply("foreign", "Code", "Success"))
	}))
	t.Cleanup(elsewhere.Close)
	for _, status := range []int{301, 302, 307, 308} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL+r.URL.Path, status)
		}))
		t.Cleanup(server.Close)
		login := fmt.Sprintf("redirected%d", status)
		setOAuthFault(t, login, func(w http.ResponseWriter, path string) bool {
			w.Header().Set("Location", elsewhere.URL+path)
			w.WriteHeader(status)
			return true
		})
		for name, cfg := range map[string]Config{
			"OAuth":    oauthConfig(t, login),
			"URI":      {CredentialsURI: server.URL + "/s3cret"},
			"metadata": {ECSRoleName: "role", MetadataEndpoint: endpoint(server.URL)},
			"STS":      roleConfig(server.URL),
			"CloudSSO": {Profile: "p", SharedCredentialsFile: cliFile(t, profile{
				"name": "p", "mode": "CloudSSO", "cloud_sso_sign_in_url": server.URL, "cloud_sso_account_id": "1",
				"cloud_sso_access_config": "c", "access_token": "s3cret", "cloud_sso_access_token_expire": 1 << 40,
			})},
		} {
			text := errorOf(t, cfg).Error()
			wantText(t, text, "redirect")
			wantNone(t, text, "s3cret")
			_ = name
		}
	}
}

// A small body that unfolds to a large one is an error, not memory.
func TestLargeAnswer(t *testing.T) {
	t.Parallel()
	uri := newURI(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		folded := gzip.NewWriter(w)
		_, _ = io.CopyN(folded, zeros{}, 8<<20)
		_ = folded.Close()
	})
	wantText(t, errorOf(t, Config{CredentialsURI: uri.URL}).Error(), "larger than 1 MiB")
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// Whatever a service repeats of what it was sent, no error and no log shows it.
func TestNoSecretIsShown(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		reply(w, http.StatusForbidden, map[string]string{
			"Code": "NoPermission", "RequestId": "req-1",
			"Message": r.Form.Encode() + " " + url.QueryEscape(r.Form.Encode()) + " " + r.URL.String() + " " + strings.Join(r.Header["Authorization"], " ") +
				" " + strings.Join(r.Form["OIDCToken"], " ") + " " + strings.Join(r.Form["SecurityToken"], " ") + " " + r.Header.Get("X-Aliyun-Ecs-Metadata-Token"),
		})
	}))
	t.Cleanup(server.Close)
	const mark = "s3cr3t"
	token := write(t, filepath.Join(t.TempDir(), "token"), mark+"-oidc.token+/=")
	for name, cfg := range map[string]Config{
		"assume_role":  {AccessKey: "LTAI5tAbCdEfGhIj", SecretKey: mark + "-key", SecurityToken: mark + "-token+/==", AssumeRole: &Role{RoleARN: arn("r")}},
		"OIDC file":    {AssumeRoleWithOIDC: &Role{RoleARN: arn("r"), ProviderARN: "p", TokenFile: token}},
		"OIDC token":   {AssumeRoleWithOIDC: &Role{RoleARN: arn("r"), ProviderARN: "p", Token: mark + "-oidc-token+/="}},
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
	} {
		logger, printed := logged()
		cfg.STSEndpoint, cfg.Logger = endpoint(server.URL), logger
		text := failureOf(t, cfg).Error() + printed()
		if strings.Contains(text, mark) || strings.Contains(text, "LTAI5t") {
			t.Errorf("%s: a secret is seen in: %s", name, text)
		}
	}
}

// CloudSSO's own error members are understood.
func TestCloudSSORefuses(t *testing.T) {
	t.Parallel()
	sso := newCloudSSO(t)
	got := errorOf(t, Config{Profile: "sso", SharedCredentialsFile: cliFile(t, profile{
		"name": "sso", "mode": "CloudSSO", "cloud_sso_sign_in_url": sso.URL, "cloud_sso_account_id": "1",
		"cloud_sso_access_config": "c", "access_token": "revoked-token", "cloud_sso_access_token_expire": 1 << 40,
	})})
	if got.Code != "NoPermission" || got.RequestID != "req-3" || got.Transient {
		t.Errorf("got %+v", got)
	}
	if diff := cmp.Diff("not by Bearer (redacted)", got.Message); diff != "" {
		t.Error(diff)
	}
}

// Only the CLI can renew a login, so the error says how.
func TestCloudSSOLoginHasEnded(t *testing.T) {
	t.Parallel()
	sso := newCloudSSO(t)
	text := failureOf(t, Config{SharedCredentialsFile: cliFile(t, profile{
		"name": "sso", "mode": "CloudSSO", "cloud_sso_sign_in_url": sso.URL, "cloud_sso_account_id": "1",
		"cloud_sso_access_config": "c", "access_token": "sso-token", "cloud_sso_access_token_expire": time.Now().Unix(),
	})}).Error()
	wantText(t, text, "CloudSSO Login Expired", `profile "sso"`, "aliyun configure --mode CloudSSO --profile sso")
}
