package provider

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// What must never be printed. The characters of the secret and of the tokens are
// those that look different once they are encoded.
const (
	leakKeyID     = "LTAI5tLeakingKeyId1234"
	leakSecret    = "leaking/secret+key==0123456789"
	leakOIDCToken = "eyJhbGciOi.leakingOIDCToken.c2lnbmF0dXJl"
	leakURIQuery  = "leakingURIPassword"
	leakBearer    = "leaking-bearer-token-of-a-login"
)

// The keys of ecstest's sessions, and what else shows that a call was signed. Each pattern begins
// with a plain text, by which it is found fast in a long log.
var leakPatterns = []*regexp.Regexp{
	regexp.MustCompile(`testSessionSecret`),
	regexp.MustCompile(`testSecurityToken`),
	regexp.MustCompile(`testMetadataToken`),
	regexp.MustCompile(`STS\.testAccess`),
	regexp.MustCompile(`LTAI5tLeak`),
	regexp.MustCompile(`ignature(Nonce)?(=|(?i:%3D|%253D))[^(…\s]`),
	regexp.MustCompile(`POST(&|%26|&amp;|\\u0026)(?i:%2F|%252F)`),
	regexp.MustCompile(`GET(&|%26|&amp;|\\u0026)(?i:%2F|%252F)`),
}

// leaks gives what the text shows of the secrets of the calls.
func leaks(text string, calls []ecstest.Call) []string {
	secrets := []string{leakSecret, leakOIDCToken, leakURIQuery, leakBearer}
	for _, call := range calls {
		for _, name := range []string{"Signature", "OIDCToken", "SecurityToken", "AccessKeyId"} {
			if value := call.Params.Get(name); value != "" {
				secrets = append(secrets, value)
			}
		}
	}
	forms := map[string]bool{}
	for _, secret := range secrets {
		escaped := url.QueryEscape(secret)
		for _, form := range []string{secret, escaped, url.QueryEscape(escaped), strings.ReplaceAll(secret, "/", `\/`)} {
			forms[form] = true
		}
	}
	return formsIn(text, forms)
}

// formsIn gives which of the forms the text shows, and what matches leakPatterns, also where it is in base64.
func formsIn(text string, forms map[string]bool) []string {
	var found []string
	for form := range forms {
		if strings.Contains(text, form) {
			found = append(found, form)
		}
	}
	for _, pattern := range leakPatterns {
		found = append(found, pattern.FindAllString(text, -1)...)
	}
	for encoded := range strings.FieldsFuncSeq(text, notBase64) {
		if len(encoded) < 24 {
			continue
		}
		for shift := range 4 { // It may begin within a word.
			whole := encoded[shift : len(encoded)-(len(encoded)-shift)%4]
			if plain, err := base64.StdEncoding.DecodeString(whole); err == nil {
				found = append(found, formsIn(string(plain), forms)...)
			}
		}
	}
	return found
}

func notBase64(r rune) bool {
	return (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '+' && r != '/'
}

// wantNoLeak checks all that was printed.
func wantNoLeak(t *testing.T, text string, calls []ecstest.Call) {
	t.Helper()
	if found := leaks(text, calls); len(found) > 0 {
		t.Errorf("%q can be seen in:\n%s", found, text)
	}
}

// leakSources are the kinds of credentials, and the action that gives them; ""
// where there is none.
var leakSources = map[string]struct {
	action string
	config func(t *testing.T, service *ecstest.Server) object
}{
	"static": {"", func(_ *testing.T, service *ecstest.Server) object {
		service.AddKey(leakKeyID, leakSecret)
		return object{"access_key": leakKeyID, "secret_key": leakSecret}
	}},
	"STS token": {"", func(_ *testing.T, service *ecstest.Server) object {
		session := service.IssueSession()
		return object{"access_key": session.AccessKeyID, "secret_key": session.AccessKeySecret, "security_token": session.SecurityToken}
	}},
	"assume_role": {ecstest.ActionAssumeRole, func(_ *testing.T, service *ecstest.Server) object {
		service.AddKey(leakKeyID, leakSecret)
		return object{"access_key": leakKeyID, "secret_key": leakSecret, "assume_role": object{"role_arn": roleARN}}
	}},
	"OIDC": {ecstest.ActionAssumeRoleWithOIDC, func(t *testing.T, service *ecstest.Server) object {
		service.AllowOIDCTokens(leakOIDCToken)
		return object{"assume_role_with_oidc": object{
			"role_arn": roleARN, "oidc_provider_arn": oidcProviderARN,
			"oidc_token_file": writeFile(t, filepath.Join(t.TempDir(), "token"), leakOIDCToken),
		}}
	}},
	"URI": {ecstest.ActionCredentialsURI, func(_ *testing.T, service *ecstest.Server) object {
		return object{"credentials_uri": service.URL + ecstest.CredentialsPath + "?password=" + leakURIQuery}
	}},
	"profile": {ecstest.ActionAssumeRole, func(t *testing.T, service *ecstest.Server) object {
		service.AddKey(leakKeyID, leakSecret)
		role := akProfile("role", leakKeyID, leakSecret)
		role["mode"], role["ram_role_arn"] = "RamRoleArn", roleARN
		return object{"profile": "role", "shared_credentials_file": cliConfig(t, role)}
	}},
	"profile of a URI": {ecstest.ActionCredentialsURI, func(t *testing.T, service *ecstest.Server) object {
		return object{"profile": "uri", "shared_credentials_file": cliConfig(t, map[string]any{
			"name": "uri", "mode": "CredentialsURI", "credentials_uri": service.URL + ecstest.CredentialsPath + "?password=" + leakURIQuery,
		})}
	}},
	"command": {ecstest.ActionAssumeRole, func(t *testing.T, service *ecstest.Server) object {
		service.AddKey(leakKeyID, leakSecret)
		return object{"profile": "command", "shared_credentials_file": cliConfig(t, leakingCommand(t, ""))}
	}},
	"command that fails": {"", func(t *testing.T, _ *ecstest.Server) object {
		return object{"profile": "command", "shared_credentials_file": cliConfig(t, leakingCommand(t, "; exit 1"))}
	}},
	"login": {"", func(t *testing.T, _ *ecstest.Server) object {
		return object{"profile": "login", "shared_credentials_file": cliConfig(t, leakingLogin(t))}
	}},
}

// leakingCommand is a profile whose command has a secret among its arguments, in its environment and in
// what it prints, on both outputs.
func leakingCommand(t *testing.T, end string) map[string]any {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("there is no sh")
	}
	script := fmt.Sprintf(`echo '{"mode":"RamRoleArn","access_key_id":"%s","access_key_secret":"%s","ram_role_arn":"%s"}'; echo "$0 $KEY" >&2`, leakKeyID, leakSecret, roleARN)
	return map[string]any{
		"name": "command", "mode": "External",
		"process_command": fmt.Sprintf(`env KEY=%s sh "%s" %[1]s`, leakSecret, writeFile(t, filepath.Join(t.TempDir(), "keys.sh"), script+end)),
	}
}

