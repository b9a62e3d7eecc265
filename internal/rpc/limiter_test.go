package rpc

import (
	"context"
	"errors"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

var refused = &Error{Code: "Throttling.User"}

// take acquires a slot that is free.
func take(t *testing.T, l *limiter) *slot {
	t.Helper()
	if l.inFlight >= l.current {
		t.Fatalf("no slot of %d is free", l.current)
	}
	s, err := l.acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestLimiterHalvesOncePerBurst(t *testing.T) {
	l := newLimiter(8, waits(0))
	for range 5 {
		take(t, l).release(nil)
	}
	var burst []*slot
	for range 8 {
		burst = append(burst, take(t, l))
	}
	var bounds []int
	for _, s := range burst {
		s.release(refused)
		bounds = append(bounds, l.current)
	}
	if diff := cmp.Diff([]int{4, 4, 4, 4, 4, 4, 4, 4}, bounds); diff != "" {
		t.Error(diff)
	}
	// A full round begins with the halving.
	for range 3 {
		take(t, l).release(nil)
	}
	if l.current != 4 {
		t.Errorf("bound %d after three of four were served", l.current)
	}
	// It halves what is in flight, whatever would be allowed.
	take(t, l)
	take(t, l)
	take(t, l).release(refused)
	if l.current != 1 {
		t.Errorf("bound %d after one of three was refused", l.current)
	}
}

func TestLimiterGrowsBack(t *testing.T) {
	l := newLimiter(3, waits(0))
	take(t, l).release(refused)
	var bounds []int
	for range 5 {
		take(t, l).release(nil)
		bounds = append(bounds, l.current)
	}
	if diff := cmp.Diff([]int{2, 2, 3, 3, 3}, bounds); diff != "" {
		t.Error(diff)
	}
	take(t, l).release(refused)
	take(t, l).release(&Error{}) // Neither served nor throttled: nothing is known.
	if l.current != 1 {
		t.Errorf("bound %d after an unknown outcome", l.current)
	}
}

// A halved bound holds although more calls than that are in flight.
func TestLimiterShrinksBelowFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(4, waits(0))
		var burst []*slot
		for range 4 {
			burst = append(burst, take(t, l))
		}
		var acquired atomic.Int64
		go func() {
			s, err := l.acquire(t.Context())
			if err != nil {
				t.Error(err)
			}
			acquired.Add(1)
			s.release(nil)
		}()
		for i, s := range burst {
			synctest.Wait()
			if want := int64(0); i < 3 && acquired.Load() != want {
				t.Errorf("a slot was given with %d in flight and a bound of %d", 4-i, l.current)
			}
			s.release(map[bool]*Error{true: refused, false: {}}[i == 0])
		}
		synctest.Wait()
		if acquired.Load() != 1 {
			t.Error("no slot was given")
		}
	})
}

func TestLimiterIsFair(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(1, waits(0))
		held := take(t, l)
		var order []int
		for i := range 10 {
			go func() {
				s, err := l.acquire(t.Context())
				if err != nil {
					t.Error(err)
					return
				}
				order = append(order, i) // One at a time: the slot guards it.
				s.release(nil)
			}()
			synctest.Wait()
		}
		held.release(nil)
		synctest.Wait()
		if diff := cmp.Diff([]int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, order); diff != "" {
			t.Error(diff)
		}
	})
}

// Waiters that give up, also in the moment when a slot is handed to them, leave
// all slots to the others.
func TestLimiterLeaksNoSlot(t *testing.T) {
	l := newLimiter(4, waits(0))
	var inFlight, most atomic.Int64
	var waiters sync.WaitGroup
	for i := range 400 {
		ctx, cancel := context.WithCancel(t.Context())
		waiters.Go(func() {
			defer cancel()
			s, err := l.acquire(ctx)
			if err != nil {
				if !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
				return
			}
			for n := inFlight.Add(1); n > most.Load(); {
				most.Store(n)
			}
			runtime.Gosched()
			inFlight.Add(-1)
			s.release(map[bool]*Error{true: refused}[i%7 == 0])
		})
		if i%3 == 0 {
			go cancel()
		}
	}
	waiters.Wait()
	if l.inFlight != 0 || len(l.waiting) != 0 {
		t.Errorf("%d slots taken, %d waiting", l.inFlight, len(l.waiting))
	}
	if most.Load() > 4 {
		t.Errorf("%d in flight", most.Load())
	}
	for range 100 { // Not by chance, as where both a slot and the end are there.
		if _, err := l.acquire(canceled(t)); !errors.Is(err, context.Canceled) {
			t.Fatalf("a slot for a context that has ended: %v", err)
		}
	}
}

