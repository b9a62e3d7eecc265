package rpc

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// signature is the document's signature of version 1.0, written anew to judge the
// SDK's.
func signature(method string, params url.Values, secret string) string {
	encode := func(s string) string {
		s = url.QueryEscape(s)
		return strings.NewReplacer("+", "%20", "*", "%2A", "%7E", "~").Replace(s)
	}
	var pairs []string
	for name := range params {
		if name != "Signature" {
			pairs = append(pairs, encode(name)+"="+encode(params.Get(name)))
		}
	}
	slices.Sort(pairs)
	mac := hmac.New(sha1.New, []byte(secret+"&"))
	mac.Write([]byte(method + "&%2F&" + encode(strings.Join(pairs, "&"))))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// The document's own example.
func TestSignatureVector(t *testing.T) {
	params := url.Values{
		"Timestamp": {"2016-02-23T12:46:24Z"}, "Format": {"XML"}, "AccessKeyId": {"testid"}, "Action": {"DescribeRegions"},
		"SignatureMethod": {"HMAC-SHA1"}, "SignatureNonce": {"3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf"},
		"Version": {"2014-05-26"}, "SignatureVersion": {"1.0"},
	}
	if got := signature("GET", params, "testsecret"); got != "OLeaidS1JvxuMvnyHOwuJ+uX5qY=" {
		t.Error(got)
	}
}

func TestSign(t *testing.T) {
	call := testCall(t, "https://ecs.example.com:8443")
	request := call.New()
	if err := sign(call, request, &sessionKeys.Credentials); err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(request.BuildUrl())
	if err != nil {
		t.Fatal(err)
	}
	if u.Scheme != "https" || u.Host != "ecs.example.com:8443" || u.Path != "/" {
		t.Errorf("signed for %s://%s%s", u.Scheme, u.Host, u.Path)
	}
	params := u.Query()
	if got, want := params.Get("Signature"), signature("POST", params, testSecret); got != want {
		t.Errorf("signature %q, want %q", got, want)
	}
	sent, err := time.Parse("2006-01-02T15:04:05Z", params.Get("Timestamp"))
	if err != nil || time.Since(sent).Abs() > time.Minute {
		t.Errorf("timestamp %q", params.Get("Timestamp"))
	}
	for _, name := range []string{"Signature", "SignatureNonce", "Timestamp"} {
		if params.Get(name) == "" {
			t.Errorf("no %s", name)
		}
		params.Del(name)
	}
	want := url.Values{
		"AccessKeyId": {testKeyID}, "SecurityToken": {testToken}, "Action": {"DescribeTests"}, "Version": {"2014-05-26"},
		"Format": {"JSON"}, "RegionId": {"cn-test"}, "Text": {"a b*c~d+e/f&g=快照"},
		"SignatureMethod": {"HMAC-SHA1"}, "SignatureType": {""}, "SignatureVersion": {"1.0"},
	}
	if diff := cmp.Diff(want, params); diff != "" {
		t.Error(diff)
	}
}

// Parameters of the body are signed too, and calls may be unsigned. A service without
// regions gets just what its document names.
func TestFormParameters(t *testing.T) {
	for name, unsigned := range map[string]bool{"signed": false, "unsigned": true} {
		transport := &script{replies: []func() (*http.Response, error){reply(200, served)}}
		call := testCall(t, "http://sts.example.com")
		call.Unsigned, call.Region = unsigned, ""
		call.New = func() Signable {
			return &struct {
				*Request
				Role string `position:"Body" name:"Role"`
			}{NewRequest("Sts", "2015-04-01", "AssumeTest"), "a b*c~d+e/f&g=角色"}
		}
		client := newTestClient(t, Config{Transport: transport})
		if err := client.Do(t.Context(), call, &testReply{}); err != nil {
			t.Fatal(err)
		}
		request := transport.requests[0]
		query := request.URL.Query()
		if err := request.ParseForm(); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(url.Values{"Role": {"a b*c~d+e/f&g=角色"}}, request.PostForm); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if query.Get("Action") != "AssumeTest" || query.Get("Version") != "2015-04-01" || query.Get("Format") != "JSON" || query.Get("Timestamp") == "" {
			t.Errorf("%s: the query is %v", name, query)
		}
		if query.Has("RegionId") || query.Has("SignatureType") {
			t.Errorf("%s: the query is %v", name, query)
		}
		if got := request.Form.Get("Signature"); unsigned && (got != "" || query.Has("AccessKeyId")) || !unsigned && got != signature("POST", request.Form, testSecret) {
			t.Errorf("%s: signature %q in %v", name, got, query)
		}
	}
}
