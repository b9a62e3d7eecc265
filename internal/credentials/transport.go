package credentials

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
)

// transportError is a failure to get a reply at all.
func transportError(err error, secrets ...string) *Error {
	// The outermost text repeats the URL, which may hold a secret.
	var withURL *url.Error
	if errors.As(err, &withURL) {
		err = withURL.Err
	}
	return &Error{Message: redact(err.Error(), secrets...), Transient: passing(err), Err: err}
}

// passing tells whether a failure below HTTP may pass by itself. Neither a
// certificate, nor an unknown name, nor a port where nobody listens does.
func passing(err error) bool {
	var (
		certificate *tls.CertificateVerificationError
		authority   x509.UnknownAuthorityError
		record      tls.RecordHeaderError
		alert       tls.AlertError
		dns         *net.DNSError
	)
	switch {
	case errors.As(err, &certificate), errors.As(err, &authority), errors.As(err, &record),
		errors.As(err, &alert), errors.Is(err, http.ErrSchemeMismatch):
		return false
	case errors.As(err, &dns):
		return dns.IsTimeout || dns.IsTemporary
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, context.Canceled):
		return false
	}
	return true
}

// transientCodes are codes, or parts of codes, of refusals that pass.
var transientCodes = []string{"Throttling", "ServiceUnavailable", "InternalError", "SystemBusy", "SignatureNonceUsed"}

// serviceFailure is what a service's error reply says, in the spellings of STS,
// CloudSSO and OAuth.
type serviceFailure struct {
	code, message, requestID string
}

// readFailure reads an error reply of any shape; ok means that it names a code
// or a message.
func readFailure(body []byte) (failure serviceFailure, ok bool) {
	var members map[string]any
	if json.Unmarshal(body, &members) != nil {
		return failure, false
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
	return failure, failure.code != "" || failure.message != ""
}

// statusError is a reply that is an error of the service, or of a proxy on the
// way to it.
func statusError(status int, body []byte, secrets ...string) *Error {
	e := &Error{Transient: status == http.StatusTooManyRequests || status >= http.StatusInternalServerError}
	failure, ok := readFailure(body)
	if !ok {
		// The body of a proxy's page helps nobody, and may repeat the request.
		e.Message = fmt.Sprintf("HTTP status %d, and a body that is not an error of the service", status)
		return e
	}
	e.Code = redact(failure.code, secrets...)
	e.Message = redact(failure.message, secrets...)
	e.RequestID = redact(failure.requestID, secrets...)
	for _, code := range transientCodes {
		e.Transient = e.Transient || strings.Contains(e.Code, code)
	}
	return e
}
