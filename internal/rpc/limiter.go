package rpc

import (
	"context"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// limiter bounds the calls in flight. It halves them when the service throttles
// and grows its bound by one for every full round of calls that were served, so
// that a throttled account is soon asked one call after the other, and a
// recovered one side by side again.
//
// Where fewer calls don't help, because none was served since the last halving or
// the throttled one was alone, no call is made for a time, which grows from once to
// once. All calls share that wait: were each to wait for itself, the last of many
// would go on waiting long after the service is ready to serve them all.
type limiter struct {
	mu       sync.Mutex
	most     int             // The bound that was configured.
	bound    int             // The bound in force, from 1 to most.
	inFlight int             // Slots taken.
	waiting  []chan struct{} // Closed, first come first served, when a slot is handed over.
	served   int             // Calls served since the bound last changed.
	idle     bool            // Whether no call was served since the last halving, or ever.
	epoch    int             // Halvings so far.
	backoff  backoff.BackOff // How long to pause next.
	pauses   int             // Pauses that go on: no slot is given.
}

// newLimiter bounds the calls in flight by most, at least 1.
func newLimiter(most int, pauses backoff.BackOff) *limiter {
	most = max(1, most)
	return &limiter{most: most, bound: most, idle: true, backoff: pauses}
}

// slot is the right to one call in flight.
type slot struct {
	limiter  *limiter
	epoch    int
	released bool
}

// acquire waits for a slot until the context ends.
func (l *limiter) acquire(ctx context.Context) (*slot, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	l.mu.Lock()
	turn := make(chan struct{})
	l.waiting = append(l.waiting, turn)
	l.handOver()
	l.mu.Unlock()

	select {
	case <-turn:
	case <-ctx.Done():
		l.cancelWait(turn)
		return nil, ctx.Err()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return &slot{limiter: l, epoch: l.epoch}, nil
}

// cancelWait takes a waiter out of the queue, or passes on the slot that it was
// handed in the same moment.
func (l *limiter) cancelWait(turn chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, other := range l.waiting {
		if other == turn {
			l.waiting = append(l.waiting[:i], l.waiting[i+1:]...)
			return
		}
	}
	l.inFlight--
	l.handOver()
}

// releaseEarly gives the slot back before the call's outcome is known.
func (s *slot) releaseEarly() {
	s.limiter.mu.Lock()
	defer s.limiter.mu.Unlock()
	s.free()
}

// release learns from the call's outcome, nil where it was served, and gives the
// slot back. Calls that were in flight together when throttling set in count as
// one: halving for each of them would fall to one call for a single refusal of
// the service.
func (s *slot) release(failure *Error) {
	l := s.limiter
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case failure == nil:
		l.backoff.Reset()
		l.idle = false
		if l.served++; l.served >= l.bound {
			l.bound = min(l.bound+1, l.most)
			l.served = 0
		}
	case failure.Throttled():
		l.pause(failure.RetryAfter)
		if s.epoch != l.epoch {
			break
		}
		if l.idle || l.inFlight <= 1 {
			l.pause(l.backoff.NextBackOff())
		}
		l.bound = max(1, l.inFlight/2)
		l.epoch++
		l.idle = true
		l.served = 0
	}
	s.free()
}

func (s *slot) free() {
	if !s.released {
		s.released = true
		s.limiter.inFlight--
		s.limiter.handOver()
	}
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
	for len(l.waiting) > 0 && l.inFlight < l.bound && l.pauses == 0 {
		close(l.waiting[0])
		l.waiting = l.waiting[1:]
		l.inFlight++
	}
}
