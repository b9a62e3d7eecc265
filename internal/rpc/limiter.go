package rpc

import (
	"context"
	"sync"
	"time"
)

// limiter bounds the calls in flight. It halves them when the API throttles and grows
// its bound by one for every full round of calls that were served, so that a throttled
// account is soon asked one call after the other, and a recovered one side by side again.
//
// Where fewer calls don't help, because none was served since the last halving or the
// throttled one was alone, no call is made for a time, which grows each time. All calls
// share that wait: were each to wait for itself, the last of many would go on waiting
// long after the API is ready to serve them all.
type limiter struct {
	backoff func(attempt int) time.Duration
	max     int           // The bound that was configured.
	next    chan struct{} // Holds one: the call that gets the next slot. The others queue for its place.

	mu       sync.Mutex
	changed  *sync.Cond // A slot may be free, a pause may be over, or the context of the next has ended.
	current  int        // The bound in force, from 1 to max.
	inFlight int        // Slots taken.
	served   int        // Calls served since the bound last changed.
	halvings int
	refusals int       // Halvings since a call was last served; one more if none ever was.
	paused   time.Time // No slot is given before.
}

// newLimiter bounds the calls in flight by limit, at least 1.
func newLimiter(limit int, backoff func(attempt int) time.Duration) *limiter {
	limit = max(1, limit)
	l := &limiter{backoff: backoff, max: limit, current: limit, refusals: 1, next: make(chan struct{}, 1)}
	l.changed = sync.NewCond(&l.mu)
	return l
}

// acquire waits for a slot, the right to one call in flight, until the context ends: who
// comes first gets it first. It returns the halvings so far, for release.
func (l *limiter) acquire(ctx context.Context) (halvings int, err error) {
	select {
	case <-ctx.Done():
		return 0, ctx.Err()
	case l.next <- struct{}{}:
	}
	defer func() { <-l.next }()
	stop := context.AfterFunc(ctx, l.wake)
	defer stop()
	l.mu.Lock()
	defer l.mu.Unlock()
	for ctx.Err() == nil && (l.inFlight >= l.current || time.Now().Before(l.paused)) {
		l.changed.Wait()
	}
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	l.inFlight++
	return l.halvings, nil
}

// wake lets the next look again.
func (l *limiter) wake() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.changed.Broadcast()
}

// release learns from the call's outcome, nil if it was served, and gives the slot back.
// The bound is halved once for all calls that were in flight when throttling set in.
func (l *limiter) release(halvings int, failure *Error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case failure == nil:
		l.refusals = 0
		if l.served++; l.served >= l.current {
			l.current = min(l.current+1, l.max)
			l.served = 0
		}
	case failure.Throttled():
		wait := failure.RetryAfter
		if halvings == l.halvings {
			l.refusals++
			if l.refusals > 1 || l.inFlight == 1 {
				wait = max(wait, l.backoff(max(1, l.refusals-1)))
			}
			l.current = max(1, l.inFlight/2)
			l.halvings++
			l.served = 0
		}
		if until := time.Now().Add(wait); until.After(l.paused) {
			l.paused = until
			time.AfterFunc(wait, l.wake)
		}
	}
	l.inFlight--
	l.changed.Broadcast()
}
