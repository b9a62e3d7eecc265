package provider

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"regexp"
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
)

// The keys of ecstest's sessions, and what else shows that a call was signed.
var leakPatterns = []*regexp.Regexp{
	regexp.MustCompile(`testSessionSecret`),
	regexp.MustCompile(`testSecurityToken`),
	regexp.MustCompile(`testMetadataToken`),
	regexp.MustCompile(`STS\.testAccess`),
	regexp.MustCompile(`LTAI5tLeak`),
	regexp.MustCompile(`(?i)Signature(Nonce)?(=|%3D|%253D)[^(\s]`),
	regexp.MustCompile(`(?i)(POST|GET)(&|%26|&amp;|\\u0026)(%2F|%252F)`),
}

// leaks gives what the text shows of the secrets of the calls.
func leaks(text string, calls []ecstest.Call) []string {
	var found []string
	secrets := []string{leakSecret, leakOIDCToken, leakURIQuery}
	for _, call := range calls {
		for _, name := range []string{"Signature", "OIDCToken", "SecurityToken", "AccessKeyId"} {
			if value := call.Params.Get(name); value != "" {
				secrets = append(secrets, value)
			}
		}
	}
	for _, secret := range secrets {
		for _, form := range []string{secret, url.QueryEscape(secret), url.QueryEscape(url.QueryEscape(secret)), strings.ReplaceAll(secret, "/", `\/`)} {
			if strings.Contains(text, form) {
				found = append(found, form)
			}
		}
	}
	for _, pattern := range leakPatterns {
		found = append(found, pattern.FindAllString(text, -1)...)
	}
	return found
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
}

// echoes are the forms in which a server, or something in between, repeats what
// it was sent, secrets of its own included.
var echoes = map[string]func(x *ecstest.Exchange) string{
	"query":           func(x *ecstest.Exchange) string { return x.Params.Encode() },
	"query, escaped":  func(x *ecstest.Exchange) string { return url.QueryEscape(x.Params.Encode()) },
	"query, twice":    func(x *ecstest.Exchange) string { return url.QueryEscape(url.QueryEscape(x.Params.Encode())) },
	"query, in HTML":  func(x *ecstest.Exchange) string { return strings.ReplaceAll(x.Params.Encode(), "&", "&amp;") },
	"URL":             func(x *ecstest.Exchange) string { return "http://" + x.Request.Host + "/?" + x.Params.Encode() },
	"values":          func(x *ecstest.Exchange) string { return strings.Join(values(x), "\n") },
	"names = values":  func(x *ecstest.Exchange) string { return lines(x, " = ") },
	"names: values":   func(x *ecstest.Exchange) string { return lines(x, ": ") },
	"table":           func(x *ecstest.Exchange) string { return "<tr><td>" + lines(x, "</td><td>") + "</td></tr>" },
	"JSON":            func(x *ecstest.Exchange) string { return encoded(x.Params) },
	"string to sign":  stringToSign,
	"the whole call":  wholeCall,
}

func values(x *ecstest.Exchange) (all []string) {
	for name := range x.Params {
		all = append(all, x.Params.Get(name))
	}
	return all
}

func lines(x *ecstest.Exchange, separator string) string {
	var b strings.Builder
	for name := range x.Params {
		fmt.Fprintf(&b, "%s%s%s\n", name, separator, x.Params.Get(name))
	}
	return b.String()
}

