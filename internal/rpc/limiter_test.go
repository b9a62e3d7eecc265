package rpc

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// What a call that was refused for its rate says of the API, and one of which nothing is
// known.
var (
	refused = &Error{Code: "Throttling.User"}
	unknown = &Error{}
)

// slot is what a call holds.
type slot struct {
	*limiter
	halvings int
}

func acquire(ctx context.Context, l *limiter) (*slot, error) {
	halvings, err := l.acquire(ctx)
	return &slot{l, halvings}, err
}

func (s *slot) release(failure *Error) { s.limiter.release(s.halvings, failure) }

// take acquires slots, which must be free.
func take(t *testing.T, l *limiter, n int) (slots []*slot) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Nanosecond)
	defer cancel()
	for range n {
		s, err := acquire(ctx, l)
		if err != nil {
			t.Fatalf("%d slots of %d are free", len(slots), n)
		}
		slots = append(slots, s)
	}
	return slots
}

// free counts the slots that the limiter gives now, and gives them back.
func free(t *testing.T, l *limiter) int {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	slots := make(chan *slot, 20)
	var all sync.WaitGroup
	for range cap(slots) {
		all.Go(func() {
			if s, err := acquire(ctx, l); err == nil {
				slots <- s
			}
		})
	}
	synctest.Wait()
	cancel()
	all.Wait()
	close(slots)
	count := 0
	for s := range slots {
		s.release(unknown)
		count++
	}
	return count
}

func TestLimiterHalvesOncePerBurst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(8, waits(0))
		for range 5 {
			take(t, l, 1)[0].release(nil)
		}
		for _, s := range take(t, l, 8) {
			s.release(refused)
		}
		if n := free(t, l); n != 4 {
			t.Errorf("%d slots after a burst of 8 that was refused", n)
		}
		// A full round begins with the halving.
		for range 3 {
			take(t, l, 1)[0].release(nil)
		}
		if n := free(t, l); n != 4 {
			t.Errorf("%d slots after three of four were served", n)
		}
		// It halves what is in flight, whatever would be allowed.
		for i, s := range take(t, l, 3) {
			s.release(map[bool]*Error{true: refused, false: unknown}[i == 0])
		}
		if n := free(t, l); n != 1 {
			t.Errorf("%d slots after one of three was refused", n)
		}
	})
}

func TestLimiterGrowsBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(3, waits(0))
		take(t, l, 1)[0].release(refused)
		var slots []int
		for range 5 {
			take(t, l, 1)[0].release(nil)
			slots = append(slots, free(t, l))
		}
		if diff := cmp.Diff([]int{2, 2, 3, 3, 3}, slots); diff != "" {
			t.Error(diff)
		}
		take(t, l, 1)[0].release(refused)
		take(t, l, 1)[0].release(unknown)
		if n := free(t, l); n != 1 {
			t.Errorf("%d slots after an unknown outcome", n)
		}
	})
}

// A halved bound holds although more calls than that are in flight.
func TestLimiterShrinksBelowFlight(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(4, waits(0))
		burst := take(t, l, 4)
		var slots []int
		for i, s := range burst {
			s.release(map[bool]*Error{true: refused, false: unknown}[i == 0])
			slots = append(slots, free(t, l))
		}
		if diff := cmp.Diff([]int{0, 0, 1, 2}, slots); diff != "" {
			t.Error(diff)
		}
	})
}

func TestLimiterIsFair(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(1, waits(0))
		held := take(t, l, 1)[0]
		var order []int
		for i := range 10 {
			go func() {
				s, err := acquire(t.Context(), l)
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

// Waiters that give up, also in the moment when a slot is handed to them, leave all slots
// to the others.
func TestLimiterLeaksNoSlot(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(2, waits(0))
		for range 200 {
			held := take(t, l, 2)
			ctx, cancel := context.WithCancel(t.Context())
			var waiters sync.WaitGroup
			for range 3 {
				waiters.Go(func() {
					s, err := acquire(ctx, l)
					switch {
					case err == nil:
						s.release(unknown)
					case !errors.Is(err, context.Canceled):
						t.Error(err)
					}
				})
			}
			synctest.Wait()
			waiters.Go(cancel)
			held[0].release(unknown)
			waiters.Wait()
			held[1].release(unknown)
		}
		if n := free(t, l); n != 2 {
			t.Errorf("%d slots of 2", n)
		}
		for range 100 { // Not by chance, as where both a slot and the end are there.
			if _, err := l.acquire(canceled(t)); !errors.Is(err, context.Canceled) {
				t.Fatalf("a slot for a context that has ended: %v", err)
			}
		}
	})
}

// A bound of nothing would let no call through.
func TestLimiterLetsOneThrough(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		if n := free(t, newLimiter(0, waits(0))); n != 1 {
			t.Errorf("%d slots", n)
		}
	})
}

// No call is made for a time where halving can't help. That time grows until a call
// is served.
func TestLimiterPauses(t *testing.T) {
	t.Parallel()
	const served, unclear, throttled = "served", "unclear", "throttled"
	outcome := map[string]*Error{unclear: unknown, throttled: refused}
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
		"an unknown outcome":     {4, []string{served, throttled, unclear, throttled}, []time.Duration{0, 0, 0, time.Second}},
		"again and again":        {1, []string{throttled, throttled, throttled, served, throttled}, []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 0, time.Second}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLimiter(8, waits(time.Minute))
				for i, kind := range test.outcomes {
					held := take(t, l, min(test.inFlight, free(t, l)))
					start := time.Now()
					held[0].release(outcome[kind])
					for _, s := range held[1:] {
						s.release(unknown)
					}
					s, err := acquire(t.Context(), l)
					if err != nil {
						t.Fatal(err)
					}
					s.release(unknown)
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
	t.Parallel()
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
	t.Parallel()
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
