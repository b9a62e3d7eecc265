package rpc

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestRedact(t *testing.T) {
	t.Parallel()
	const token = "CAISabcdefgh+ijklmnop/qrstuvwx=="
	var lines []string
	for line := range slices.Chunk([]byte(base64.StdEncoding.EncodeToString([]byte("Token="+strings.Repeat(testSecret, 6)))), 76) {
		lines = append(lines, string(line))
	}
	form := "Action=A&SecurityToken=" + url.QueryEscape(token) + "&Version=1"
	for name, test := range map[string]struct{ text, want string }{
		"a message":      {"The specified Status is not found", "The specified Status is not found"},
		"Chinese":        {"指定的资源状态不存在。", "指定的资源状态不存在。"},
		"a secret":       {"key " + testSecret + ".", "key (redacted)"},
		"a token":        {"token=" + token, "(redacted)"},
		"a short secret": {"is wxyz.", "is (redacted)."},
		"once encoded":   {"t " + url.QueryEscape(token), "t (redacted)"},
		"twice encoded":  {"t " + url.QueryEscape(url.QueryEscape(token)), "t (redacted)"},
		"in JSON":        {`{"t":"CAISabcdefgh\u002bijklmnop\/qrstuvwx\u003d\u003d"}`, `{"t":"(redacted)"}`},
		"in HTML":        {"t CAISabcdefgh&#43;ijklmnop&#x2F;qrstuvwx==", "t (redacted)"},
		"in lower case":  {"t CAISabcdefgh%2bijklmnop%252fqrstuvwx%3d%3d", "t (redacted)"},
		"cut":            {"t abcdefgh+ijklmnop…", "t (redacted)"},
		"in hexadecimal": {"t " + hex.EncodeToString([]byte(form)), "t (redacted)"},
		"in lines":       {"t " + strings.Join(lines, "\r\n") + " end", "t " + strings.Repeat(redacted+" ", len(lines)) + "end"},
		"short, encoded": {"of w%40yz. s3cr3t%252Dtok%252B.", "of (redacted). (redacted)"},
		"a string to sign": {
			"Specified signature is not matched with our calculation. server string to sign is:POST&%2F&AccessKeyId%3D" + testSecret + "%26Action",
			"Specified signature is not matched with our calculation. server string to sign (redacted)",
		},
		"a query":                {`Post "https://ecs.example.com/?a=abc&x=y": EOF`, `Post "https://ecs.example.com/?(redacted)": EOF`},
		"a user of a URL":        {"invalid proxy address http://me:hush@proxy:3128", "invalid proxy address http://proxy:3128"},
		"control characters":     {"502\x00Bad\tGateway\x1b[31m\u202e\u200b\n\nend", "502\ufffdBad Gateway\ufffd[31m\ufffd\ufffd end"},
		"what is long":           {strings.Repeat("快", 600), strings.Repeat("快", 600)},
		"what is too long":       {strings.Repeat("快", 700), strings.Repeat("快", 600) + "…"},
		"as long as possible":    {strings.Repeat(" ", maxTextSize-4) + "abcd", "abcd"},
		"a secret at the cut":    {strings.Repeat(" ", maxTextSize-10) + " abc " + token, "abc"},
		"no blank at the cut":    {strings.Repeat("a", maxTextSize-20) + token, ""},
		"nothing":                {"", ""},
		"what isn't UTF-8":       {"a\xff\xfeb", "a\ufffd\ufffdb"},
		"short keys are no word": {"an abc of it", "an abc of it"},
		"new keys":               {`{"AccessKeyId":"STS.abc","SecurityToken": "t", "N":1}`, `{"AccessKeyId":"(redacted)","SecurityToken": "(redacted)", "N":1}`},
		"new keys in text":       {`{\"AccessKeyId\":\"STS.abc\"} access_key_secret=s1&x=1 SecurityToken%253Dabc`, `{\"AccessKeyId\":\"(redacted)\"} access_key_secret=(redacted)&x=1 SecurityToken%253D(redacted)`},
		"names that keys have":   {"InvalidAccessKeyId and AccessKeySecret", "InvalidAccessKeyId and AccessKeySecret"},
	} {
		if got := Redact(test.text, testSecret, token, "wxyz", "w@yz", "s3cr3t-tok+", "abc", "", "+=/+=/"); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

// A server that repeats the request in base64 gives nothing away, wherever in it the
// secret is.
func TestRedactBase64(t *testing.T) {
	t.Parallel()
	for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding, base64.RawStdEncoding} {
		for before := range 6 {
			for after := range 3 {
				for _, sent := range []string{testToken, url.QueryEscape(testToken)} {
					text := encoding.EncodeToString([]byte(strings.Repeat("=", before) + sent + strings.Repeat("&", after)))
					if got := Redact("got "+text, testToken); got != "got "+redacted {
						t.Errorf("%q after %d characters: got %q", sent, before, got)
					}
				}
			}
		}
	}
}

// What stands for a request id is shown only if it is one, and none of a secret.
func TestRedactRequestID(t *testing.T) {
	t.Parallel()
	secrets := []string{"CAISabcdefgh+ijklmnop/qrstuvwx=="}
	for id, want := range map[Text]Text{
		"8A3D-4F_1.b":                 "8A3D-4F_1.b",
		Text(strings.Repeat("4", 64)): Text(strings.Repeat("4", 64)),
		Text(strings.Repeat("4", 65)): "",
		"R 1":                         "",
		"<b>R</b>":                    "",
		"":                            "",
		"R-CAISabcdefghijkl":          "",
		"R-fghijklmnopqrstu":          "",
		"R-CAIS":                      "R-CAIS",
	} {
		if got := redactRequestID(id, secrets); got != want {
			t.Errorf("%q: got %q", id, got)
		}
	}
}

// What a server repeats of the request is taken out, without a name before it too.
func TestRepeatedSecretsAreRedacted(t *testing.T) {
	t.Parallel()
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
			if err == nil {
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
	t.Parallel()
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
	f.Add(strings.Repeat(strings.Repeat("a", 99)+" ", maxTextSize/100), "CAIS+with/odd=characters==", "Signature=")
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

func TestPrintable(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                  "",
		"快照 s-1, it's \"fine\" – é😀":        "快照 s-1, it's \"fine\" – é😀",
		"two\nlines":                        "two\nlines",
		"a\tb\r\nc":                         "a b \nc",
		"\x1b[2J\x1b]0;title\x07":           "\ufffd[2J\ufffd]0;title\ufffd",
		"nul\x00, del\x7f, csi\u009b":       "nul\ufffd, del\ufffd, csi\ufffd",
		"s-1\u202egpj.exe\u202c":            "s-1\ufffdgpj.exe\ufffd",
		"\u2066a\u2067b\u2068c\u2069":       "\ufffda\ufffdb\ufffdc\ufffd",
		"\u200ba\u200db\u200ec\u200f\u061c": "\ufffda\ufffdb\ufffdc\ufffd\ufffd",
		"\ufeffa\u00adb\u2060c":             "\ufffda\ufffdb\ufffdc",
		"a\u2028b\u2029c\u0085d":            "a\ufffdb\ufffdc\ufffdd",
		"\U000e0041":                        "\ufffd",
		"a\xffb":                            "a\ufffdb",
	} {
		if got := Printable(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
