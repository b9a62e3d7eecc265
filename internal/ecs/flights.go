package ecs

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// flights lets reads that are identical and run at the same time share one walk.
// It differs from singleflight in how it ends: each caller leaves when its own
// context ends, and the walk ends when the last one has left.
type flights struct {
	mu      sync.Mutex
	running map[string]*flight
}

type flight struct {
	context.Context // Of the walk.

	cancel   context.CancelFunc
	deadline atomic.Pointer[time.Time] // The latest of the callers'; nil where one has none.
	done     chan struct{}             // Closed when result and err are set.
	progress progress
	waiters  int
	result   Result
	err      error
}

// do runs read, or waits for one that runs already under the same key.
func (g *flights) do(ctx context.Context, key string, read func(context.Context, *progress) (Result, error)) (Result, error) {
	g.mu.Lock()
	f, ok := g.running[key]
	if !ok {
		f = &flight{done: make(chan struct{})}
		f.Context, f.cancel = context.WithCancel(context.WithoutCancel(ctx))
		f.deadline.Store(&time.Time{})
		if g.running == nil {
			g.running = map[string]*flight{}
		}
		g.running[key] = f
		f.extend(ctx)
		go func() {
			defer f.cancel()
			f.result, f.err = read(f, &f.progress)
			g.mu.Lock()
			defer g.mu.Unlock()
			g.forget(key, f)
			close(f.done)
		}()
	}
	f.waiters++
	f.extend(ctx)
	g.mu.Unlock()

	select {
	case <-f.done:
		return f.result, f.err
	case <-ctx.Done():
	}
	if g.leave(key, f) {
		<-f.done // It ends at once.
	}
	return Result{}, &InterruptedReadError{Cause: ctx.Err(), Progress: f.progress.String(), Last: f.progress.lastFailure()}
}

// leave gives up a place in the flight. The last one to leave ends it, and tells
// so.
func (g *flights) leave(key string, f *flight) (last bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if f.waiters--; f.waiters > 0 {
		return false
	}
	g.forget(key, f)
	f.cancel()
	return true
}

// forget makes the next read under the key a new one.
func (g *flights) forget(key string, f *flight) {
	if g.running[key] == f {
		delete(g.running, key)
	}
}

// Deadline is when the last caller leaves at the latest, and the walk ends with it:
// the time for an attempt depends on it.
func (f *flight) Deadline() (time.Time, bool) {
	if at := f.deadline.Load(); at != nil {
		return *at, true
	}
	return time.Time{}, false
}

// extend makes the walk last as long as the caller's context may.
func (f *flight) extend(ctx context.Context) {
	at, ok := ctx.Deadline()
	if latest := f.deadline.Load(); !ok {
		f.deadline.Store(nil)
	} else if latest != nil && at.After(*latest) {
		f.deadline.Store(&at)
	}
}
