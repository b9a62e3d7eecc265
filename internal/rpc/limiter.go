package rpc

import (
	"context"
	"slices"
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

	mu         sync.Mutex
	max        int        // The bound that was configured.
	current    int        // The bound in force, from 1 to max.
	inFlight   int        // Slots taken.
	waiting    []chan int // Each gets the halvings so far with its slot, first come first served.
	served     int        // Calls served since the bound last changed.
	noneServed bool       // Whether no call was served since the last halving, or ever.
	halvings   int
	attempts   int // Pauses since a call was last served, without those that the API asked for.
	pauses     int // Pauses that go on: no slot is given.
}

// newLimiter bounds the calls in flight by limit, at least 1.
func newLimiter(limit int, backoff func(attempt int) time.Duration) *limiter {
	limit = max(1, limit)
	return &limiter{backoff: backoff, max: limit, current: limit, noneServed: true}
}

// acquire waits for a slot, the right to one call in flight, until the context ends. It
// returns the halvings so far, for release.
func (l *limiter) acquire(ctx context.Context) (halvings int, err error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	turn := make(chan int, 1)
	l.mu.Lock()
	l.waiting = append(l.waiting, turn)
	l.handOver()
	l.mu.Unlock()
	select {
	case halvings = <-turn:
		return halvings, nil
	case <-ctx.Done():
		l.cancelWait(turn)
		return 0, ctx.Err()
	}
}

// cancelWait takes a waiter out of the queue, or hands on the slot that it was given in
// the same moment.
func (l *limiter) cancelWait(turn chan int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if i := slices.Index(l.waiting, turn); i >= 0 {
		l.waiting = slices.Delete(l.waiting, i, i+1)
		return
	}
	l.inFlight--
	l.handOver()
}

// release learns from the call's outcome, nil if it was served, and gives the slot back.
// Calls that were in flight together when throttling set in count as one: halving for
// each of them would fall to one call for a single refusal of the API.
func (l *limiter) release(halvings int, failure *Error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case failure == nil:
		l.attempts = 0
		l.noneServed = false
		if l.served++; l.served >= l.current {
			l.current = min(l.current+1, l.max)
			l.served = 0
		}
	case failure.Throttled():
		l.pause(failure.RetryAfter)
		if halvings != l.halvings {
			break
		}
		if l.noneServed || l.inFlight <= 1 {
			l.attempts++
			l.pause(l.backoff(l.attempts))
		}
		l.current = max(1, l.inFlight/2)
		l.halvings++
		l.noneServed = true
		l.served = 0
	}
	l.inFlight--
	l.handOver()
}

// pause gives no slot for a time.
func (l *limiter) pause(wait time.Duration) {
	if wait <= 0 {
		return
	}
	l.pauses++
	time.AfterFunc(wait, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.pauses--
		l.handOver()
	})
}

// handOver gives free slots to those who wait longest.
func (l *limiter) handOver() {
	for len(l.waiting) > 0 && l.inFlight < l.current && l.pauses == 0 {
		l.waiting[0] <- l.halvings
		l.waiting = l.waiting[1:]
		l.inFlight++
	}
}
