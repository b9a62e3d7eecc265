package rpc

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Kind says where a call failed.
type Kind int

// The kinds of failure.
const (
	KindService     Kind = iota // The API answered with an error code.
	KindStatus                  // An HTTP error without a code of the API: from a proxy or a gateway.
	KindRedirect                // A redirect. It is never followed: it would send the request elsewhere.
	KindReply                   // A response that can't be read, is too large, or lacks what it must have.
	KindNetwork                 // No response: refused, reset or cut off, or no connection in time.
	KindUnknownHost             // No name server knows the endpoint's host.
	KindTimeout                 // The server was reached, but its response didn't come whole in the time for an attempt.
	KindTLS                     // The server's certificate, or TLS itself, isn't acceptable; or it speaks plain HTTP.
	KindCredentials             // No credentials to sign with.
)

// Error is a failed call. Its texts are fit to be shown; see [Redact]. Find it with
// [errors.As].
type Error struct {
	Kind       Kind
	Action     string        // The API's action; "" for an [HTTPClient.Exchange].
	Host       string        // The endpoint's host, with its port where it isn't the scheme's own; "" where no server was called.
	Status     int           // HTTP status; 0 without a response.
	Code       string        // The API's code, such as "Throttling.User"; "" if there is none.
	Message    string        // The API's message, or what was wrong with the response.
	RequestID  string        // The API's request ID; "" if there is none.
	Transient  bool          // Whether the same call may succeed later.
	RetryAfter time.Duration // How long the server asks to wait, at most a minute; 0 if it doesn't say.
	// Err is the error of the context or of the [CredentialsProvider], for [errors.Is]
	// and [errors.As]; nil for anything else, since other texts aren't redacted.
	Err error

	invalidated bool // Whether the credentials were refused as expired, and others can be had.
}

func (e *Error) Error() string {
	text := cmp.Or(e.Message, "no message")
	if e.Code != "" {
		text = e.Code + ": " + text
	} else if e.Status != 0 {
		text = fmt.Sprintf("HTTP status %d: %s", e.Status, text)
	}
	if e.Host != "" {
		text = strings.TrimPrefix(e.Action+" at "+e.Host+": ", " at ") + text
	}
	if e.RequestID != "" {
		text += " (request ID " + e.RequestID + ")"
	}
	if e.RetryAfter > 0 {
		text += fmt.Sprintf(" (the server asks to wait %s)", e.RetryAfter)
	}
	return text
}

func (e *Error) Unwrap() error { return e.Err }

// Throttled reports whether the API refused the call for its rate.
func (e *Error) Throttled() bool {
	return strings.Contains(e.Code, "Throttling") || e.Status == http.StatusTooManyRequests
}

// redact makes the texts fit to be shown.
func (e *Error) redact(secrets []string) {
	e.Code = Redact(e.Code, secrets...)
	e.Message = Redact(e.Message, secrets...)
	e.RequestID = string(redactRequestID(Text(e.RequestID), secrets))
}

// networkError classifies net/http's failure to get a response from a server. Its texts
// are not redacted yet.
func networkError(err error, server url.URL) *Error {
	// Its text begins with the URL, which may hold secrets: keep what is below it.
	if withURL, ok := errors.AsType[*url.Error](err); ok {
		err = withURL.Err
	}
	if refusal, ok := errors.AsType[*Error](err); ok {
		return new(*refusal) // A proxy's, or the failure of another call that ended this one.
	}
	e := &Error{Kind: KindNetwork, Message: err.Error()}

	var (
		dns       *net.DNSError
		operation *net.OpError
		timeout   net.Error
	)
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		e.Err = err
		e.Transient = errors.Is(err, context.DeadlineExceeded) // The attempt's; the caller's ends the call.
	case errors.Is(err, http.ErrSchemeMismatch):
		e.Kind = KindTLS
		e.Message = fmt.Sprintf("%s speaks plain HTTP, not TLS; its endpoint is written http://%[1]s", server.Host)
	case errors.As(err, &dns):
		e.Transient = dns.IsTimeout || dns.IsTemporary
		if dns.IsNotFound && strings.EqualFold(strings.TrimSuffix(dns.Name, "."), strings.TrimSuffix(server.Hostname(), ".")) { // Not a proxy.
			e.Kind = KindUnknownHost
		}
	case strings.Contains(err.Error(), "tls: "): // So begin all errors of crypto/tls, which doesn't export every type.
		e.Kind = KindTLS
	case errors.As(err, &operation):
		// A connection that was there broke. Where none came to be, as where nobody
		// listens, the endpoint or proxy is wrong, and waiting doesn't help.
		e.Transient = operation.Timeout() || operation.Op == "read" || operation.Op == "write"
	case errors.As(err, &timeout) && timeout.Timeout(), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF),
		strings.Contains(err.Error(), "server closed idle connection"): // net/http doesn't export it.
		e.Transient = true
	}
	return e
}
