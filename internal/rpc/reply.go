package rpc

import (
	"bytes"
	"cmp"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// maxReplySize bounds what a reply unfolds to. A page of 100 resources, each with all
// that the documents allow (20 tags of 128 characters, a description of 256) and each
// character escaped, has 3.5 MB.
const maxReplySize = 4 << 20

// Reply is what every reply has. Reply types embed it, so that one reading of the body
// gives the data and, should the API answer an error with status 200, the error too. A
// list in a reply type bounds itself while it is decoded, by an UnmarshalJSON that
// counts: millions of empty objects fit in what a reply may have.
type Reply struct {
	RequestID Text `json:"RequestId" xml:"RequestId"`
	Code      Text `json:"Code" xml:"Code"`
	Message   Text `json:"Message" xml:"Message"`

	// Status is the HTTP status, which is one of success.
	Status int `json:"-" xml:"-"`
	// Date is the server's clock when it answered, to the second; zero where it
	// doesn't say.
	Date time.Time `json:"-" xml:"-"`
	// Size is how many bytes the body unfolded to.
	Size int `json:"-" xml:"-"`
}

func (r *Reply) common() *Reply { return r }

// Replier is a pointer to a struct that embeds [Reply].
type Replier interface{ common() *Reply }

// transientCodes are codes, or parts of codes, of transient errors. All Throttling.*
// codes count, and SignatureNonceUsed, which a resent call meets and a newly signed one
// doesn't.
var transientCodes = []string{
	"Throttling", "ServiceUnavailable", "InternalError", "SystemBusy", "ServiceBusy", "Degrade.", "SignatureNonceUsed",
}

// expiredCodes are refusals of temporary credentials that were good once: the source
// may have new ones.
var expiredCodes = []string{"InvalidSecurityToken.Expired", "InvalidAccessKeyId.NotFound"}

// readReply fills in the reply, or says what came instead.
func readReply(response *HTTPResponse, reply Replier) *Error {
	var unread error
	common := reply.common()
	if response.success() {
		reflect.ValueOf(reply).Elem().SetZero() // An earlier attempt may have filled a part of it.
		if unread = json.Unmarshal(response.Body, reply); unread != nil {
			*common = readCommon(response.Body)
		}
		common.Status, common.Size = response.Status, len(response.Body)
		common.Date, _ = http.ParseTime(response.Header.Get("Date")) // Zero where it is absent.
	} else {
		*common = readCommon(response.Body)
	}
	if response.success() && common.Code == "" && unread == nil {
		return nil
	}
	e := &Error{
		Kind:       KindService,
		Status:     response.Status,
		Code:       string(common.Code),
		Message:    string(common.Message),
		RequestID:  string(common.RequestID),
		RetryAfter: retryAfter(response.Header),
		Transient: response.Status == http.StatusTooManyRequests || response.Status == http.StatusRequestTimeout || response.Status >= 500 ||
			slices.ContainsFunc(transientCodes, func(code string) bool { return strings.Contains(string(common.Code), code) }),
	}
	if e.Code != "" {
		return e
	}
	e.Kind = KindStatus
	e.Message = "the response is " + describe(response)
	e.Transient = e.Transient || endsEarly(response)
	if response.success() {
		e.Kind = KindReply
		e.Transient = e.Transient || len(response.Body) == 0
		if json.Valid(response.Body) {
			e.Message = "the response isn't what was asked for: " + unread.Error()
			if wrong := (*json.UnmarshalTypeError)(nil); errors.As(unread, &wrong) {
				e.Message = fmt.Sprintf("the response isn't what was asked for: %s is a JSON %s", cmp.Or(wrong.Field, "it"), wrong.Value)
			}
		}
	}
	return e
}

// readCommon reads the members that every reply has, as far as the body goes: one that
// is cut may have them in what is there. A gateway that lost the Format parameter
// answers in XML.
func readCommon(body []byte) (common Reply) {
	if bytes.HasPrefix(body, []byte("<")) {
		_ = xml.Unmarshal(body, &common) // Whatever was read before an error counts.
		return common
	}
	members := map[string]*Text{"requestid": &common.RequestID, "code": &common.Code, "message": &common.Message}
	decoder := json.NewDecoder(bytes.NewReader(body))
	if opening, err := decoder.Token(); err != nil || opening != json.Delim('{') {
		return common
	}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			break
		}
		var value Text
		if err := decoder.Decode(&value); err != nil {
			break
		}
		if member := members[strings.ToLower(fmt.Sprint(name))]; member != nil {
			*member = value
		}
	}
	return common
}

var htmlPage = regexp.MustCompile(`(?i)^<[^>]*html|<(?:html|head|title|body|h1|p)\b`)

// describe says what a body is that has no code of the API, without quoting it: it may
// be anybody's page, or repeat the request.
func describe(response *HTTPResponse) string {
	switch body := response.Body; {
	case len(body) == 0:
		return "empty"
	case response.cut:
		return "no error of the API, and longer than 1 MiB"
	case htmlPage.Match(body):
		return "an HTML page"
	case body[0] == '<':
		return "XML, but not the API's"
	case json.Valid(body):
		return "JSON, but not the API's"
	case endsEarly(response):
		return fmt.Sprintf("JSON that ends early, after %d bytes", len(body))
	}
	return "not JSON"
}

// endsEarly reports whether a body is the beginning of a JSON object: a connection was
// cut where no length said how much was to come.
func endsEarly(response *HTTPResponse) bool {
	var syntax *json.SyntaxError
	err := json.Unmarshal(response.Body, new(json.RawMessage))
	return errors.As(err, &syntax) && syntax.Offset >= int64(len(response.Body)) &&
		bytes.HasPrefix(response.Body, []byte("{")) && !response.cut
}

// Text is a JSON value read as text whatever its type: a string as it is, null as
// nothing, and a number, object or list as its JSON. Gateways have answered all of
// these where the document promises a string.
type Text string

// UnmarshalJSON implements [json.Unmarshaler].
func (t *Text) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	if data[0] == '"' && (bytes.IndexByte(data, '\\') >= 0 || !utf8.Valid(data)) {
		return json.Unmarshal(data, (*string)(t))
	}
	*t = Text(bytes.Trim(data, `"`))
	return nil
}
