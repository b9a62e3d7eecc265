package ecstest_test

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// startTLS lets the server speak TLS too, and gives what its clients need.
func startTLS(t *testing.T, server *ecstest.Server) (string, *http.Transport) {
	t.Helper()
	url, ca := server.StartTLS(t)
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(ca) {
		t.Fatalf("no certificate in %s", ca)
	}
	return url, &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: roots}}
}

const (
	testRole     = "acs:ram::1000000000000000:role/reader"
	testProvider = "acs:ram::1000000000000000:oidc-provider/ci"
)

func TestAssumeRole(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		params map[string]string
		code   string
	}{
		{"plain", p(), ""},
		{"all", p("DurationSeconds", "900", "Policy", `{"Version":"1"}`, "ExternalId", "abc"), ""},
		{"no role", p("RoleArn", drop), "MissingParameter"},
		{"no session name", p("RoleSessionName", drop), "MissingParameter"},
		{"role", p("RoleArn", "reader"), "InvalidParameter.RoleArn"},
		{"session name", p("RoleSessionName", "a b"), "InvalidParameter.RoleSessionName"},
		{"short", p("DurationSeconds", "899"), "InvalidParameter.DurationSeconds"},
		{"long", p("DurationSeconds", "43201"), "InvalidParameter.DurationSeconds"},
		{"policy", p("Policy", "{"), "InvalidParameter.PolicyGrammar"},
		{"external id", p("ExternalId", "x"), "InvalidParameter.ExternalId"},
		{"version", p("Version", "2014-05-26"), "InvalidVersion"},
		{"signature", p("SignatureMethod", "x"), "IncompleteSignature"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := ecstest.Start(t)
			c := newClient(t, server.URL)
			c.method = http.MethodPost
			params := p("RoleArn", testRole, "RoleSessionName", "ci-1")
			for name, value := range test.params {
				params[name] = value
			}
			a := c.sts("AssumeRole", params)
			if a.Code != test.code || (a.status == 200) != (test.code == "") {
				t.Fatalf("got %d %s", a.status, a.body)
			}
			if test.code == "" {
				c.id, c.secret, c.token = a.Credentials.AccessKeyID, a.Credentials.AccessKeySecret, a.Credentials.SecurityToken
				if a := c.describe(nil); a.status != 200 {
					t.Errorf("with the session: %d %s", a.status, a.body)
				}
			}
		})
	}
}

// Callers that want nothing of a call in any log send all of it in the body, the signature too.
func TestWholeCallsInTheBody(t *testing.T) {
	t.Parallel()
	server := ecstest.Start(t, ecstest.Sample(3)...)
	server.AllowOIDCTokens("good")
	c := newClient(t, server.URL)
	c.method = http.MethodPost
	form := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	post := func(params map[string]string) *answer { return c.send(c.method, "/", toValues(params).Encode(), form) }

	// SignatureType and RegionId are what the vendor's SDK adds to each call.
	sdk := p("RoleArn", testRole, "RoleSessionName", "ci-1", "SignatureType", "", "RegionId", "cn-hangzhou")
	assumed := post(c.sign(c.full("AssumeRole", "2015-04-01", sdk)))
	if assumed.status != 200 || assumed.Credentials.SecurityToken == "" {
		t.Fatalf("AssumeRole: %d %s", assumed.status, assumed.body)
	}
	oidc := c.full("AssumeRoleWithOIDC", "2015-04-01", sdk)
	for name, value := range p("OIDCProviderArn", testProvider, "OIDCToken", "good") {
		oidc[name] = value
	}
	if a := post(oidc); a.status != 200 || a.Credentials.SecurityToken == "" {
		t.Errorf("AssumeRoleWithOIDC: %d %s", a.status, a.body)
	}
	c.id, c.secret, c.token = assumed.Credentials.AccessKeyID, assumed.Credentials.AccessKeySecret, assumed.Credentials.SecurityToken
	if a := post(c.sign(c.full("DescribeSnapshots", "2014-05-26", nil))); a.status != 200 || len(a.ids()) != 3 {
		t.Errorf("DescribeSnapshots: %d %s", a.status, a.body)
	}
}

