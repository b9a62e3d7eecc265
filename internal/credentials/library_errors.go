package credentials

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/url"
	"regexp"
	"time"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// unusable is all that is shown of a response that isn't an error of a known form,
// since it may contain keys.
const unusable = "the answer can't be used"

// credentials-go v1.4.14 reports failures as texts.
var (
	// answered precedes the body of a response, or a decoder's text, which quotes it.
	answered = regexp.MustCompile(`(?: failed|, message| from OAuth|nmarshal fail)(?:: | = )`)
	// metadataFailed matches failures without a body. The URL is left out: it ends with
	// a role name, which is a response too.
	metadataFailed = regexp.MustCompile(`^(get role name failed|get metadata token failed|refresh Ecs sts token err): ` +
		`(?:(?:Get|Put) "(?:[^"\\]|\\.)*": (.+)|GET \S+ (\d{3}))$`)
	httpStatus = regexp.MustCompile(`, httpStatus: (\d{3})`)
)

// libraryError reads credentials-go's error. Most texts lack the HTTP status, which
// alone would tell whether the failure is transient; passing is what to assume.
func libraryError(err error, passing bool, secrets []string) *Error {
	var (
		withURL *url.Error
		notTime *time.ParseError
	)
	switch {
	case errors.As(err, &withURL):
		failure := rpc.TransportError(err, secrets...)
		return &Error{Message: failure.Message, Transient: failure.Transient, Err: failure.Err}
	case errors.As(err, &notTime):
		return &Error{Message: unusable + ": its Expiration is not a time", Transient: passing}
	}
	text := err.Error()
	e := &Error{Transient: passing, Message: redact(text, secrets...)}
	if parts := metadataFailed.FindStringSubmatch(text); parts != nil {
		e.Message = redact(parts[1]+": "+cmp.Or(parts[2], "HTTP status "+parts[3]), secrets...)
		return e
	}
	opening := answered.FindStringIndex(text)
	if opening == nil {
		return e
	}
	failure := readFailure([]byte(text[opening[1]:]))
	e.Code = redact(failure.code, secrets...)
	e.RequestID = redact(failure.requestID, secrets...)
	e.Message = redact(failure.message, secrets...)
	if e.Code == "" && e.Message == "" {
		e.Message = unusable
	}
	if status := httpStatus.FindStringSubmatch(text[:opening[0]]); status != nil {
		e.Message = "HTTP status " + status[1] + ": " + e.Message
	}
	return e
}

// serviceFailure is what a service's error reply says, in the spellings of
// CloudSSO, OAuth and credentials URIs.
type serviceFailure struct {
	code, message, requestID string
}

// readFailure reads an error reply. The result is zero if the body isn't one.
func readFailure(body []byte) (failure serviceFailure) {
	var members map[string]any
	if json.Unmarshal(body, &members) != nil {
		return failure
	}
	first := func(names ...string) string {
		for _, name := range names {
			if text, ok := members[name].(string); ok && text != "" {
				return text
			}
		}
		return ""
	}
	failure = serviceFailure{
		code:      first("Code", "ErrorCode", "error"),
		message:   first("Message", "ErrorMessage", "error_description"),
		requestID: first("RequestId", "requestId"),
	}
	if failure.code == "Success" {
		return serviceFailure{} // Keys with a part missing.
	}
	return failure
}
