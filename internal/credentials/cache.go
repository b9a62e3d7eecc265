package credentials

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

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

// errAbandoned is the result of a fetch whose caller has left: others fetch anew.
var errAbandoned = errors.New("the fetch was abandoned")

// cache keeps a source's session until shortly before its end. It implements
// [rpc.CredentialsProvider] and is safe for concurrent use.
type cache struct {
	fetch  fetcher
	fixed  bool // Whether every session of the source is the same.
	now    func() time.Time
	logger *slog.Logger

	fetches singleflight.Group
	mu      sync.Mutex // For what follows.
	current *session
	due     time.Time // When to replace the current session; zero for never.
}

// Retrieve gives credentials that are good for a call made now. All callers share one
// fetch and its failure. A caller whose context ends leaves at once. If the fetch is its
// own, that is cancelled; the others wait for its end, since it may be about to save a
// login, and then begin another.
func (c *cache) Retrieve(ctx context.Context) (rpc.Credentials, error) {
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case got := <-c.fetches.DoChan("", func() (any, error) { return c.refresh(ctx) }):
			if !errors.Is(got.Err, errAbandoned) {
				keys, _ := got.Val.(rpc.Credentials)
				return keys, got.Err
			}
		}
	}
	return rpc.Credentials{}, ctx.Err()
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

// refresh gives the current credentials, after a fetch if they need one.
func (c *cache) refresh(ctx context.Context) (rpc.Credentials, error) {
	c.mu.Lock()
	current, due := c.current, c.due
	c.mu.Unlock()
	if current != nil && (due.IsZero() || c.now().Before(due)) {
		return current.keys, nil
	}
	next, err := c.fetch(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	switch {
	case err == nil:
		c.current, c.due = &next, time.Time{}
		if !next.end.IsZero() {
			c.due = next.end.Add(-min(refreshAhead, next.end.Sub(now)/3))
		}
	case ctx.Err() != nil:
		return rpc.Credentials{}, errAbandoned
	case c.current == nil || !now.Before(c.current.end):
		return rpc.Credentials{}, err
	default:
		c.due = now.Add(min(refreshPause, c.current.end.Sub(now)))
		c.logger.WarnContext(ctx, "could not refresh credentials early; those in use have not expired yet",
			slog.String("error", err.Error()), slog.Time("expiration", c.current.end))
	}
	return c.current.keys, nil
}
