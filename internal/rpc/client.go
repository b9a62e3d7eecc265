// Package rpc makes signed calls in Alibaba Cloud's RPC style: it signs with the V1 SDK,
// sends with net/http, reads replies, classifies errors, retries transient ones, and
// bounds the calls in flight. Its HTTP client is also the one that gets credentials.
package rpc

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// Credentials sign a call. SecurityToken is "" for a permanent AccessKey.
type Credentials struct{ AccessKeyID, AccessKeySecret, SecurityToken string }

// CredentialsProvider supplies the credentials for one attempt, and again for the next,
// so that temporary ones may expire in between.
type CredentialsProvider interface {
	// Retrieve heeds the context. Of an error that is an [*Error], Transient says whether
	// the same call may succeed later.
	Retrieve(ctx context.Context) (Credentials, error)
	// Invalidate says that the API refused these credentials as expired, perhaps earlier
	// than they should, and reports whether others can be had.
	Invalidate(refused Credentials) bool
}

// Config is what a client needs to know. The zero value of an optional field chooses
// what suits the real API.
type Config struct {
	Credentials   CredentialsProvider // Not needed if all calls are unsigned.
	UserAgent     string
	MaxConcurrent int          // The most calls in flight, at least 1.
	Logger        *slog.Logger // Optional.

	Transport http.RoundTripper // Optional.
	// AttemptTimeout is the most time for one attempt. Optional: a tenth of what the
	// context's deadline leaves when the call begins, but at least a minute.
	AttemptTimeout time.Duration
	// MaxAttempts is how many attempts may fail for another cause than throttling. One
	// means that a throttled call isn't made again either. Optional.
	MaxAttempts int
	// Backoff is the wait before attempt n+1, n from 1. Optional.
	Backoff func(attempt int) time.Duration
}

// Client makes calls. It is safe for concurrent use; all its calls share one pool of
// connections and one bound on calls in flight.
type Client struct {
	config  Config
	http    *HTTPClient
	limiter *limiter
}

// NewClient makes a client. It makes no call.
func NewClient(config Config) *Client {
	config.Logger = cmp.Or(config.Logger, slog.New(slog.DiscardHandler))
	config.MaxAttempts = cmp.Or(config.MaxAttempts, 8)
	if config.Transport == nil {
		config.Transport = NewTransport(config.MaxConcurrent)
	}
	if config.Backoff == nil {
		config.Backoff = fullJitter
	}
	return &Client{
		config:  config,
		http:    NewHTTPClient(config.UserAgent, config.Transport),
		limiter: newLimiter(config.MaxConcurrent, config.Backoff),
	}
}

// Call describes one call.
type Call struct {
	Endpoint Endpoint
	Action   string
	Version  string // Of the API that has the action.
	// Parameters are the action's own. The time, a nonce and the credentials are signed
	// with them, anew for every attempt.
	Parameters map[string]string
	// Unsigned calls carry no credentials, as AssumeRoleWithOIDC wants it.
	Unsigned bool
	// Secrets are parameters of the request that no error may repeat. The credentials
	// and the signature need not be named. Optional.
	Secrets []string
	// Attrs go into every log line about the call.
	Attrs []slog.Attr
	// Retried gets each failure after which the call is made again, before the wait for
	// that. Optional.
	Retried func(failure *Error)
}

// Do makes the call, again after transient failures, and fills in the reply. Throttling
// is waited out until the context ends, unless MaxAttempts is one. The error is an
// [*Error], or the context's own once it has ended.
func (c *Client) Do(ctx context.Context, call Call, reply Replier) error {
	deadline, _ := ctx.Deadline()                                                         // Long ago where there is none.
	timeout := cmp.Or(c.config.AttemptTimeout, max(time.Until(deadline)/10, time.Minute)) // The API may take 40 s and more.
	failures, invalidated := 0, false
	for number := 1; ; number++ {
		failure := c.attempt(ctx, call, number, timeout, reply)
		var wait time.Duration
		switch {
		case failure == nil:
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case failure.Throttled() && c.config.MaxAttempts > 1: // The limiter waits, for all calls.
		case failure.invalidated && !invalidated:
			invalidated = true // At once, and only once.
		default:
			failures++
			if !failure.Transient || failures >= c.config.MaxAttempts {
				return failure
			}
			wait = max(c.config.Backoff(failures), failure.RetryAfter)
		}
		if call.Retried != nil {
			call.Retried(failure)
		}
		waited, cancel := context.WithTimeout(ctx, wait)
		<-waited.Done()
		cancel()
	}
}

// attempt makes the call once and logs how it went.
func (c *Client) attempt(ctx context.Context, call Call, number int, timeout time.Duration, reply Replier) *Error {
	// The slot comes first: credentials may expire in a long wait for it.
	halvings, err := c.limiter.acquire(ctx)
	if err != nil {
		return &Error{Err: err}
	}
	start := time.Now()
	failure := c.send(ctx, call, timeout, reply)
	c.limiter.release(halvings, failure)

	attrs := append([]slog.Attr{
		slog.String("action", call.Action),
		slog.String("region", call.Parameters["RegionId"]),
		slog.Int("attempt", number),
		slog.Int64("duration_ms", time.Since(start).Milliseconds()),
	}, call.Attrs...)
	if failure == nil {
		attrs = append(attrs, slog.Int("status", reply.common().Status), slog.String("request_id", string(reply.common().RequestID)))
	} else {
		failure.Action = call.Action
		failure.Host = call.Endpoint.Host
		attrs = append(attrs, slog.Int("status", failure.Status), slog.String("code", failure.Code),
			slog.String("request_id", failure.RequestID), slog.Bool("transient", failure.Transient),
			slog.Int64("retry_after_ms", failure.RetryAfter.Milliseconds()), slog.String("error", failure.Message))
	}
	c.config.Logger.LogAttrs(ctx, slog.LevelDebug, "API call", attrs...)
	return failure
}

// send gets the credentials, sends the signed request, and reads the reply. The time
// for the credentials is bounded by their source.
func (c *Client) send(ctx context.Context, call Call, timeout time.Duration, reply Replier) *Error {
	var with Credentials
	if !call.Unsigned {
		var err error
		if with, err = c.config.Credentials.Retrieve(ctx); err != nil {
			return credentialsError(err)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	httpRequest, signature, err := sign(ctx, call, with)
	if err != nil {
		return networkError(err, url.URL{})
	}
	secrets := append(slices.Clip(call.Secrets), with.AccessKeyID, with.AccessKeySecret, with.SecurityToken, signature)
	response, failure := c.http.exchange(httpRequest, maxReplySize)
	if failure == nil {
		failure = readReply(response, reply, nil, secrets)
	}
	if failure != nil {
		failure.invalidated = with.SecurityToken != "" && slices.Contains(expiredCodes, failure.Code) &&
			c.config.Credentials.Invalidate(with)
		failure.redact(secrets)
		return failure
	}
	return nil
}

// credentialsError is a failure to get credentials. Whether it is transient is for their
// source to say.
func credentialsError(err error) *Error {
	e := &Error{Kind: KindCredentials, Err: err, Message: "no credentials: " + Redact(err.Error())}
	if cause, ok := errors.AsType[*Error](err); ok {
		e.Transient, e.RetryAfter = cause.Transient, cause.RetryAfter
	}
	return e
}
