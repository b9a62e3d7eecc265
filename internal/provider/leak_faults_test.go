package provider

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// echoes are the forms in which a server, or something in between, repeats what
// it was sent, secrets of its own included.
var echoes = map[string]func(x *ecstest.Exchange) string{
	"query":          func(x *ecstest.Exchange) string { return x.Params.Encode() },
	"query, escaped": func(x *ecstest.Exchange) string { return url.QueryEscape(x.Params.Encode()) },
	"query, twice":   func(x *ecstest.Exchange) string { return url.QueryEscape(url.QueryEscape(x.Params.Encode())) },
	"query, in HTML": func(x *ecstest.Exchange) string { return strings.ReplaceAll(x.Params.Encode(), "&", "&amp;") },
	"URL":            func(x *ecstest.Exchange) string { return "http://" + x.Request.Host + "/?" + x.Params.Encode() },
	"values":         func(x *ecstest.Exchange) string { return strings.Join(values(x), "\n") },
	"names: values":  func(x *ecstest.Exchange) string { return lines(x, ": ") },
	"table":          func(x *ecstest.Exchange) string { return "<tr><td>" + lines(x, "</td><td>") + "</td></tr>" },
	"JSON":           func(x *ecstest.Exchange) string { return encoded(x.Params) },
	"string to sign": stringToSign,
	"the whole call": wholeCall,
	"base64":         func(x *ecstest.Exchange) string { return base64.StdEncoding.EncodeToString([]byte(wholeCall(x))) },
	"base64, values": func(x *ecstest.Exchange) string {
		return base64.RawURLEncoding.EncodeToString([]byte(strings.Join(values(x), "\n")))
	},
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
	"200 of odd member": func(text string) (int, string, string) {
		return 200, "application/json", encoded(map[string]any{"Snapshots": text, "Credentials": text})
	},
	"502 with a page": func(text string) (int, string, string) {
		return 502, "text/html", "<html><body>Upstream failed: " + text + "</body></html>"
	},
}

// redirectBack redirects to the signed URL, well formed or not.
func redirectBack(prefix string) ecstest.Fault {
	return func(x *ecstest.Exchange, next ecstest.Handler) *ecstest.Reply {
		return ecstest.Redirect(prefix+x.Request.Host+"/?"+x.Params.Encode())(x, next)
	}
}

// leakFaults are all faults that a service has, by name. It says each text in those forms of a reply
// that come together with it.
func leakFaults(texts map[string]func(x *ecstest.Exchange) string, together func(text, reply int) bool) map[string]ecstest.Fault {
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
	for i, as := range slices.Sorted(maps.Keys(texts)) {
		for j, in := range slices.Sorted(maps.Keys(replies)) {
			if !together(i, j) {
				continue
			}
			text, reply := texts[as], replies[in]
			faults[as+" in "+in] = func(x *ecstest.Exchange, next ecstest.Handler) *ecstest.Reply {
				status, contentType, body := reply(text(x))
				return ecstest.Respond(status, contentType, []byte(body))(x, next)
			}
		}
	}
	return faults
}
