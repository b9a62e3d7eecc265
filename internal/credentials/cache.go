package credentials

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

const (
	// refreshAhead is how long before its end a session is replaced: long enough for a
	// call that is signed now to arrive. Sessions shorter than three times this are
	// replaced after two thirds of their life.
	refreshAhead = 3 * time.Minute
	// refreshPause is the time between failed refreshes while the current session is
	// still good. Without it, every call would wait for another attempt.
	refreshPause = 10 * time.Second
	// unknownLife is how long credentials are kept whose source doesn't say when they
	// end: as long as the shortest session that STS gives.
	unknownLife = 15 * time.Minute
)

// session is a set of credentials and its end; the zero time if it has none.
type session struct {
	keys rpc.Credentials
	end  time.Time
}

// fetcher gets a new session from a source. It heeds the context. Its errors are the
// context's, [*Error] or [*ConfigError].
type fetcher func(ctx context.Context) (session, error)

// cache keeps a source's session until shortly before its end. It implements
// [rpc.CredentialsProvider] and is safe for concurrent use.
type cache struct {
	fetch  fetcher
	fixed  bool // Whether every session of the source is the same.
	now    func() time.Time
	logger *slog.Logger

	fetching chan struct{} // Full while a fetch runs: there is one at a time.

	mu       sync.Mutex // For what follows.
	current  *session
	due      time.Time // When to replace the current session; zero for never.
	failures int       // How many fetches failed.
	failure  error     // Of the last that did.
}

func newCache(fetch fetcher, fixed bool, now func() time.Time, logger *slog.Logger) *cache {
	return &cache{fetch: fetch, fixed: fixed, now: now, logger: logger, fetching: make(chan struct{}, 1)}
}

// Retrieve gives credentials that are good for a call made now. One caller fetches, and
// the others wait for it; they share its failure, but not the end of its context: then
// the next of them fetches. A caller whose own context ends leaves at once, even if its
// fetch goes on, since that may be about to save a login.
func (c *cache) Retrieve(ctx context.Context) (rpc.Credentials, error) {
	type outcome struct {
		keys rpc.Credentials
		err  error
	}
	if err := ctx.Err(); err != nil {
		return rpc.Credentials{}, err
	}
	keys, good, failures := c.state()
	if good {
		return keys, nil
	}
	select {
	case <-ctx.Done():
		return rpc.Credentials{}, ctx.Err()
	case c.fetching <- struct{}{}:
	}
	done := make(chan outcome, 1)
	go func() {
		defer func() { <-c.fetching }()
		keys, err := c.refresh(ctx, failures)
		done <- outcome{keys, err}
	}()
	select {
	case <-ctx.Done():
		return rpc.Credentials{}, ctx.Err()
	case got := <-done:
		return got.keys, got.err
	}
}

// Invalidate drops the session if its credentials are these, which the service
// refused, and reports whether the source can give others.
func (c *cache) Invalidate(refused rpc.Credentials) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.fixed && c.current != nil && c.current.keys == refused {
		c.current = nil
	}
	return !c.fixed
}

// state gives the current credentials, whether they need no refresh, and how many
// fetches failed so far.
func (c *cache) state() (keys rpc.Credentials, good bool, failures int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current != nil && (c.due.IsZero() || c.now().Before(c.due)) {
		return c.current.keys, true, c.failures
	}
	return keys, false, c.failures
}

// refresh fetches the next session, unless a fetch has ended since the caller saw so
// many failures.
func (c *cache) refresh(ctx context.Context, seen int) (rpc.Credentials, error) {
	keys, good, failures := c.state()
	if good {
		return keys, nil
	}
	if failures > seen {
		return keys, c.failure // Nobody else writes it now.
	}
	next, err := c.fetch(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	left := ctx.Err() != nil // The error is of no use to others.
	switch {
	case err == nil:
		c.current, c.due = &next, time.Time{}
		if !next.end.IsZero() {
			c.due = next.end.Add(-min(refreshAhead, next.end.Sub(now)/3))
		}
	case c.current == nil || !now.Before(c.current.end):
		if !left {
			c.failures++
			c.failure = err
		}
		return rpc.Credentials{}, err
	case !left:
		c.due = now.Add(min(refreshPause, c.current.end.Sub(now)))
		c.logger.WarnContext(ctx, "could not refresh credentials early; those in use have not expired yet",
			slog.String("error", err.Error()), slog.Time("expiration", c.current.end))
	}
	return c.current.keys, nil
}
