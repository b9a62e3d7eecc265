package rpc

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"io"
	"maps"
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
	t.Parallel()
	params := url.Values{
		"Timestamp": {"2016-02-23T12:46:24Z"}, "Format": {"XML"}, "AccessKeyId": {"testid"}, "Action": {"DescribeRegions"},
		"SignatureMethod": {"HMAC-SHA1"}, "SignatureNonce": {"3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf"},
		"Version": {"2014-05-26"}, "SignatureVersion": {"1.0"},
	}
	if got := signature("GET", params, "testsecret"); got != "OLeaidS1JvxuMvnyHOwuJ+uX5qY=" {
		t.Error(got)
	}
}

// formOf is the form in a request's body.
func formOf(t *testing.T, request *http.Request) url.Values {
	t.Helper()
	body, err := request.GetBody()
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	form, err := url.ParseQuery(string(text))
	if err != nil {
		t.Fatal(err)
	}
	return form
}

// All parameters are in the body, and the signature is of them.
func TestSign(t *testing.T) {
	t.Parallel()
	common := url.Values{
		"Action": {"DescribeTests"}, "Version": {"2014-05-26"}, "Format": {"JSON"}, "RegionId": {"cn-test"}, "Text": {"a b*c~d+e/f&g=快照"}, "Role": {"角色 *"},
	}
	signed := url.Values{
		"AccessKeyId": {testKeyID}, "SecurityToken": {testToken},
		"SignatureMethod": {"HMAC-SHA1"}, "SignatureType": {""}, "SignatureVersion": {"1.0"},
	}
	maps.Copy(signed, common)
	for name, test := range map[string]struct {
		unsigned bool
		want     url.Values
	}{
		"signed":   {false, signed},
		"unsigned": {true, common},
	} {
		transport := &script{replies: replies{good}}
		call := testCall(t, "https://ecs.example.com:8443")
		call.Unsigned = test.unsigned
		call.Parameters["Role"] = "角色 *"
		if err := newTestClient(t, Config{Transport: transport}).Do(t.Context(), call, &testReply{}); err != nil {
			t.Fatal(err)
		}
		request := transport.requests[0]
		if request.Method != http.MethodPost || request.URL.String() != "https://ecs.example.com:8443/" {
			t.Errorf("%s: %s %s", name, request.Method, request.URL)
		}
		form := formOf(t, request)
		if sent, err := time.Parse("2006-01-02T15:04:05Z", form.Get("Timestamp")); err != nil || time.Since(sent).Abs() > time.Minute {
			t.Errorf("%s: the timestamp is %q", name, form.Get("Timestamp"))
		}
		if !test.unsigned && (form.Get("SignatureNonce") == "" || form.Get("Signature") != signature("POST", form, testSecret)) {
			t.Errorf("%s: the signature is %q", name, form.Get("Signature"))
		}
		for _, name := range []string{"Signature", "SignatureNonce", "Timestamp"} {
			form.Del(name)
		}
		if diff := cmp.Diff(test.want, form); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
