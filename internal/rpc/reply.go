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
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// maxReplySize bounds what a reply unfolds to. A page of 100 resources with all that the
// documents allow, each character escaped, has 3.5 MB.
const maxReplySize = 4 << 20

// Reply is what every reply has. Reply types embed it, so that one reading of the body
// gives the data and, should the API answer an error with status 200, the error too. A
// list in a reply type has a bound of its own: millions of empty objects fit in a reply.
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

// transientCodes are codes, or parts of codes, of transient errors. SignatureNonceUsed is
// one: the next attempt is signed anew.
var transientCodes = []string{
	"Throttling", "ServiceUnavailable", "InternalError", "SystemBusy", "ServiceBusy", "Degrade.", "SignatureNonceUsed",
}

// expiredCodes are refusals of temporary credentials that were good once: the source
// may have new ones.
var expiredCodes = []string{"InvalidSecurityToken.Expired", "InvalidAccessKeyId.NotFound"}

// sourceMembers are the names that CloudSSO and OAuth have for members of an error.
var sourceMembers = map[string]string{"errorcode": "code", "error": "code", "errormessage": "message", "error_description": "message"}

// success is the code that some sources of credentials put in a success.
const success = "Success"

// readReply fills in the reply, or says what came instead. A nil one takes any body of a
// success. The other names are for [readCommon].
func readReply(response *response, reply Replier, otherNames map[string]string, secrets []string) *Error {
	defer response.done()
	var unread error
	if response.success && response.longerThan == 0 {
		if reply == nil {
			return nil
		}
		reflect.ValueOf(reply).Elem().SetZero() // An earlier attempt may have filled a part of it.
		unread = json.Unmarshal(response.body, reply)
		if common := reply.common(); unread == nil && (common.Code == "" || common.Code == success) {
			common.RequestID = redactRequestID(common.RequestID, secrets)
			common.Status, common.Size = response.status, len(response.body)
			common.Date, _ = http.ParseTime(response.header.Get("Date")) // Zero where it is absent.
			return nil
		}
	}
	common := readCommon(response.body, otherNames)
	e := &Error{
		Kind:       KindService,
		Status:     response.status,
		Code:       string(common.Code),
		Message:    string(common.Message),
		RequestID:  string(common.RequestID),
		RetryAfter: retryAfter(response.header),
		Transient: response.status == http.StatusTooManyRequests || response.status == http.StatusRequestTimeout || response.status >= 500 ||
			slices.ContainsFunc(transientCodes, func(code string) bool { return strings.Contains(string(common.Code), code) }),
	}
	if e.Code != "" {
		return e
	}
	e.Kind = KindStatus
	if response.success {
		e.Kind = KindReply
	}
	what, cutOff := describe(response, unread)
	e.Message = "the response " + what
	e.Transient = e.Transient || cutOff && (otherNames == nil || len(response.body) > 0) // A source that answers nothing does so again.
	return e
}

// readCommon reads the members that every reply has, as far as the body goes: one that
// is cut may have them in what is there. Other names are those that some servers have
// for them. A gateway that lost the Format parameter answers in XML.
func readCommon(body []byte, otherNames map[string]string) (common Reply) {
	if bytes.HasPrefix(body, []byte("<")) {
		_ = xml.Unmarshal(body, &common) // Whatever was read before an error counts.
		return common
	}
	members := map[string]*Text{"requestid": &common.RequestID, "code": &common.Code, "message": &common.Message}
	decoder := json.NewDecoder(bytes.NewReader(body))
	opening, err := decoder.Token()
	for err == nil && opening == json.Delim('{') && decoder.More() {
		var name json.Token
		var value Text
		if name, err = decoder.Token(); err == nil {
			err = decoder.Decode(&value)
		}
		lower := strings.ToLower(fmt.Sprint(name))
		unknown := otherNames != nil && strings.IndexAny(string(value), "{[") == 0 // What a source's object holds may be secret.
		if member := members[cmp.Or(otherNames[lower], lower)]; member != nil && value != success && !unknown {
			*member = cmp.Or(*member, value)
		}
	}
	return common
}

// describe says what a body is that has no code of the API, and whether it ends too early.
// It never quotes it: the body may be anybody's, or repeat the request. The error is that
// of reading it as a reply.
func describe(response *response, unread error) (what string, cutOff bool) {
	body := response.body
	invalid := json.Unmarshal(body, new(json.RawMessage))
	syntax, _ := errors.AsType[*json.SyntaxError](invalid)
	mismatch, _ := errors.AsType[*json.UnmarshalTypeError](unread)
	switch {
	case response.longerThan > 0:
		return fmt.Sprintf("is larger than %d MiB", response.longerThan>>20), false
	case len(body) == 0:
		return "is empty", response.success
	case body[0] == '{' && syntax != nil && syntax.Offset >= int64(len(body)):
		return fmt.Sprintf("is JSON that ends early, after %d bytes", len(body)), true
	case body[0] == '<':
		return "is an HTML page, or XML that isn't the API's", false
	case invalid != nil:
		return "is not JSON", false
	case mismatch != nil:
		return fmt.Sprintf("isn't what was asked for: %s is a JSON %s", cmp.Or(mismatch.Field, "it"), mismatch.Value), false
	case unread != nil:
		return "isn't what was asked for: " + unread.Error(), false
	}
	return "is JSON, but not the API's", false
}

// Text is a JSON value read as text whatever its type, as gateways have answered it: a
// string as it is, null as nothing, and a number, object or list as its JSON.
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
