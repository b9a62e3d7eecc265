package credentials

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // The service's own way to sign.
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"strings"
	"sync"
	"testing"
	"time"
)

// stsService is a strict STS. Its sessions are named after the role, and their
// number: session-reader-1.
type stsService struct {
	*httptest.Server
	lifetime time.Duration
	now      func() time.Time
	secrets  map[string]string                          // Of the access keys that it knows beside its own sessions'.
	fault    func(http.ResponseWriter, url.Values) bool // Answers instead; true means that it did.

	mu        sync.Mutex
	calls     []url.Values
	userAgent string // Of the last call.
}

func newSTS(t *testing.T, start func(http.Handler) *httptest.Server) *stsService {
	t.Helper()
	s := &stsService{lifetime: time.Hour, now: time.Now, secrets: map[string]string{"base-key": "base-secret"}}
	s.Server = start(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.serve(t, w, r) }))
	t.Cleanup(s.Close)
	return s
}

func (s *stsService) serve(t *testing.T, w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		t.Errorf("the form: %v", err)
	}
	if r.Method != http.MethodPost || r.URL.String() != "/" {
		t.Errorf("the request is %s %s, not a POST with all parameters in its body", r.Method, r.URL)
	}
	form := r.Form
	s.mu.Lock()
	s.calls = append(s.calls, form)
	s.userAgent = r.UserAgent()
	number := len(s.calls)
	s.mu.Unlock()
	if form.Get("Version") != "2015-04-01" || form.Get("Format") != "JSON" || form.Get("Timestamp") == "" {
		t.Errorf("the common parameters are %v", form)
	}
	if s.fault != nil && s.fault(w, form) {
		return
	}
	switch form.Get("Action") {
	case "AssumeRole":
		if !s.signed(form) {
			reply(w, http.StatusBadRequest, map[string]any{
				"Code": "SignatureDoesNotMatch", "RequestId": "req-1",
				"Message": "Specified signature is not matched with our calculation. server string to sign is:POST&%2F&SecurityToken%3D" + form.Get("SecurityToken"),
			})
			return
		}
	case "AssumeRoleWithOIDC":
		if form.Has("Signature") || form.Get("OIDCProviderArn") == "" {
			t.Errorf("the parameters are %v", form)
		}
		if !strings.HasPrefix(form.Get("OIDCToken"), "good-token") {
			reply(w, http.StatusBadRequest, map[string]any{
				"Code": "AuthenticationFail.OIDCToken.Invalid", "RequestId": "req-2",
				"Message": "The token " + form.Get("OIDCToken") + " is not valid.",
			})
			return
		}
	default:
		t.Errorf("the action is %q", form.Get("Action"))
	}
	id := fmt.Sprintf("session-%s-%d", path.Base(form.Get("RoleArn")), number)
	reply(w, http.StatusOK, map[string]any{"RequestId": "req-0", "Credentials": map[string]string{
		"AccessKeyId": id, "AccessKeySecret": "secret-of-" + id, "SecurityToken": "token-of-" + id,
		"Expiration": s.now().UTC().Add(s.lifetime).Format(time.RFC3339),
	}})
}

// signed checks the signature as the document of the RPC style describes it.
func (s *stsService) signed(form url.Values) bool {
	id := form.Get("AccessKeyId")
	secret, known := s.secrets[id]
	if !known {
		secret = "secret-of-" + id
	}
	if token := form.Get("SecurityToken"); token != "" && token != "token-of-"+id || token == "" && !known {
		return false
	}
	rest := url.Values{}
	for name, values := range form {
		if name != "Signature" {
			rest[name] = values
		}
	}
	escape := func(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }
	joined := strings.ReplaceAll(rest.Encode(), "+", "%20")
	hash := hmac.New(sha1.New, []byte(secret+"&"))
	_, _ = io.WriteString(hash, "POST&%2F&"+escape(joined))
	return form.Get("Signature") == base64.StdEncoding.EncodeToString(hash.Sum(nil))
}

func (s *stsService) called() []url.Values {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]url.Values(nil), s.calls...)
}

func reply(w http.ResponseWriter, status int, body any) {
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// metadataService is an instance with the role "instance-role".
type metadataService struct {
	*httptest.Server
	fault func(http.ResponseWriter, *http.Request) bool // Answers instead; true means that it did.

	mu     sync.Mutex
	v1, v2 int // Requests without a token and with one.
}

func newMetadata(t *testing.T) *metadataService {
	t.Helper()
	m := &metadataService{}
	m.Server = httptest.NewServer(m)
	t.Cleanup(m.Close)
	return m
}

func (m *metadataService) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	const roles = "/latest/meta-data/ram/security-credentials/"
	m.mu.Lock()
	defer m.mu.Unlock()
	token := r.Header.Get("X-Aliyun-Ecs-Metadata-Token")
	switch {
	case r.Method == http.MethodPut:
	case token == "":
		m.v1++
	default:
		m.v2++
	}
	switch {
	case m.fault != nil && m.fault(w, r):
	case r.Method == http.MethodPut && r.URL.Path == "/latest/api/token" && r.Header.Get("X-Aliyun-Ecs-Metadata-Token-Ttl-Seconds") != "":
		_, _ = io.WriteString(w, "metadata-token")
	case token != "" && token != "metadata-token":
		http.Error(w, "no such token", http.StatusForbidden)
	case r.URL.Path == roles:
		_, _ = io.WriteString(w, "instance-role")
	case r.URL.Path == roles+"instance-role":
		reply(w, http.StatusOK, uriReply("metadata-key", "Code", "Success"))
	default:
		http.NotFound(w, r)
	}
}

// uriReply is what a credentials URI answers, with further members.
func uriReply(id string, members ...string) map[string]string {
	body := map[string]string{
		"AccessKeyId": id, "AccessKeySecret": "secret-of-" + id, "SecurityToken": "token-of-" + id, "Expiration": inAnHour(),
	}
	for i := 0; i < len(members); i += 2 {
		body[members[i]] = members[i+1]
	}
	return body
}

// newURI is a credentials URI whose handler may fail first.
func newURI(t *testing.T, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	if handler == nil {
		handler = func(w http.ResponseWriter, _ *http.Request) { reply(w, http.StatusOK, uriReply("uri-key")) }
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server
}

// newCloudSSO is a CloudSSO sign-in server.
func newCloudSSO(t *testing.T) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/cloud-credentials" || r.Header.Get("Authorization") != "Bearer sso-token" {
			reply(w, http.StatusForbidden, map[string]string{"ErrorCode": "NoPermission", "ErrorMessage": "not by " + r.Header.Get("Authorization"), "RequestId": "req-3"})
			return
		}
		reply(w, http.StatusOK, map[string]any{"CloudCredential": uriReply("sso-key")})
	}))
	t.Cleanup(server.Close)
	return server
}