// leakingLogin is a CloudSSO login, whose server repeats what it was sent.
func leakingLogin(t *testing.T) map[string]any {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		head := r.Header.Get("Authorization")
		_, _ = io.WriteString(w, encoded(map[string]string{
			"ErrorCode": "Odd", "RequestId": head, "ErrorMessage": "Refused: " + head + " " + base64.StdEncoding.EncodeToString([]byte(head)),
		}))
	}))
	t.Cleanup(server.Close)
	return map[string]any{
		"name": "login", "mode": "CloudSSO", "cloud_sso_sign_in_url": server.URL, "cloud_sso_account_id": "1",
		"cloud_sso_access_config": "c", "access_token": leakBearer, "cloud_sso_access_token_expire": 1 << 40,
	}
}

// printer holds what is logged, by several goroutines.
type printer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (p *printer) Write(text []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.Write(text)
}

func (p *printer) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.String()
}

// Every fault, of ECS and of what gives the keys, with every kind of keys: what
// is logged at TRACE and what messages say shows none of them. Without ROUNDS, each text comes in one form
// of a reply, another one for each source; and ECS's faults come with the sources that nothing else tests,
// and with one that gives tokens.
func TestNothingLeaks(t *testing.T) {
	t.Parallel()
	ofSources := maps.Clone(echoes)
	maps.Copy(ofSources, newKeys)
	whole := os.Getenv("ROUNDS") != ""
	for i, name := range slices.Sorted(maps.Keys(leakSources)) {
		source := leakSources[name]
		together := func(text, reply int) bool { return whole || (text+i)%len(replies) == reply }
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if source.action == "" || name == "URI" || whole {
				leakThrough(t, source.config, ecstest.ActionDescribeSnapshots, leakFaults(echoes, together))
			}
			if source.action != "" {
				leakThrough(t, source.config, source.action, leakFaults(ofSources, together))
			}
		})
	}
}

func leakThrough(t *testing.T, source func(*testing.T, *ecstest.Server) object, action string, faults map[string]ecstest.Fault) {
	t.Helper()
	service := ecstest.Start(t, ecstest.Sample(3)...)
	config := source(t, service)
	config["region"] = ecstest.SampleRegion
	config["endpoints"] = object{"ecs": service.URL, "sts": service.URL}
	var h *harness
	for name, fault := range faults {
		service.ClearFaults()
		service.InjectInto(action, fault)
		before := len(service.Calls())
		var logs printer
		if h == nil || action != ecstest.ActionDescribeSnapshots { // A provider asks its source but once.
			h = newHarness(t, newTestProvider(nil))
			wantNoErrors(t, h.configure(config))
		}
		_, diags := h.read(tflogtest.RootLogger(t.Context(), &logs), "aliyun_ecs_snapshots", object{})
		text := printed(diags) + logs.String()
		if found := leaks(text, service.Calls()[before:]); len(found) > 0 {
			t.Errorf("%s of %s: %q can be seen in:\n%s", name, action, found, text)
		}
	}
}

// A file of the CLI that can't be read is full of secrets.
func TestMalformedCLIFileLeaksNothing(t *testing.T) {
	t.Parallel()
	profile := fmt.Sprintf(`{"name": "a", "mode": "AK", "access_key_id": %q, "access_key_secret": %q, "expired_seconds": %%s}`, leakKeyID, leakSecret)
	for _, content := range []string{
		fmt.Sprintf(`{"current": "a", "profiles": [`+profile, "900"),
		fmt.Sprintf(`{"current": "a", "profiles": [`+profile+`]} trailing`, "900"),
		fmt.Sprintf(`{"current": "a", "profiles": [`+profile+`]}`, `"`+leakSecret+`"`),
		fmt.Sprintf(`[`+profile+`]`, "900"),
		leakSecret,
	} {
		h := newHarness(t, newTestProvider(nil))
		diags := h.configure(object{"shared_credentials_file": writeFile(t, filepath.Join(t.TempDir(), "config.json"), content)})
		wantOne(t, diags, at("shared_credentials_file"), "ERROR")
		wantNoLeak(t, printed(diags), nil)
	}
}
