// Package rpc makes signed calls in Alibaba Cloud's RPC style: it signs with the
// V1 SDK, sends with net/http, reads the reply, tells errors apart, retries what
// passes, and bounds how many calls are in flight. DESIGN.md says why the SDK's
// own client doesn't make the calls.
package rpc

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
	"github.com/cenkalti/backoff/v5"
)

// Credentials supplies the keys for one attempt, and again for the next, so that
// a session may run out in between. It must heed the context.
type Credentials interface {
	GetCredentials(ctx context.Context) (*credentials.Credentials, error)
}

// Config is what a client needs to know. The zero value of an optional field
// chooses what suits the real service.
type Config struct {
	Credentials   Credentials
	UserAgent     string
	MaxConcurrent int          // The most calls in flight, at least 1.
	Logger        *slog.Logger // Optional.

	Transport      http.RoundTripper      // Optional.
	AttemptTimeout time.Duration          // Optional: the most time for one attempt.
	MaxAttempts    int                    // Optional: how often to try where throttling isn't the cause.
	Backoff        func() backoff.BackOff // Optional: the waits between one call's attempts.
}

// Client makes calls. It is safe for concurrent use; all its calls share one
// pool of connections and one bound on calls in flight.
type Client struct {
	config  Config
	http    *http.Client
	limiter *limiter
}

// NewClient makes a client. It makes no call.
func NewClient(config Config) *Client {
	if config.Logger == nil {
		config.Logger = slog.New(slog.DiscardHandler)
	}
	if config.Transport == nil {
		config.Transport = newTransport(config.MaxConcurrent)
	}
	if config.AttemptTimeout == 0 {
		config.AttemptTimeout = time.Minute
	}
	if config.MaxAttempts == 0 {
		config.MaxAttempts = 8
	}
	if config.Backoff == nil {
		config.Backoff = fullJitter
	}
	return &Client{
		config: config,
		http: &http.Client{
			Transport: config.Transport,
			CheckRedirect: func(*http.Request, []*http.Request) error {
				return http.ErrUseLastResponse
			},
		},
		limiter: newLimiter(config.MaxConcurrent),
	}
}

// newTransport keeps as many idle connections to a host as there are calls in
// flight, so that no call after the first ones waits for TLS.
func newTransport(maxConcurrent int) *http.Transport {
	transport := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // Its documented type.
	transport.MaxIdleConnsPerHost = maxConcurrent
	transport.TLSHandshakeTimeout = 10 * time.Second
	transport.ResponseHeaderTimeout = 30 * time.Second
	transport.IdleConnTimeout = 30 * time.Second
	return transport
}

// Call describes one call.
type Call struct {
	Endpoint Endpoint
	Region   string
	// New makes the request anew for every attempt: the time, a nonce and the
	// keys are signed into it.
	New func() Signable
	// Attrs go into every log line about the call.
	Attrs []slog.Attr
}

// Do makes the call, again while failures pass, and fills in the reply. It gives
// back how many attempts it took. The error is an [*Error], or an
// [*InterruptedError] where the context ended.
func (c *Client) Do(ctx context.Context, call Call, reply Replier) (attempts int, err error) {
	var last *Error
	waits := &atLeast{BackOff: c.config.Backoff()}
	_, err = backoff.Retry(ctx, func() (struct{}, error) {
		attempts++
		last = c.attempt(ctx, call, attempts, last, reply)
		switch {
		case last == nil:
			return struct{}{}, nil
		case ctx.Err() != nil, !last.Transient, attempts >= c.config.MaxAttempts && !last.Throttled():
			return struct{}{}, backoff.Permanent(last)
		}
		waits.least = last.RetryAfter
		return struct{}{}, last
	}, backoff.WithBackOff(waits), backoff.WithMaxElapsedTime(0))

	if err != nil && ctx.Err() != nil {
		interrupted := &InterruptedError{Cause: ctx.Err()}
		if last != nil {
			interrupted.Last = last
		}
		return attempts, interrupted
	}
	return attempts, err
}

// attempt makes the call once and logs how it went. An attempt that the context
// ended counts for nothing: its predecessor's failure stays the last one.
func (c *Client) attempt(ctx context.Context, call Call, number int, previous *Error, reply Replier) *Error {
	start := time.Now()
	request := call.New()
	failure := c.send(ctx, call, request, reply)
	if failure != nil {
		failure.Action = request.GetActionName()
		failure.Host = call.Endpoint.Host
	}

	attrs := append([]slog.Attr{
		slog.String("action", request.GetActionName()),
		slog.String("region", call.Region),
		slog.Int("attempt", number),
		slog.Int64("duration_ms", time.Since(start).Milliseconds()),
	}, call.Attrs...)
	if failure == nil {
		attrs = append(attrs, slog.Int("status", http.StatusOK), slog.String("request_id", string(reply.common().RequestID)))
	} else {
		attrs = append(attrs, slog.Int("status", failure.Status), slog.String("code", failure.Code),
			slog.String("request_id", failure.RequestID), slog.Bool("transient", failure.Transient),
			slog.String("error", failure.Message))
	}
	c.config.Logger.LogAttrs(ctx, slog.LevelDebug, "API call", attrs...)

	if failure != nil && ctx.Err() != nil {
		return previous
	}
	return failure
}
