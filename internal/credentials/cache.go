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

	mu      sync.Mutex
	current *session
	due     time.Time // When to replace the current session; zero for never.
	flight  *flight
}

// flight is a fetch that all who need its session wait for. singleflight can't be
// used: it doesn't tell when the last waiter has left, and the fetch is then to be
// cancelled.
type flight struct {
	done    chan struct{}
	cancel  context.CancelFunc
	waiters int // Guarded by cache.mu; 0 means cancelled.
	keys    rpc.Credentials
	err     error
}

// Retrieve gives credentials that are good for a call made now. All callers share
// one fetch. A caller whose context ends leaves at once; the fetch goes on for the
// others, and is cancelled when the last has left. Failures are not kept.
func (c *cache) Retrieve(ctx context.Context) (rpc.Credentials, error) {
	for {
		if err := ctx.Err(); err != nil {
			return rpc.Credentials{}, err
		}
		keys, f, joined := c.join(ctx)
		if f == nil {
			return keys, nil
		}
		select {
		case <-ctx.Done():
			if joined {
				c.leave(f)
			}
			return rpc.Credentials{}, ctx.Err()
		case <-f.done:
		}
		if joined {
			return f.keys, f.err
		}
	}
}

// Invalidate drops the session if its credentials are these, which the service
// refused, and reports whether the source can give others.
func (c *cache) Invalidate(refused rpc.Credentials) bool {
	if c.fixed {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current != nil && c.current.keys == refused {
		c.current = nil
	}
	return true
}

// join gives the current credentials; or, where they need a refresh, the flight that
// brings the next. A flight that everybody has left isn't joined: its end must be
// waited for, since a fetch may hold a lock or be about to save a login.
func (c *cache) join(ctx context.Context) (keys rpc.Credentials, f *flight, joined bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current != nil && (c.due.IsZero() || c.now().Before(c.due)) {
		return c.current.keys, nil, false
	}
	if f = c.flight; f != nil {
		if f.waiters == 0 {
			return keys, f, false
		}
		f.waiters++
		return keys, f, true
	}
	// The first caller's context gives its values, such as the logger, but its end must
	// not fail the others.
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	f = &flight{done: make(chan struct{}), cancel: cancel, waiters: 1}
	c.flight = f
	go c.fly(ctx, f)
	return keys, f, true
}

func (c *cache) leave(f *flight) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f.waiters--
	if f.waiters == 0 {
		f.cancel()
	}
}

func (c *cache) fly(ctx context.Context, f *flight) {
	defer f.cancel()
	next, err := c.fetch(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	defer close(f.done)
	c.flight = nil
	now := c.now()
	switch {
	case err == nil:
		c.current, c.due = &next, time.Time{}
		if !next.end.IsZero() {
			c.due = next.end.Add(-min(refreshAhead, next.end.Sub(now)/3))
		}
	case c.current == nil || !now.Before(c.current.end):
		f.err = err
		return
	case ctx.Err() == nil: // Otherwise nobody is waiting, and the next caller tries again.
		c.due = now.Add(refreshPause)
		if c.current.end.Before(c.due) {
			c.due = c.current.end
		}
		c.logger.WarnContext(ctx, "could not refresh credentials early; those in use have not expired yet",
			slog.String("error", err.Error()), slog.Time("expiration", c.current.end))
	}
	f.keys = c.current.keys
}