func encoded(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// stringToSign is how SignatureDoesNotMatch ends.
func stringToSign(x *ecstest.Exchange) string {
	signed := maps.Clone(x.Params)
	signed.Del("Signature")
	return "server string to sign is:" + x.Request.Method + "&%2F&" + url.QueryEscape(signed.Encode())
}

func wholeCall(x *ecstest.Exchange) string {
	head, err := httputil.DumpRequest(x.Request, false)
	if err != nil {
		return err.Error()
	}
	return string(head) + x.Params.Encode()
}

// newKeys are the forms in which a source may give keys where none are expected.
var newKeys = map[string]func(x *ecstest.Exchange) string{
	"keys":            func(x *ecstest.Exchange) string { return encoded(x.Service.IssueSession()) },
	"keys, as a text": func(x *ecstest.Exchange) string { return fmt.Sprintf("%+v", x.Service.IssueSession()) },
	"keys, cut": func(x *ecstest.Exchange) string {
		text := encoded(x.Service.IssueSession())
		return text[:len(text)-50]
	},
}

// replies are the forms of a reply that says something.
var replies = map[string]func(text string) (status int, contentType, body string){
	"error": func(text string) (int, string, string) {
		return 400, "application/json", encoded(map[string]any{"RequestId": "R", "Code": "Odd", "Message": "Refused: " + text})
	},
	"error with odd members": func(text string) (int, string, string) {
		return 403, "application/json", encoded(map[string]any{"RequestId": text, "Code": "Odd." + text, "Message": map[string]any{"Text": text}})
	},
	"passing error": func(text string) (int, string, string) {
		return 503, "application/json", encoded(map[string]any{"Code": "ServiceUnavailable", "Message": text})
	},
	"XML error": func(text string) (int, string, string) {
		return 400, "text/xml", "<Error><Code>Odd</Code><Message><![CDATA[" + text + "]]></Message></Error>"
	},
	"200 with a code": func(text string) (int, string, string) {
		return 200, "application/json", encoded(map[string]any{"RequestId": "R", "Code": "Odd", "Message": text})
	},
	"200 with a page": func(text string) (int, string, string) {
		return 200, "text/html", "<html><body>Blocked: " + text + "</body></html>"
	},
	"200 with a text":  func(text string) (int, string, string) { return 200, "text/plain", text },
	"200 of odd types": func(text string) (int, string, string) { return 200, "application/json", encoded([]string{text}) },
	"200 of odd member": func(text string) (int, string, string) {
		return 200, "application/json", encoded(map[string]any{"Snapshots": text, "Credentials": text})
	},
	"502 with a page": func(text string) (int, string, string) {
		return 502, "text/html", "<html><body>Upstream failed: " + text + "</body></html>"
	},
	"404 with a text": func(text string) (int, string, string) { return 404, "text/plain", "Nothing at " + text },
}

// redirectBack redirects to the signed URL, well formed or not.
func redirectBack(prefix string) ecstest.Fault {
	return func(x *ecstest.Exchange, next ecstest.Handler) *ecstest.Reply {
		return ecstest.Redirect(prefix+x.Request.Host+"/?"+x.Params.Encode())(x, next)
	}
}

// leakFaults are all faults that a service has, by name. It says the texts in
// every form of a reply.
func leakFaults(texts map[string]func(x *ecstest.Exchange) string) map[string]ecstest.Fault {
	faults := map[string]ecstest.Fault{
		"signature":       ecstest.RefuseSignature(),
		"expired":         ecstest.ErrorCode(400, "InvalidSecurityToken.Expired", "Specified SecurityToken is expired."),
		"permission":      ecstest.ErrorCode(403, "Forbidden.RAM", "User not authorized to operate on the specified resource."),
		"500":             ecstest.Status500(),
		"502":             ecstest.BadGatewayHTML(),
		"throttled":       ecstest.FirstN(2, ecstest.Throttle("Throttling.User", nil)),
		"redirect":        redirectBack("https://"),
		"broken redirect": redirectBack("ht tp://\x7f"),
		"reset":           ecstest.Reset(),
		"drop":            ecstest.Drop(),
		"cut":             ecstest.CutBody(100),
		"truncated":       ecstest.TruncateBody(100),
		"empty":           ecstest.TruncateBody(0),
		"none":            ecstest.Latency(0),
	}
	for as, text := range texts {
		for in, reply := range replies {
			faults[as+" in "+in] = func(x *ecstest.Exchange, next ecstest.Handler) *ecstest.Reply {
				status, contentType, body := reply(text(x))
				return ecstest.Respond(status, contentType, []byte(body))(x, next)
			}
		}
	}
	return faults
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
// is logged at TRACE and what is told shows none of them.
func TestNothingLeaks(t *testing.T) {
	t.Parallel()
	ofSources := maps.Clone(echoes)
	maps.Copy(ofSources, newKeys)
	for name, source := range leakSources {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			leakThrough(t, source.config, ecstest.ActionDescribeSnapshots, leakFaults(echoes))
			if source.action != "" {
				leakThrough(t, source.config, source.action, leakFaults(ofSources))
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
	for name, fault := range faults {
		service.ClearFaults()
		service.InjectInto(action, fault)
		before := len(service.Calls())
		var logs printer
		h := newHarness(t, newTestProvider(nil))
		wantNoErrors(t, h.configure(config))
		_, diags := h.read(tflogtest.RootLogger(t.Context(), &logs), "aliyun_ecs_snapshots", object{})
		text := printed(diags) + logs.String()
		if found := leaks(text, service.Calls()[before:]); len(found) > 0 {
			t.Errorf("%s of %s: %q can be seen in:\n%s", name, action, found, text)
		}
	}
}
