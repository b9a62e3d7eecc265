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

// Renewer is implemented by [Credentials] that can be had anew before their end. A
// session may end early, or this machine's clock may be behind the service's.
type Renewer interface {
	// Renew says that the service refused these keys as expired, and tells whether
	// others can be had.
	Renew(refused *credentials.Credentials) bool
}

// Config is what a client needs to know. The zero value of an optional field
// chooses what suits the real service.
type Config struct {
	Credentials   Credentials // Not needed where all calls are unsigned.
	UserAgent     string
	MaxConcurrent int          // The most calls in flight, at least 1.
	Logger        *slog.Logger // Optional.

	Transport      http.RoundTripper      // Optional.
	AttemptTimeout time.Duration          // Optional: the most time for one attempt.
	MaxAttempts    int                    // Optional: how many attempts may fail for another cause than throttling.
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
		config.Transport = NewTransport(config.MaxConcurrent)
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
		limiter: newLimiter(config.MaxConcurrent, config.Backoff()),
	}
}

// Call describes one call.
type Call struct {
	Endpoint Endpoint
	Region   string // "" for a service without regions.
	// New makes the request anew for every attempt: the time, a nonce and the
	// keys are signed into it.
	New func() Signable
	// Unsigned calls carry no keys, as AssumeRoleWithOIDC wants it.
	Unsigned bool
	// Secrets are parameters of the request that no error may repeat. The keys and
	// the signature need not be named. Optional.
	Secrets []string
	// Attrs go into every log line about the call.
	Attrs []slog.Attr
	// Retried is told of each failure after which the call is made again, before
	// the wait for that. Optional.
	Retried func(failure *Error)
}

// Do makes the call, again while failures pass, and fills in the reply. The error
// is an [*Error], or the context's own where it ended.
func (c *Client) Do(ctx context.Context, call Call, reply Replier) error {
	retried := call.Retried
	if retried == nil {
		retried = func(*Error) {}
	}
	var attempts, failures int
	var renewed bool
	var last *Error
	waits := &atLeast{BackOff: c.config.Backoff()}
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		for {
			attempts++
			last = c.attempt(ctx, call, attempts, reply)
			renew := last != nil && last.renewed && !renewed
			renewed = renewed || renew
			// Throttling passes with its minute, however many attempts that takes, and it
			// is the limiter that waits, for all calls. Keys that have run out are renewed
			// once.
			if last == nil || !last.Throttled() && !renew {
				break
			}
			retried(last)
		}
		if last == nil {
			return struct{}{}, nil
		}
		if failures++; !last.Transient || failures >= c.config.MaxAttempts {
			return struct{}{}, backoff.Permanent(last)
		}
		waits.least = last.RetryAfter
		return struct{}{}, last
	}, backoff.WithBackOff(waits), backoff.WithMaxElapsedTime(0), backoff.WithNotify(func(error, time.Duration) { retried(last) }))
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}
