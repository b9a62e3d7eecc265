package ecs

import (
	"context"
	"sync"
)

// flights lets reads that are identical and run at the same time share one walk.
// It differs from singleflight in how it ends: each caller leaves when its own
// context ends, and the walk ends when the last one has left.
type flights[T any] struct {
	mu      sync.Mutex
	running map[string]*flight[T]
}

type flight[T any] struct {
	cancel   context.CancelFunc
	done     chan struct{} // Closed when result and err are set.
	progress Progress
	waiters  int
	result   T
	err      error
}

// do runs read, or waits for one that runs already under the same key.
func (g *flights[T]) do(ctx context.Context, key string, read func(context.Context, *Progress) (T, error)) (T, error) {
	g.mu.Lock()
	f, ok := g.running[key]
	if !ok {
		shared, cancel := context.WithCancel(context.WithoutCancel(ctx))
		f = &flight[T]{cancel: cancel, done: make(chan struct{})}
		if g.running == nil {
			g.running = map[string]*flight[T]{}
		}
		g.running[key] = f
		go func() {
			defer cancel()
			f.result, f.err = read(shared, &f.progress)
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
	var nothing T
	return nothing, &InterruptedReadError{Cause: ctx.Err(), Progress: f.progress.String(), Last: f.progress.lastFailure()}
}

// leave gives up a place in the flight. The last one to leave ends it, and tells
// so.
func (g *flights[T]) leave(key string, f *flight[T]) (last bool) {
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
func (g *flights[T]) forget(key string, f *flight[T]) {
	if g.running[key] == f {
		delete(g.running, key)
	}
}
