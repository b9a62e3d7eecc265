package rpc

import (
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// A service that answers so many calls at a time, or so many in a minute, is
// done with calls that come side by side as soon as with the same calls in turn.
func TestThrottledNoLaterThanInTurn(t *testing.T) {
	t.Parallel()
	const calls = 100
	// The first calls find out, and a pause may outlast what it waits for.
	const allowance = 5 * time.Second
	tests := map[string]func() http.RoundTripper{
		"one at a time":    func() http.RoundTripper { return atATime(1) },
		"three at a time":  func() http.RoundTripper { return atATime(3) },
		"60 in a minute":   func() http.RoundTripper { return inAMinute(60) },
		"1000 in a minute": func() http.RoundTripper { return inAMinute(1000) },
	}
	for name, service := range tests {
		t.Run(name, func(t *testing.T) {
			inTurn, sideBySide := timeOf(t, service(), calls, 1), timeOf(t, service(), calls, 8)
			if sideBySide > inTurn+allowance {
				t.Errorf("side by side they took %v, in turn %v", sideBySide, inTurn)
			}
		})
	}
}

// timeOf makes calls, with waits without chance in them, and tells how long all
// of them take.
func timeOf(t *testing.T, service http.RoundTripper, calls, maxConcurrent int) time.Duration {
	t.Helper()
	var took time.Duration
	synctest.Test(t, func(t *testing.T) {
		client := newTestClient(t, Config{Transport: service, MaxConcurrent: maxConcurrent, Backoff: waits(4 * time.Second)})
		start := time.Now()
		var all sync.WaitGroup
		for range calls {
			all.Go(func() {
				if err := client.Do(t.Context(), testCall(t, "https://ecs.example.com"), &testReply{}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		took = time.Since(start)
	})
	return took
}

// atATime serves a number of calls at a time, each within 200 ms, and refuses
// more.
func atATime(limit int) roundTrip {
	served := make(chan struct{}, limit)
	return func(*http.Request) (*http.Response, error) {
		select {
		case served <- struct{}{}:
		default:
			return throttled()
		}
		<-time.After(200 * time.Millisecond)
		<-served
		return good()
	}
}

// inAMinute serves a number of calls in each minute, each within 200 ms.
func inAMinute(limit int) roundTrip {
	var mu sync.Mutex
	var minute time.Time
	var calls int
	return func(*http.Request) (*http.Response, error) {
		<-time.After(200 * time.Millisecond)
		mu.Lock()
		defer mu.Unlock()
		if now := time.Now().Truncate(time.Minute); now.After(minute) {
			minute, calls = now, 0
		}
		if calls++; calls > limit {
			return throttled()
		}
		return good()
	}
}
