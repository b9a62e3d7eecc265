package rpc

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// transientCodes are codes, or parts of codes, of failures that pass. All
// Throttling.* codes count, and SignatureNonceUsed, which a resent call meets
// and a newly signed one doesn't.
var transientCodes = []string{
	"Throttling", "ServiceUnavailable", "InternalError", "SystemBusy", "SignatureNonceUsed",
}

// serviceError classifies a reply with an error code, or with a status that is
// none of success.
func serviceError(status int, header http.Header, body []byte, secrets []string) *Error {
	e := &Error{Kind: KindService, Status: status, RetryAfter: retryAfter(header)}
	if reply, ok := readFailure(body); ok {
		e.Code = redact(string(reply.Code), secrets...)
		e.Message = redact(string(reply.Message), secrets...)
		e.RequestID = redact(string(reply.RequestID), secrets...)
	}
	if e.Code == "" && status >= 300 && status < 400 {
		e.Kind = KindRedirect
		e.Message = "the server redirects elsewhere; redirects of signed calls are not followed"
		return e
	}
	if e.Code == "" {
		e.Kind = KindStatus
		e.Message = redact(string(body), secrets...)
	}
	e.Transient = status == http.StatusTooManyRequests || status >= 500
	for _, code := range transientCodes {
		e.Transient = e.Transient || strings.Contains(e.Code, code)
	}
	return e
}

// readFailure reads the members that every error reply has. A gateway that lost
// the Format parameter answers in XML.
func readFailure(body []byte) (reply Reply, ok bool) {
	if len(body) > 0 && body[0] == '<' {
		err := xml.Unmarshal(body, &reply)
		return reply, err == nil
	}
	err := json.Unmarshal(body, &reply)
	return reply, err == nil
}

// transportError classifies a failure to get a reply.
func transportError(err error) *Error {
	// Its text begins with the signed URL: keep what is below it.
	var withURL *url.Error
	if errors.As(err, &withURL) {
		err = withURL.Err
	}
	e := &Error{Kind: KindNetwork, Err: err, Message: redact(err.Error())}

	var (
		dns         *net.DNSError
		certificate *tls.CertificateVerificationError
		authority   x509.UnknownAuthorityError
		hostname    x509.HostnameError
		invalid     x509.CertificateInvalidError
		record      tls.RecordHeaderError
		alert       tls.AlertError
		timeout     net.Error
	)
	switch {
	case errors.As(err, &certificate), errors.As(err, &authority), errors.As(err, &hostname),
		errors.As(err, &invalid), errors.As(err, &record), errors.As(err, &alert),
		strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		e.Kind = KindTLS
	case errors.As(err, &dns):
		e.Transient = dns.IsTimeout || dns.IsTemporary
	case errors.Is(err, syscall.ECONNREFUSED):
		// Nobody listens: a wrong endpoint or proxy, which waiting doesn't mend.
	case errors.As(err, &timeout) && timeout.Timeout():
		e.Transient = true
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF),
		errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, net.ErrClosed),
		strings.Contains(err.Error(), "server closed idle connection"),
		strings.Contains(err.Error(), "malformed chunked encoding"):
		e.Transient = true
	}
	return e
}

// replyError is a reply of status 200 that isn't what was asked for. A body that
// ends early is transient: a connection was cut where no length told.
func replyError(body []byte, err error) *Error {
	e := &Error{Kind: KindReply, Status: http.StatusOK, Err: err}
	var syntax *json.SyntaxError
	cut := errors.As(err, &syntax) && syntax.Offset >= int64(len(body)) && len(body) > 0 && body[0] == '{'
	switch {
	case len(body) == 0:
		e.Message = "the reply has no body"
		e.Transient = true
	case cut:
		e.Message = fmt.Sprintf("the reply ends in the middle, after %d bytes", len(body))
		e.Transient = true
	case body[0] == '<':
		e.Message = "the reply is a page or XML, not the service's JSON: " + redact(string(body))
	default:
		e.Message = "the reply can't be read: " + redact(err.Error())
	}
	return e
}

// retryAfter reads how long the service, or a gateway, asks to wait: the
// milliseconds of x-acs-retry-after or of a TimeLeft in x-ratelimit-user*, or
// HTTP's own Retry-After in seconds. 0 means that none of them says.
func retryAfter(header http.Header) time.Duration {
	var longest time.Duration
	for name, values := range header {
		for _, value := range values {
			var n string
			unit := time.Millisecond
			switch name = http.CanonicalHeaderKey(name); {
			case name == "X-Acs-Retry-After":
				n = value
			case strings.HasPrefix(name, "X-Ratelimit-User"):
				_, after, _ := strings.Cut(value, "TimeLeft:")
				n, _, _ = strings.Cut(after, ",")
			case name == "Retry-After":
				n, unit = value, time.Second
			}
			if count, err := strconv.ParseInt(strings.TrimSpace(n), 10, 32); err == nil && count > 0 {
				longest = max(longest, time.Duration(count)*unit)
			}
		}
	}
	return longest
}
