package rpc

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// networkError classifies net/http's failure to get a response from a host. Its texts
// are not redacted yet.
func networkError(err error, host string) *Error {
	// Its text begins with the URL, which may hold secrets: keep what is below it.
	var withURL *url.Error
	if errors.As(err, &withURL) {
		err = withURL.Err
	}
	e := &Error{Kind: KindNetwork, Message: err.Error()}

	var (
		dns       *net.DNSError
		operation *net.OpError
		timeout   net.Error
		refusal   *proxyError
	)
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		e.Err = err
		e.Transient = errors.Is(err, context.DeadlineExceeded) // The attempt's; the caller's ends the call.
	case errors.Is(err, http.ErrSchemeMismatch):
		e.Kind = KindTLS
		e.Message = "the server speaks plain HTTP, not TLS"
	case isTLS(err):
		e.Kind = KindTLS
	case errors.As(err, &refusal):
		e.Transient = refusal.status >= 500
	case errors.As(err, &dns):
		e.Transient = dns.IsTimeout || dns.IsTemporary
		if dns.IsNotFound && strings.EqualFold(strings.TrimSuffix(dns.Name, "."), strings.TrimSuffix(host, ".")) { // Not a proxy.
			e.Kind = KindUnknownHost
		}
	case errors.As(err, &timeout) && timeout.Timeout():
		e.Transient = true
	case errors.As(err, &operation):
		// A connection that was there broke. Where none came to be, as where nobody
		// listens, the endpoint or proxy is wrong, and waiting doesn't help.
		e.Transient = operation.Op == "read" || operation.Op == "write"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF),
		strings.Contains(err.Error(), "server closed idle connection"): // net/http doesn't export it.
		e.Transient = true
	}
	return e
}

// isTLS reports whether a failure is one of certificates or of TLS itself.
func isTLS(err error) bool {
	var (
		certificate *tls.CertificateVerificationError
		record      tls.RecordHeaderError
		operation   *net.OpError
	)
	if errors.As(err, &operation) && (operation.Op == "remote error" || operation.Op == "local error") {
		return true // What crypto/tls calls an alert, whose type it doesn't export.
	}
	return errors.As(err, &certificate) || errors.As(err, &record) || strings.HasPrefix(err.Error(), "tls: ")
}

// TransportError is [networkError], redacted of the given secrets too.
func TransportError(err error, secrets ...string) *Error {
	e := networkError(err, "")
	e.redact(secrets)
	return e
}
