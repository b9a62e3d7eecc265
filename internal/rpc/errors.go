package rpc

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Kind tells where on its way a call failed.
type Kind int

// The kinds of failure.
const (
	KindService     Kind = iota // The service answered with an error code.
	KindStatus                  // An HTTP error without a code of the service: a proxy or a gateway.
	KindRedirect                // A redirect, which is never followed: it would repeat the signed URL.
	KindReply                   // A reply that can't be read, or lacks what it must have.
	KindNetwork                 // No reply: refused, reset, cut off, timed out, or the name isn't known.
	KindUnknownHost             // No name server knows the endpoint's host.
	KindTimeout                 // Reached, but too slow.
	KindTLS                     // The server's certificate or TLS itself isn't acceptable.
	KindCredentials             // No keys to sign with.
)

// Error is a failed call. Its texts are redacted. Find it with [errors.As].
type Error struct {
	Kind       Kind
	Action     string        // The API action.
	Host       string        // The endpoint's host.
	Status     int           // HTTP status; 0 where there was no reply.
	Code       string        // The service's code, such as "Throttling.User"; "" where there is none.
	Message    string        // The service's message, or what was wrong with the reply.
	RequestID  string        // The service's request id; "" where there is none.
	Transient  bool          // Whether the same call may succeed later.
	RetryAfter time.Duration // The least time to wait, where the service said so.
	// Err is the error of the context or of [Credentials], for [errors.Is] and
	// [errors.As]; nil for anything else, since texts of others aren't redacted.
	Err error

	renewed bool // Whether the keys were refused as expired, and others can be had.
}

// Error gives all that is known, in one line.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s at %s: ", e.Action, e.Host)
	if e.Code != "" {
		b.WriteString(e.Code + ": ")
	} else if e.Status != 0 {
		fmt.Fprintf(&b, "HTTP status %d: ", e.Status)
	}
	b.WriteString(cmp.Or(e.Message, "no message"))
	if e.RequestID != "" {
		b.WriteString(" (request id " + e.RequestID + ")")
	}
	return b.String()
}

// Unwrap gives the cause below.
func (e *Error) Unwrap() error { return e.Err }

// Throttled tells whether the service refused the call for its rate.
func (e *Error) Throttled() bool {
	return strings.Contains(e.Code, "Throttling") || e.Status == http.StatusTooManyRequests
}

// redact makes the texts fit to be shown; see [Redact].
func (e *Error) redact(secrets []string) {
	e.Code = Redact(e.Code, secrets...)
	e.Message = Redact(e.Message, secrets...)
	if e.Kind == KindStatus {
		e.Message = cmp.Or(e.Message, http.StatusText(e.Status))
	}
	e.RequestID = string(redactRequestID(Text(e.RequestID), secrets))
}
