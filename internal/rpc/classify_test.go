package rpc

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const gatewayPage = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><br>\r\n<h1>502 Bad Gateway</h1>\r\n</body>\r\n</html>"

func TestClassifyReplies(t *testing.T) {
	for name, test := range map[string]struct {
		status int
		body   string
		header string
		want   Error
	}{
		"the service's code": {
			404, `{"RequestId":"R","HostId":"h","Code":"InvalidUsage","Message":"The specifed Usage is not valid"}`, "",
			Error{Kind: KindService, Code: "InvalidUsage", Message: "The specifed Usage is not valid", RequestID: "R"},
		},
		"a number for Code":    {400, `{"Code":42,"Message":"m"}`, "", Error{Kind: KindService, Code: "42", Message: "m"}},
		"an object for Code":   {400, `{"Code":{"A":1},"Message":"m"}`, "", Error{Kind: KindService, Code: `{"A":1}`, Message: "m"}},
		"an object as Message": {403, `{"Code":"C","Message":{"a":["b"]}}`, "", Error{Kind: KindService, Code: "C", Message: `{"a":["b"]}`}},
		"null for everything":  {400, `{"Code":null,"Message":null,"RequestId":null}`, "", Error{Kind: KindStatus, Message: `{"Code":null,"Message":null,"RequestId":null}`}},
		"XML": {
			400, "\n<?xml version='1.0' encoding='UTF-8'?><Error><RequestId>R</RequestId><Code>IncompleteSignature</Code><Message>m</Message></Error>", "",
			Error{Kind: KindService, Code: "IncompleteSignature", Message: "m", RequestID: "R"},
		},
		"throttling":               {400, `{"Code":"Throttling","Message":"m"}`, "", Error{Kind: KindService, Code: "Throttling", Message: "m", Transient: true}},
		"throttling of a user":     {400, `{"Code":"Throttling.User"}`, "", Error{Kind: KindService, Code: "Throttling.User", Transient: true}},
		"throttling of an API":     {400, `{"Code":"Throttling.Api"}`, "", Error{Kind: KindService, Code: "Throttling.Api", Transient: true}},
		"throttling with a wait":   {400, `{"Code":"Throttling"}`, "X-Acs-Retry-After: 1500", Error{Kind: KindService, Code: "Throttling", Transient: true, RetryAfter: 1500 * time.Millisecond}},
		"service unavailable":      {503, `{"Code":"ServiceUnavailable"}`, "", Error{Kind: KindService, Code: "ServiceUnavailable", Transient: true}},
		"unavailable as a 400":     {400, `{"Code":"ServiceUnavailable"}`, "", Error{Kind: KindService, Code: "ServiceUnavailable", Transient: true}},
		"internal error":           {500, `{"Code":"InternalError"}`, "", Error{Kind: KindService, Code: "InternalError", Transient: true}},
		"system busy":              {400, `{"Code":"SystemBusy"}`, "", Error{Kind: KindService, Code: "SystemBusy", Transient: true}},
		"nonce used":               {400, `{"Code":"SignatureNonceUsed"}`, "", Error{Kind: KindService, Code: "SignatureNonceUsed", Transient: true}},
		"an unknown code of a 500": {500, `{"Code":"Odd"}`, "", Error{Kind: KindService, Code: "Odd", Transient: true}},
		"forbidden":                {403, `{"Code":"Forbidden.RAM","AccessDeniedDetail":{"PolicyType":"x"}}`, "", Error{Kind: KindService, Code: "Forbidden.RAM"}},
		"too many requests":        {429, "slow down", "Retry-After: 3", Error{Kind: KindStatus, Message: "slow down", Transient: true, RetryAfter: 3 * time.Second}},
		"a gateway's page":         {502, gatewayPage, "", Error{Kind: KindStatus, Message: "502 Bad Gateway 502 Bad Gateway", Transient: true}},
		"a proxy's page":           {407, "<html><p>Log in</html>", "", Error{Kind: KindStatus, Message: "Log in"}},
		"nothing":                  {500, "", "", Error{Kind: KindStatus, Message: "Internal Server Error", Transient: true}},
		"nothing, for good":        {404, " \r\n", "", Error{Kind: KindStatus, Message: "Not Found"}},
		"cut JSON":                 {400, `{"RequestId":"R","Code":"Throt`, "", Error{Kind: KindStatus, Message: `{"RequestId":"R","Code":"Throt`, Transient: true}},
		"other JSON":               {404, `["a"]`, "", Error{Kind: KindStatus, Message: `["a"]`}},
		"a redirect":               {302, "<a href='x'>Found</a>", "", Error{Kind: KindRedirect, Message: "the server redirects elsewhere; redirects of signed calls are not followed"}},
		"the first redirect":       {300, `{"Value":"v"}`, "", Error{Kind: KindRedirect, Message: "the server redirects elsewhere; redirects of signed calls are not followed"}},
		"the last redirect":        {399, "", "", Error{Kind: KindRedirect, Message: "the server redirects elsewhere; redirects of signed calls are not followed"}},
		"a gateway's own status":   {499, "", "", Error{Kind: KindStatus}},
		"not modified":             {304, "", "", Error{Kind: KindRedirect, Message: "the server redirects elsewhere; redirects of signed calls are not followed"}},

		"200 with a code":           {200, `{"Code":"Throttling","Message":"m","RequestId":"R"}`, "", Error{Kind: KindService, Code: "Throttling", Message: "m", RequestID: "R", Transient: true}},
		"200 with a code for good":  {200, `{"Code":403}`, "", Error{Kind: KindService, Code: "403"}},
		"200 with a code and more":  {200, `{"Number":"none","Code":"Odd"}`, "", Error{Kind: KindService, Code: "Odd"}},
		"200 with a code in XML":    {200, `<Error><Code>Throttling</Code></Error>`, "", Error{Kind: KindService, Code: "Throttling", Transient: true}},
		"200 with nothing":          {200, "", "", Error{Kind: KindReply, Message: "the reply has no body", Transient: true}},
		"204":                       {204, "", "", Error{Kind: KindReply, Message: "the reply has no body", Transient: true}},
		"200 cut":                   {200, `{"RequestId":"R","Val`, "", Error{Kind: KindReply, Message: "the reply ends in the middle, after 21 bytes", Transient: true}},
		"200 with a page":           {200, "<html><title>Log in</title>", "", Error{Kind: KindReply, Message: "the reply is a page or XML, not the service's JSON: Log in"}},
		"200 with another type":     {200, `{"RequestId":"R","Number":"none"}`, "", Error{Kind: KindReply, RequestID: "R", Message: "the reply's member Number is of the wrong type, string"}},
		"200 with a list":           {200, `[]`, "", Error{Kind: KindReply, Message: "the reply is a JSON array, not an object"}},
		"200 with what is no JSON":  {200, `{"a"}}`, "", Error{Kind: KindReply, Message: "the reply can't be read: invalid character '}' after object key"}},
		"200 above the cap":         {200, `{"Value":"` + strings.Repeat("x", maxBodySize) + `"}`, "", Error{Kind: KindReply, Message: "the reply is larger than 16 MiB"}},
		"an error without end":      {500, strings.Repeat("x", maxBodySize+1), "", Error{Kind: KindStatus, Message: "Internal Server Error", Transient: true}},
		"a long page below the cap": {403, "<i>" + strings.Repeat("long ", 1<<15), "", Error{Kind: KindStatus, Message: strings.Repeat("long ", 120) + "…"}},
	} {
		t.Run(name, func(t *testing.T) {
			transport := &script{replies: []func() (*http.Response, error){reply(test.status, test.body, test.header)}}
			client := newTestClient(t, Config{Transport: transport, MaxAttempts: 1})
			// Throttling alone is tried again without an end.
			failed := client.attempt(t.Context(), testCall(t, "https://ecs.example.com"), 1, &testReply{})
			if failed == nil {
				t.Fatal("no error")
			}
			want := test.want
			want.Action, want.Host, want.Status = "DescribeTests", "ecs.example.com", test.status
			if diff := cmp.Diff(want, *failed, cmpopts.IgnoreFields(Error{}, "Err", "renewed")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestGoodReplies(t *testing.T) {
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
		"as long as possible": {200, `{"Value":"v"` + strings.Repeat(" ", maxBodySize-len(`{"Value":"v"}`)) + `}`, testReply{Value: "v"}},
		"an id that is none":  {200, `{"RequestId":"R <b>1</b>"}`, testReply{}},
	} {
		t.Run(name, func(t *testing.T) {
			transport := &script{replies: []func() (*http.Response, error){reply(test.status, test.body, "Date: Mon, 02 Jan 2006 15:04:05 GMT")}}
			got := testReply{Value: "left over"}
			if err := newTestClient(t, Config{Transport: transport}).Do(t.Context(), testCall(t, "https://ecs.example.com"), &got); err != nil {
				t.Fatal(err)
			}
			test.want.Status = test.status
			test.want.Date = time.Date(2006, 1, 2, 15, 4, 5, 0, time.UTC)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestErrorText(t *testing.T) {
	for want, e := range map[string]*Error{
		"A at h: C: m (request id R)": {Action: "A", Host: "h", Code: "C", Message: "m", RequestID: "R", Status: 400},
		"A at h: HTTP status 502: m":  {Action: "A", Host: "h", Message: "m", Status: 502},
		"A at h: C: no message":       {Action: "A", Host: "h", Code: "C"},
		"A at h: connection reset":    {Action: "A", Host: "h", Message: "connection reset"},
	} {
		if got := e.Error(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