// A waiter may give up after a slot was handed to it and before it noticed.
func TestLimiterTakesHandedSlotBack(t *testing.T) {
	l := newLimiter(1, waits(0))
	held := take(t, l)
	turn, next := make(chan struct{}), make(chan struct{})
	l.waiting = append(l.waiting, turn, next)
	held.release(nil)
	<-turn
	l.cancelWait(turn)
	select {
	case <-next:
	default:
		t.Error("the slot wasn't passed on")
	}
	l.cancelWait(next)
	take(t, l).release(nil)
}

// A bound of nothing would let no call through.
func TestLimiterLetsOneThrough(t *testing.T) {
	take(t, newLimiter(0, waits(0))).release(nil)
}

// No call is made for a time where halving can't help. That time grows until a call
// is served.
func TestLimiterPauses(t *testing.T) {
	const served, unknown, throttled = "served", "unknown", "throttled"
	outcome := map[string]*Error{unknown: {}, throttled: refused}
	for name, test := range map[string]struct {
		inFlight int
		outcomes []string
		want     []time.Duration // After each outcome.
	}{
		"none was served yet":    {2, []string{throttled}, []time.Duration{time.Second}},
		"one was served":         {2, []string{served, throttled}, []time.Duration{0, 0}},
		"alone":                  {1, []string{served, throttled}, []time.Duration{0, time.Second}},
		"none since the halving": {4, []string{served, throttled, throttled}, []time.Duration{0, 0, time.Second}},
		"one since the halving":  {4, []string{served, throttled, served, throttled}, []time.Duration{0, 0, 0, 0}},
		"an unknown outcome":     {4, []string{served, throttled, unknown, throttled}, []time.Duration{0, 0, 0, time.Second}},
		"again and again":        {1, []string{throttled, throttled, throttled, served, throttled}, []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 0, time.Second}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLimiter(8, waits(time.Minute))
				for i, kind := range test.outcomes {
					var held []*slot
					for range min(test.inFlight, l.current) {
						s, err := l.acquire(t.Context())
						if err != nil {
							t.Fatal(err)
						}
						held = append(held, s)
					}
					start := time.Now()
					held[0].release(outcome[kind])
					for _, s := range held[1:] {
						s.release(&Error{}) // Nothing is known of the others.
					}
					s, err := l.acquire(t.Context())
					if err != nil {
						t.Fatal(err)
					}
					s.release(&Error{})
					if waited := time.Since(start); waited != test.want[i] {
						t.Errorf("after outcome %d: waited %v, want %v", i, waited, test.want[i])
					}
				}
			})
		})
	}
}

func canceled(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

// The bound counts for all calls of a client, whatever they do.
func TestCallsInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var inFlight, most, calls atomic.Int64
		transport := roundTrip(func(*http.Request) (*http.Response, error) {
			defer inFlight.Add(-1)
			for n := inFlight.Add(1); n > most.Load(); {
				most.Store(n)
			}
			<-time.After(time.Second)
			if calls.Add(1)%5 == 0 {
				return throttled()
			}
			return good()
		})
		client := newTestClient(t, Config{Transport: transport, MaxConcurrent: 6})
		var all sync.WaitGroup
		for range 60 {
			all.Go(func() {
				if err := client.Do(t.Context(), testCall(t, "https://ecs.example.com"), &testReply{}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if most.Load() != 6 {
			t.Errorf("at most %d in flight, want 6", most.Load())
		}
	})
}

// A call that waits to be made again holds no slot.
func TestWaitHoldsNoSlot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		transport := &script{replies: replies{reply(503, "", "Retry-After: 60"), good}}
		client := newTestClient(t, Config{Transport: transport, MaxConcurrent: 1})
		var first sync.WaitGroup
		first.Go(func() {
			if err := client.Do(t.Context(), testCall(t, "https://ecs.example.com"), &testReply{}); err != nil {
				t.Error(err)
			}
		})
		synctest.Wait()
		start := time.Now()
		if err := client.Do(t.Context(), testCall(t, "https://ecs.example.com"), &testReply{}); err != nil {
			t.Error(err)
		}
		if took := time.Since(start); took != 0 {
			t.Errorf("waited %v for a slot", took)
		}
		first.Wait()
	})
}
