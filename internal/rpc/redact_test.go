package rpc

import (
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestRedact(t *testing.T) {
	const token = "CAISabcdefgh+ijklmnop/qrstuvwx=="
	for name, test := range map[string]struct{ text, want string }{
		"a message":      {"The specified Status is not found", "The specified Status is not found"},
		"Chinese":        {"指定的资源状态不存在。", "指定的资源状态不存在。"},
		"a secret":       {"key " + testSecret + ".", "key (redacted)."},
		"a token":        {"token=" + token, "token=(redacted)"},
		"a short secret": {"is wxyz.", "is (redacted)."},
		"once encoded":   {"t " + url.QueryEscape(token), "t (redacted)"},
		"twice encoded":  {"t " + url.QueryEscape(url.QueryEscape(token)), "t (redacted)"},
		"in JSON":        {`{"t":"CAISabcdefgh\u002bijklmnop\/qrstuvwx\u003d\u003d"}`, `{"t":"(redacted)"}`},
		"in HTML":        {"t CAISabcdefgh&#43;ijklmnop&#x2F;qrstuvwx==", "t (redacted)"},
		"in lower case":  {"t CAISabcdefgh%2bijklmnop%252fqrstuvwx%3d%3d", "t (redacted)"},
		"short runs":     {`{"Signature":"OLe\/dS1J+vuMv\/yH="} Signature: %2fOLe%2fdS1J%2b`, `{"(redacted)"} (redacted)`},
		"split by lines": {"t CAISabcdefgh+\n\tijklmnop", "t (redacted)+ (redacted)"},
		"a string to sign": {
			"Specified signature is not matched with our calculation. server string to sign is:POST&%2F&AccessKeyId%3DLTAI",
			"Specified signature is not matched with our calculation. string to sign is (redacted)",
		},
		"its other spelling":  {"StringToSign: GET&%2F&x", "string to sign is (redacted)"},
		"a signed URL":        {`Post "https://ecs.example.com/?Signature=abc&x=y": EOF`, `Post "https://ecs.example.com/?(redacted)": EOF`},
		"signed parameters":   {"GET /?AccessKeyId=LTAI5t&Action=A&signature=a%2Fb&SecurityToken=x HTTP/1.1", "GET /?(redacted)&Action=A&(redacted)&(redacted) HTTP/1.1"},
		"encoded parameters":  {"Action%3DA%26Signature%3Dabc", "Action%3DA%26(redacted)"},
		"doubly encoded ones": {"Action%253DA%2526SecurityToken%253Dabc", "Action%253DA%2526(redacted)"},
		"a user of a URL":     {"invalid proxy address http://me:hush@proxy:3128", "invalid proxy address http://proxy:3128"},
		"markup": {
			"<HTML><head><style>b{color:red}</style><script>alert('x')</script></head>\r\n<b>502</b> Bad\x00Gateway\x1b[31m</html>",
			"502 Bad Gateway [31m",
		},
		"what is long":           {strings.Repeat("快", 600), strings.Repeat("快", 600)},
		"as long as possible":    {strings.Repeat("<i>", maxTextSize/3-1) + "abcd", "abcd"},
		"what is too long":       {strings.Repeat("快", 700), strings.Repeat("快", 600) + "…"},
		"what is far too long":   {strings.Repeat("<i>快 </i>", 50_000), strings.Repeat("快 ", 300) + "…"},
		"a secret at the cut":    {strings.Repeat("<i>", maxTextSize/3) + " abc " + token, ""},
		"no blank at the cut":    {"<" + strings.Repeat("a", maxTextSize-20) + ">" + token, ""},
		"scripts without end":    {strings.Repeat("<script>", maxTextSize/10) + "var a", ""},
		"a tag without end":      {"a < b", "a < b"},
		"nothing":                {"", ""},
		"what isn't UTF-8":       {"a\xff\xfeb", "a b"},
		"short keys are no word": {"an abc of it", "an abc of it"},
	} {
		if got := Redact(test.text, testSecret, token, "wxyz", "abc", ""); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

// What stands for a request id is shown only if it is one, and none of a secret.
func TestRedactRequestID(t *testing.T) {
	secrets := []string{"CAISabcdefgh+ijklmnop/qrstuvwx=="}
	for id, want := range map[Text]Text{
		"8A3D-4F_1.b":                 "8A3D-4F_1.b",
		Text(strings.Repeat("4", 64)): Text(strings.Repeat("4", 64)),
		Text(strings.Repeat("4", 65)): "",
		"R 1":                         "",
		"<b>R</b>":                    "",
		"":                            "",
		"R-CAISabcdefgh":              "", // The secret's first run,
		"R-ijklmnop":                  "", // and another one.
		"R-CAIS":                      "R-CAIS",
	} {
		if got := redactRequestID(id, secrets); got != want {
			t.Errorf("%q: got %q", id, got)
		}
	}
}

// What a server repeats of the request is taken out, without a name before it too.
func TestRepeatedSecretsAreRedacted(t *testing.T) {
	const secretParameter = "eyJsecret.parameter/of+the=request"
	for name, body := range map[string]func(url.Values) string{
		"a parameter": func(url.Values) string { return `{"Code":"Odd","Message":"not this: ` + secretParameter + `"}` },
		"in a message": func(q url.Values) string {
			return fmt.Sprintf(`{"Code":"Odd %s","Message":"unknown %s, %s","RequestId":"%s"}`,
				q.Get("AccessKeyId"), q.Get("Signature"), q.Get("SecurityToken"), q.Get("AccessKeyId"))
		},
		"in a page": func(q url.Values) string {
			return fmt.Sprintf("<p>%s<p>%s<p>%s", q.Get("Signature"), html.EscapeString(q.Get("SecurityToken")), q.Get("AccessKeyId"))
		},
	} {
		for _, status := range []int{200, 403} {
			transport := roundTrip(func(r *http.Request) (*http.Response, error) { return answer(status, body(formOf(t, r))), nil })
			call := testCall(t, "https://ecs.example.com")
			call.Secrets = []string{secretParameter}
			err := newTestClient(t, Config{Transport: transport}).Do(t.Context(), call, &testReply{})
			if err == nil || !strings.Contains(err.Error(), redacted) {
				t.Errorf("%s of %d: %v", name, status, err)
				continue
			}
			for _, secret := range []string{testKeyID, "CAIStestSecurityToken", "characters", "eyJsecret", "parameter/of"} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("%s of %d: %q is in %v", name, status, secret, err)
				}
			}
		}
	}
}

// A long text is cut only after the secrets are out of it, or their beginnings stay.
func TestSecretsAtTheEndOfAMessage(t *testing.T) {
	for _, before := range []int{290, 295, 299} {
		text := strings.Repeat("x ", before) + testToken
		transport := &script{replies: replies{failure(errors.New(text)), reply(403, text), reply(200, "<p>"+text)}}
		for range 3 {
			err := newTestClient(t, Config{Transport: transport, MaxAttempts: 1}).Do(t.Context(), testCall(t, "https://ecs.example.com"), &testReply{})
			if err == nil || strings.Contains(err.Error(), "CA") {
				t.Errorf("after %d characters: %v", 2*before, err)
			}
		}
	}
}

func FuzzRedact(f *testing.F) {
	f.Add("server string to sign is:GET&%2F&", "secret", "")
	f.Add("<script>", "se<b>cret", "</script> https://host/?")
	f.Add(strings.Repeat("a ", maxTextSize/2), "CAIS+with/odd=characters==", "Signature=")
	f.Fuzz(func(t *testing.T, before, secret, after string) {
		if !utf8.ValidString(secret) {
			t.Skip("no part of a character is a secret")
		}
		for _, form := range []string{secret, url.QueryEscape(secret), url.QueryEscape(url.QueryEscape(secret))} {
			got := Redact(before+form+after, secret)
			if !utf8.ValidString(got) || utf8.RuneCountInString(got) > maxMessageSize+1 {
				t.Errorf("not fit to be shown: %q", got)
			}
			// What replaces secrets and parameters is known and may hold a short one.
			shown := strings.NewReplacer(redacted, "\x00", "string to sign is", "\x00", "…", "\x00").Replace(got)
			if len(secret) >= 4 && strings.Contains(shown, secret) {
				t.Errorf("%q is in %q", secret, got)
			}
		}
	})
}
