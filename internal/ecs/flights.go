package ecs

import (
	"context"
	"sync"
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

	first    context.Context // Of the caller that began it.
	cancel   context.CancelFunc
	done     chan struct{} // Closed when result and err are set.
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
		f = &flight{first: ctx, done: make(chan struct{})}
		f.Context, f.cancel = context.WithCancel(context.WithoutCancel(ctx))
		if g.running == nil {
			g.running = map[string]*flight{}
		}
		g.running[key] = f
		go func() { //nolint:contextcheck // The walk may outlive the caller that began it.
			defer f.cancel()
			f.result, f.err = read(f, &f.progress)
			g.mu.Lock()
			defer g.mu.Unlock()
			g.forget(key, f)
			close(f.done)
		}()
	}
	f.waiters++
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

// Deadline is when the first caller leaves at the latest. The walk doesn't end by it,
// but the time for an attempt depends on it.
func (f *flight) Deadline() (time.Time, bool) { return f.first.Deadline() }