func TestAssumeRoleWithOIDC(t *testing.T) {
	t.Parallel()
	server := ecstest.Start(t)
	server.AllowOIDCTokens("good")
	c := newClient(t, server.URL)
	c.url, c.http.Transport = startTLS(t, server)
	c.method = http.MethodPost
	for _, test := range []struct{ provider, token, code string }{
		{testProvider, "good", ""},
		{testProvider, "bad", "AuthenticationFail.OIDCToken.Invalid"},
		{testProvider, "", "MissingParameter"},
		{"", "good", "MissingParameter"},
		{"ci", "good", "InvalidParameter.OIDCProviderArn"},
	} {
		a := c.do(p(
			"Action", "AssumeRoleWithOIDC", "Version", "2015-04-01", "Format", "JSON", "Timestamp", time.Now().UTC().Format("2006-01-02T15:04:05Z"),
			"RoleArn", testRole, "RoleSessionName", "ci", "OIDCProviderArn", test.provider, "OIDCToken", test.token,
		))
		if a.Code != test.code || test.code == "" && a.Credentials.SecurityToken == "" {
			t.Errorf("%+v: %d %s", test, a.status, a.body)
		}
	}
}

func TestSessions(t *testing.T) {
	t.Parallel()
	now := time.Now().Truncate(time.Second)
	server := ecstest.Start(t)
	server.SetClock(func() time.Time { return now })
	server.SetSessionLife(2 * time.Second)
	session, other := server.IssueSession(), server.IssueSession()
	c := newClient(t, server.URL)
	c.id, c.secret, c.token = session.AccessKeyID, session.AccessKeySecret, session.SecurityToken
	check := func(want string) {
		t.Helper()
		if a := c.describe(nil); a.Code != want {
			t.Errorf("got %d %s, want %q", a.status, a.body, want)
		}
	}
	check("")
	now = now.Add(2 * time.Second)
	check("InvalidSecurityToken.Expired")
	c.token = other.SecurityToken
	check("InvalidSecurityToken.MismatchWithAccessKey")
	c.token = ""
	check("InvalidAccessKeyId.NotFound")

	server.AddKey("LTAIanother", "its secret")
	c.id, c.secret = "LTAIanother", "its secret"
	check("")
}

func TestCredentialsURI(t *testing.T) {
	t.Parallel()
	server := ecstest.Start(t)
	server.InjectInto(ecstest.ActionCredentialsURI, ecstest.FirstN(1, ecstest.BadGatewayHTML()))
	c := newClient(t, server.URL)
	if a := c.send("GET", ecstest.CredentialsPath, "", nil); a.status != 502 {
		t.Errorf("got %d", a.status)
	}
	a := c.send("GET", ecstest.CredentialsPath, "", nil)
	for _, want := range []string{`"Code":"Success"`, `"AccessKeyId":"STS.`, `"AccessKeySecret":"`, `"SecurityToken":"`, `"Expiration":"2`} {
		if !strings.Contains(a.body, want) {
			t.Errorf("no %s in %s", want, a.body)
		}
	}
	if n := server.CallCount(ecstest.ActionCredentialsURI); n != 2 {
		t.Errorf("%d calls", n)
	}
}

func TestMetadata(t *testing.T) {
	t.Parallel()
	const path = "/latest/meta-data/ram/security-credentials/"
	now := time.Now()
	server := ecstest.Start(t)
	server.SetClock(func() time.Time { return now })
	c := newClient(t, server.URL)
	get := func(path, token string, status int, want string) {
		t.Helper()
		header := http.Header{}
		if token != "" {
			header.Set("X-aliyun-ecs-metadata-token", token)
		}
		if a := c.send("GET", path, "", header); a.status != status || !strings.Contains(a.body, want) {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	ttl := func(seconds int) http.Header {
		header := http.Header{}
		header.Set("X-aliyun-ecs-metadata-token-ttl-seconds", fmt.Sprint(seconds))
		return header
	}
	get(path, "", 200, ecstest.RoleName)
	server.RequireMetadataToken(true)
	get(path, "", 403, "")
	get(path, "made up", 403, "")
	if a := c.send("PUT", "/latest/api/token", "", ttl(0)); a.status != 400 {
		t.Errorf("got %d", a.status)
	}
	token := c.send("PUT", "/latest/api/token", "", ttl(60)).body
	get(path, token, 200, ecstest.RoleName)
	get(path+ecstest.RoleName, token, 200, `"Code":"Success"`)
	get(path+"other", token, 404, "")
	now = now.Add(time.Minute)
	get(path, token, 403, "")
	if v1, v2 := server.MetadataCalls(); v1 != 2 || v2 != 5 {
		t.Errorf("%d and %d calls", v1, v2)
	}
}
