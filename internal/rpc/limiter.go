package rpc

import (
	"context"
	"sync"
)

// limiter bounds the calls in flight. It halves its bound when the service
// throttles and grows it by one for every full round of calls that were served,
// so that a throttled account is soon asked one call after the other, and a
// recovered one side by side again.
type limiter struct {
	mu       sync.Mutex
	ceiling  int             // The bound that was configured.
	bound    int             // The bound in force, from 1 to ceiling.
	inFlight int             // Slots taken.
	waiting  []chan struct{} // Closed, first come first served, when a slot is handed over.
	served   int             // Calls served since the bound last changed.
	epoch    int             // Halvings so far.
}

func newLimiter(ceiling int) *limiter {
	return &limiter{ceiling: ceiling, bound: ceiling}
}

// slot is the right to one call in flight.
type slot struct {
	limiter *limiter
	epoch   int
}

// acquire waits for a slot until the context ends.
func (l *limiter) acquire(ctx context.Context) (slot, error) {
	if err := ctx.Err(); err != nil {
		return slot{}, err
	}
	l.mu.Lock()
	if l.inFlight < l.bound && len(l.waiting) == 0 {
		l.inFlight++
		defer l.mu.Unlock()
		return slot{l, l.epoch}, nil
	}
	turn := make(chan struct{})
	l.waiting = append(l.waiting, turn)
	l.mu.Unlock()

	select {
	case <-turn:
	case <-ctx.Done():
		l.abandon(turn)
		return slot{}, ctx.Err()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return slot{l, l.epoch}, nil
}

// abandon takes a waiter out of the queue, or passes on the slot that it was
// handed in the same moment.
func (l *limiter) abandon(turn chan struct{}) {
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

// release gives the slot back and learns from the call's outcome. Calls that
// were in flight together when throttling set in count as one: halving for each
// of them would fall to one call for a single refusal of the service.
func (s slot) release(throttled, served bool) {
	l := s.limiter
	l.mu.Lock()
	defer l.mu.Unlock()
	l.inFlight--
	switch {
	case throttled && s.epoch == l.epoch:
		l.bound = max(1, l.bound/2)
		l.epoch++
		l.served = 0
	case served && l.bound < l.ceiling:
		if l.served++; l.served >= l.bound {
			l.bound++
			l.served = 0
		}
	}
	l.handOver()
}

// handOver gives free slots to those who wait longest.
func (l *limiter) handOver() {
	for len(l.waiting) > 0 && l.inFlight < l.bound {
		close(l.waiting[0])
		l.waiting = l.waiting[1:]
		l.inFlight++
	}
}
