package rpc

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// transientCodes are codes, or parts of codes, of transient errors. All Throttling.*
// codes count, and SignatureNonceUsed, which a resent call meets and a newly signed
// one doesn't.
var transientCodes = []string{
	"Throttling", "ServiceUnavailable", "InternalError", "SystemBusy", "SignatureNonceUsed",
}

// expiredCodes are refusals of keys that were good once: new ones may be had.
var expiredCodes = []string{"InvalidSecurityToken.Expired", "InvalidAccessKeyId.NotFound"}

// serviceError classifies a response that has an error code or a status that isn't
// 2xx. unread is what was wrong with reading the body as an error.
func serviceError(response *http.Response, reply Reply, body []byte, unread error) *Error {
	status := response.StatusCode
	e := &Error{
		Kind:       KindService,
		Status:     status,
		Code:       string(reply.Code),
		Message:    string(reply.Message),
		RequestID:  string(reply.RequestID),
		RetryAfter: retryAfter(response.Header),
	}
	if e.Code == "" && status >= 300 && status < 400 {
		e.Kind = KindRedirect
		e.Message = "the server redirects elsewhere; redirects of signed calls are not followed"
		return e
	}
	if e.Code == "" {
		e.Kind = KindStatus
		e.Message = string(body)
	}
	e.Transient = status == http.StatusTooManyRequests || status >= 500 || isCutOff(body, unread) ||
		slices.ContainsFunc(transientCodes, func(code string) bool { return strings.Contains(e.Code, code) })
	return e
}

// readCommon reads the members that every reply has. A gateway that lost the
// Format parameter answers in XML.
func readCommon(body []byte) (Reply, error) {
	var reply Reply
	var err error
	if isMarkup(body) {
		err = xml.Unmarshal(body, &reply)
	} else {
		err = json.Unmarshal(body, &reply)
	}
	if err != nil {
		return Reply{}, err
	}
	return reply, nil
}

// replyError is a reply with a status of success that isn't what was asked for.
func replyError(status int, body []byte, err error) *Error {
	e := &Error{Kind: KindReply, Status: status}
	var mismatch *json.UnmarshalTypeError
	switch {
	case len(body) == 0:
		e.Message = "the reply has no body"
		e.Transient = true
	case isCutOff(body, err):
		e.Message = fmt.Sprintf("the reply ends in the middle, after %d bytes", len(body))
		e.Transient = true
	case isMarkup(body):
		e.Message = "the reply is a page or XML, not the service's JSON: " + string(body)
	case errors.As(err, &mismatch) && mismatch.Field == "":
		e.Message = "the reply is a JSON " + mismatch.Value + ", not an object"
	case errors.As(err, &mismatch):
		e.Message = fmt.Sprintf("the reply's member %s is of the wrong type, %s", mismatch.Field, mismatch.Value)
	default:
		e.Message = "the reply can't be read: " + err.Error()
	}
	return e
}

// isCutOff tells whether reading a body failed because its JSON ends early: a
// connection was cut where no length told how much was to come.
func isCutOff(body []byte, err error) bool {
	var syntax *json.SyntaxError
	return errors.As(err, &syntax) && syntax.Offset >= int64(len(body)) && bytes.HasPrefix(body, []byte("{"))
}

func isMarkup(body []byte) bool { return bytes.HasPrefix(body, []byte("<")) }

// TransportError classifies net/http's failure to get a response. Its texts are
// redacted of the given secrets too, and of the URL.
func TransportError(err error, secrets ...string) *Error {
	e := transportError(err)
	e.redact(secrets)
	return e
}

// transportError is the same, not redacted yet: a text that was cut to the length of a
// message no longer shows where a secret in it ends.
func transportError(err error) *Error {
	// Its text begins with the signed URL: keep what is below it.
	var withURL *url.Error
	if errors.As(err, &withURL) {
		err = withURL.Err
	}
	e := &Error{Kind: KindNetwork, Message: err.Error()}

	var (
		dns       *net.DNSError
		operation *net.OpError
		timeout   net.Error
		proxy     *proxyError
	)
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		e.Err = err
		e.Transient = errors.Is(err, context.DeadlineExceeded) // The attempt's; the caller's ends the call.
	case isTLS(err):
		e.Kind = KindTLS
	case errors.As(err, &proxy):
		e.Transient = proxy.status >= 500
	case errors.As(err, &dns):
		e.Transient = dns.IsTimeout || dns.IsTemporary
	case errors.As(err, &timeout) && timeout.Timeout():
		e.Transient = true
	case errors.As(err, &operation):
		// A connection that was there broke. Where none came to be, as where nobody
		// listens, the endpoint or proxy is wrong, which waiting doesn't mend.
		e.Transient = operation.Op == "read" || operation.Op == "write"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF),
		strings.Contains(err.Error(), "server closed idle connection"): // net/http doesn't export it.
		e.Transient = true
	}
	return e
}

// isTLS tells whether a failure is one of certificates or of TLS itself.
func isTLS(err error) bool {
	var (
		certificate *tls.CertificateVerificationError
		record      tls.RecordHeaderError
		operation   *net.OpError
	)
	if errors.As(err, &operation) && (operation.Op == "remote error" || operation.Op == "local error") {
		return true // What crypto/tls calls an alert, whose type it doesn't export.
	}
	return errors.As(err, &certificate) || errors.As(err, &record) ||
		errors.Is(err, http.ErrSchemeMismatch) || strings.HasPrefix(err.Error(), "tls: ")
}
