package rpc

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const gatewayPage = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><br>\r\n<h1>502 Bad Gateway</h1>\r\n</body>\r\n</html>"

func TestClassifyReplies(t *testing.T) {
	t.Parallel()
	redirected := Error{Kind: KindRedirect, Message: "the server redirects elsewhere; redirects aren't followed"}
	notTheAPIs := func(what string) Error { return Error{Kind: KindStatus, Message: "the response is " + what} }
	transient := func(e Error) Error { e.Transient = true; return e }
	long := strings.Repeat("x", maxBodySize)
	for name, test := range map[string]struct {
		status int
		body   string
		header string
		want   Error
	}{
		"the API's code": {
			404, `{"RequestId":"R","HostId":"h","Code":"InvalidUsage","Message":"The specifed Usage is not valid"}`, "",
			Error{Kind: KindService, Code: "InvalidUsage", Message: "The specifed Usage is not valid", RequestID: "R"},
		},
		"in lower case":        {403, `{"code":"C","message":"m","requestId":"R"}`, "", Error{Kind: KindService, Code: "C", Message: "m", RequestID: "R"}},
		"a number for Code":    {400, `{"Code":42,"Message":"m"}`, "", Error{Kind: KindService, Code: "42", Message: "m"}},
		"an object for Code":   {400, `{"Code":{"A":1},"Message":"m"}`, "", Error{Kind: KindService, Code: `{"A":1}`, Message: "m"}},
		"an object as Message": {403, `{"Code":"C","Message":{"a":["b"]}}`, "", Error{Kind: KindService, Code: "C", Message: `{"a":["b"]}`}},
		"null for everything":  {400, `{"Code":null,"Message":null,"RequestId":null}`, "", notTheAPIs("JSON, but not the API's")},
		"XML": {
			400, "\n<?xml version='1.0' encoding='UTF-8'?><Error><RequestId>R</RequestId><Code>IncompleteSignature</Code><Message>m</Message></Error>", "",
			Error{Kind: KindService, Code: "IncompleteSignature", Message: "m", RequestID: "R"},
		},
		"control characters": {
			400, `{"Code":"\u202eC\u001b[2J","Message":"a\u0007b\u200bc\n\td","RequestId":"R\u001b[1m"}`, "",
			Error{Kind: KindService, Code: "\ufffdC\ufffd[2J", Message: "a\ufffdb\ufffdc d"},
		},
		"throttling":               {400, `{"Code":"Throttling","Message":"m"}`, "", Error{Kind: KindService, Code: "Throttling", Message: "m", Transient: true}},
		"throttling of a user":     {400, `{"Code":"Throttling.User"}`, "", Error{Kind: KindService, Code: "Throttling.User", Transient: true}},
		"throttling of an API":     {400, `{"Code":"Throttling.Api"}`, "", Error{Kind: KindService, Code: "Throttling.Api", Transient: true}},
		"throttling with a wait":   {400, `{"Code":"Throttling"}`, "X-Acs-Retry-After: 1500", Error{Kind: KindService, Code: "Throttling", Transient: true, RetryAfter: 1500 * time.Millisecond}},
		"service unavailable":      {503, `{"Code":"ServiceUnavailable"}`, "", Error{Kind: KindService, Code: "ServiceUnavailable", Transient: true}},
		"unavailable as a 400":     {400, `{"Code":"ServiceUnavailable"}`, "", Error{Kind: KindService, Code: "ServiceUnavailable", Transient: true}},
		"internal error":           {500, `{"Code":"InternalError"}`, "", Error{Kind: KindService, Code: "InternalError", Transient: true}},
		"system busy":              {400, `{"Code":"SystemBusy"}`, "", Error{Kind: KindService, Code: "SystemBusy", Transient: true}},
		"a degraded API":           {400, `{"Code":"Degrade.Api"}`, "", Error{Kind: KindService, Code: "Degrade.Api", Transient: true}},
		"nonce used":               {400, `{"Code":"SignatureNonceUsed"}`, "", Error{Kind: KindService, Code: "SignatureNonceUsed", Transient: true}},
		"an unknown code of a 500": {500, `{"Code":"Odd"}`, "", Error{Kind: KindService, Code: "Odd", Transient: true}},
		"the form of the time":     {400, `{"Code":"InvalidTimeStamp.Format"}`, "", Error{Kind: KindService, Code: "InvalidTimeStamp.Format"}},
		"forbidden":                {403, `{"Code":"Forbidden.RAM","AccessDeniedDetail":{"PolicyType":"x"}}`, "", Error{Kind: KindService, Code: "Forbidden.RAM"}},
		"too many requests":        {429, "slow down", "Retry-After: 3", Error{Kind: KindStatus, Message: "the response is not JSON", Transient: true, RetryAfter: 3 * time.Second}},
		"a request that timed out": {408, "", "", transient(notTheAPIs("empty"))},
		"a gateway's page":         {502, gatewayPage, "", transient(notTheAPIs("an HTML page, or XML that isn't the API's"))},
		"a proxy's page":           {407, "<p>Log in</html>", "", notTheAPIs("an HTML page, or XML that isn't the API's")},
		"a proxy's XML":            {403, "<?xml version='1.0'?><AccessDenied/>", "", notTheAPIs("an HTML page, or XML that isn't the API's")},
		"nothing":                  {500, "", "", transient(notTheAPIs("empty"))},
		"nothing, for good":        {404, " \r\n", "", notTheAPIs("empty")},
		"cut JSON":                 {400, `{"RequestId":"R","Code":"Throt`, "", Error{Kind: KindStatus, RequestID: "R", Message: "the response is JSON that ends early, after 30 bytes", Transient: true}},
		"cut behind its code":      {400, `{"RequestId":"R","Code":"Odd","Mess`, "", Error{Kind: KindService, RequestID: "R", Code: "Odd"}},
		"a long error":             {400, `{"Code":"Odd","Recommend":"` + long + `","Message":"m"}`, "", Error{Kind: KindService, Code: "Odd"}},
		"a long error of the 70s":  {400, `{"Recommend":"` + long[:70_000] + `","Code":"Odd","Message":"m"}`, "", Error{Kind: KindService, Code: "Odd", Message: "m"}},
		"a code beyond the bound":  {400, `{"Recommend":"` + long + `","Code":"Odd"}`, "", notTheAPIs("larger than 1 MiB")},
		"other JSON":               {404, `["a"]`, "", notTheAPIs("JSON, but not the API's")},
		"a redirect":               {302, "<a href='x'>Found</a>", "", redirected},
		"the first redirect":       {300, `{"Value":"v"}`, "", redirected},
		"the last redirect":        {399, "", "", redirected},
		"not modified":             {304, "", "", redirected},
		"a gateway's own status":   {499, "", "", notTheAPIs("empty")},

		"200 with a code":          {200, `{"Code":"Throttling","Message":"m","RequestId":"R"}`, "", Error{Kind: KindService, Code: "Throttling", Message: "m", RequestID: "R", Transient: true}},
		"200 with a code for good": {200, `{"Code":403}`, "", Error{Kind: KindService, Code: "403"}},
		"200 with a code and more": {200, `{"Number":"none","Code":"Odd"}`, "", Error{Kind: KindService, Code: "Odd"}},
		"200 with a code in XML":   {200, `<Error><Code>Throttling</Code></Error>`, "", Error{Kind: KindService, Code: "Throttling", Transient: true}},
		"200 with nothing":         {200, "", "", Error{Kind: KindReply, Message: "the response is empty", Transient: true}},
		"204":                      {204, "", "", Error{Kind: KindReply, Message: "the response is empty", Transient: true}},
		"200 cut":                  {200, `{"RequestId":"R","Val`, "", Error{Kind: KindReply, RequestID: "R", Message: "the response is JSON that ends early, after 21 bytes", Transient: true}},
		"200 with a page":          {200, "<html><title>Log in</title>", "", Error{Kind: KindReply, Message: "the response is an HTML page, or XML that isn't the API's"}},
		"200 with another type":    {200, `{"RequestId":"R","Number":"none"}`, "", Error{Kind: KindReply, RequestID: "R", Message: "the response isn't what was asked for: Number is a JSON string"}},
		"200 with a list":          {200, `[]`, "", Error{Kind: KindReply, Message: "the response isn't what was asked for: it is a JSON array"}},
		"200 with what is no JSON": {200, `{"a"}}`, "", Error{Kind: KindReply, Message: "the response is not JSON"}},
		"200 above the bound":      {200, `{"Value":"` + strings.Repeat("x", maxReplySize) + `"}`, "", Error{Kind: KindReply, Message: "the response is larger than 4 MiB"}},
	} {
		t.Run(name, func(t *testing.T) {
			transport := &script{replies: []func() (*http.Response, error){reply(test.status, test.body, test.header)}}
			client := newTestClient(t, Config{Transport: transport, MaxAttempts: 1})
			var failed *Error
			if err := client.Do(t.Context(), testCall(t, "https://ecs.example.com"), &testReply{}); !errors.As(err, &failed) {
				t.Fatalf("got %v", err)
			}
			want := test.want
			want.Action, want.Host, want.Status = "DescribeTests", "ecs.example.com", test.status
			if diff := cmp.Diff(want, *failed, cmpopts.IgnoreFields(Error{}, "Err", "invalidated")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestGoodReplies(t *testing.T) {
	t.Parallel()
	const long = 1 << 20
	for name, test := range map[string]struct {
		status int
		body   string
		want   testReply
	}{
		"a reply":             {200, `{"RequestId":"R","Value":"v","Number":1}`, testReply{Reply{RequestID: "R"}, "v", 1}},
		"no member":           {200, `{}`, testReply{}},
		"null":                {200, ` null `, testReply{}},
		"the last success":    {299, `{"Value":"v"}`, testReply{Value: "v"}},
		"longer than a page":  {200, `{"Value":"` + strings.Repeat("x", long) + `"}`, testReply{Value: Text(strings.Repeat("x", long))}},
		"as long as possible": {200, `{"Value":"v"` + strings.Repeat(" ", maxReplySize-len(`{"Value":"v"}`)) + `}`, testReply{Value: "v"}},
		"an id that is none":  {200, `{"RequestId":"R <b>1</b>"}`, testReply{}},
	} {
		t.Run(name, func(t *testing.T) {
			transport := &script{replies: []func() (*http.Response, error){reply(test.status, test.body, "Date: Mon, 02 Jan 2006 15:04:05 GMT")}}
			got := testReply{Value: "left over"}
			if err := newTestClient(t, Config{Transport: transport}).Do(t.Context(), testCall(t, "https://ecs.example.com"), &got); err != nil {
				t.Fatal(err)
			}
			test.want.Status, test.want.Size = test.status, len(strings.TrimSpace(test.body))
			test.want.Date = time.Date(2006, 1, 2, 15, 4, 5, 0, time.UTC)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// few is a list that bounds itself while it is decoded.
type few []string

func (*few) UnmarshalJSON([]byte) error { return errors.New("there are more than 2 values") }

func TestReplyThatBoundsItself(t *testing.T) {
	t.Parallel()
	var reply struct {
		Reply
		Values few
	}
	transport := &script{replies: replies{func() (*http.Response, error) {
		return answer(200, `{"RequestId":"R","Values":["a","b","c"]}`), nil
	}}}
	err := newTestClient(t, Config{Transport: transport}).Do(t.Context(), testCall(t, "https://ecs.example.com"), &reply)
	want := "DescribeTests at ecs.example.com: HTTP status 200: the response isn't what was asked for: there are more than 2 values (request ID R)"
	if err == nil || err.Error() != want || len(transport.requests) != 1 {
		t.Errorf("after %d calls: got %v, want %s", len(transport.requests), err, want)
	}
}

func TestErrorText(t *testing.T) {
	t.Parallel()
	for want, e := range map[string]*Error{
		"A at h: C: m (request ID R)":               {Action: "A", Host: "h", Code: "C", Message: "m", RequestID: "R", Status: 400},
		"A at h: HTTP status 502: m":                {Action: "A", Host: "h", Message: "m", Status: 502},
		"A at h: C: no message":                     {Action: "A", Host: "h", Code: "C"},
		"A at h: connection reset":                  {Action: "A", Host: "h", Message: "connection reset"},
		"h: connection reset":                       {Host: "h", Message: "connection reset"},
		"A at h: C: m (the server asks to wait 2s)": {Action: "A", Host: "h", Code: "C", Message: "m", RetryAfter: 2 * time.Second},
	} {
		if got := e.Error(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]Text{
		`"plain"`:              "plain",
		`""`:                   "",
		`"快照 <b>&\"q\"\n"`:     "快照 <b>&\"q\"\n",
		`"\u5feb\ud83d\ude00"`: "快😀",
		"\"a\xffb\"":           "a\ufffdb",
		`40`:                   "40",
		`-4.5e1`:               "-4.5e1",
		`true`:                 "true",
		`null`:                 "",
		`{"a": "b"}`:           `{"a": "b"}`,
		`["a"]`:                `["a"]`,
		`"\"quoted\""`:         `"quoted"`,
	} {
		var got struct{ T Text }
		if err := json.Unmarshal([]byte(`{"T":`+data+`}`), &got); err != nil || got.T != want {
			t.Errorf("%s: got %q and %v, want %q", data, got.T, err, want)
		}
	}
}

// Strings are read as encoding/json reads them, and nothing else fails.
func FuzzText(f *testing.F) {
	for _, seed := range []string{`"a"`, `"\u00"`, `{}`, `[1,2]`, `"a\`, "\"\xff\"", `null`, `1e400`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var got Text
		err := json.Unmarshal(data, &got)
		if valid := json.Valid(data); (err == nil) != valid {
			t.Fatalf("%q: valid %t, error %v", data, valid, err)
		}
		var want string
		if json.Unmarshal(data, &want) == nil && string(got) != want {
			t.Errorf("%q: got %q, want %q", data, got, want)
		}
	})
}
