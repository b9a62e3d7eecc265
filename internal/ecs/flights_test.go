package ecs

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// waiters are how many wait for flights.
func waiters(g *flights) (n int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, f := range g.running {
		n += f.waiters
	}
	return n
}

// Identical reads at the same time are one walk; a later one asks again.
func TestIdenticalReadsAreOne(t *testing.T) {
	server := ecstest.Start(t, numbered(0, 250)...)
	together := make(chan struct{})
	server.Inject(ecstest.OnPage(1, func(x *ecstest.Exchange, next ecstest.Handler) *ecstest.Reply {
		<-together
		return next(x)
	}))
	client := newTestClient(t, server)
	const readers = 10
	var reads sync.WaitGroup
	for range readers {
		reads.Go(func() {
			result, err := client.List(t.Context(), Query{RegionID: testRegion, Status: "accomplished"})
			if err != nil || len(result.Snapshots) != 250 {
				t.Errorf("%d snapshots and %v", len(result.Snapshots), err)
			}
		})
	}
	until(t, func() bool { return waiters(&client.reads) == readers })
	close(together)
	reads.Wait()
	if n := server.CallCount(ecstest.ActionDescribeSnapshots); n != 3 {
		t.Errorf("%d calls, want 3", n)
	}
	list(t, client, Query{Status: "accomplished"})
	if n := server.CallCount(ecstest.ActionDescribeSnapshots); n != 6 {
		t.Errorf("%d calls, want 6", n)
	}
}

// Each caller leaves at its own end. The walk goes on for the others, and ends
// with the last of them.
func TestCallersLeaveOneByOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g flights
		ended := make(chan error, 1)
		read := func(ctx context.Context, p *progress) (Result, error) { //nolint:unparam // As do wants it.
			p.failed(errors.New("a failure"))
			<-ctx.Done()
			ended <- ctx.Err()
			return Result{}, ctx.Err()
		}
		start := time.Now()
		var callers sync.WaitGroup
		for _, patience := range []time.Duration{time.Second, 2 * time.Second, 3 * time.Second} {
			callers.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				defer cancel()
				_, err := g.do(ctx, "key", read)
				var interrupted *InterruptedReadError
				if !errors.As(err, &interrupted) || !errors.Is(err, context.DeadlineExceeded) || interrupted.Last == nil {
					t.Errorf("after %v: %v", patience, err)
				}
				if took := time.Since(start); took != patience {
					t.Errorf("left after %v, not %v", took, patience)
				}
				g.mu.Lock()
				defer g.mu.Unlock()
				if running := len(g.running); running != 1 && patience < 3*time.Second || running != 0 && patience == 3*time.Second {
					t.Errorf("%d walks after %v", running, patience)
				}
			})
			synctest.Wait()
		}
		callers.Wait()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
}

// A walk that ends because the last caller left is not joined any more, and that caller
// waits for its end.
func TestEndedWalkIsNotJoined(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g flights
		const slow = time.Millisecond // It takes to end.
		ended := make(chan struct{})
		var callers sync.WaitGroup
		callers.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			_, err := g.do(ctx, "key", func(ctx context.Context, _ *progress) (Result, error) {
				defer close(ended)
				<-ctx.Done()
				time.Sleep(slow)
				return Result{}, ctx.Err()
			})
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Error(err)
			}
			select {
			case <-ended:
			default:
				t.Error("the walk went on")
			}
		})
		callers.Go(func() {
			time.Sleep(time.Second + slow/2)
			if got, err := g.do(t.Context(), "key", func(context.Context, *progress) (Result, error) { return Result{Count: 7}, nil }); got.Count != 7 || err != nil {
				t.Errorf("%v and %v", got, err)
			}
		})
		callers.Wait()
	})
}

// A failed read is not kept for the next one.
func TestFailuresAreNotShared(t *testing.T) {
	var g flights
	if _, err := g.do(t.Context(), "key", func(context.Context, *progress) (Result, error) { return Result{}, errors.New("no") }); err == nil {
		t.Error("no error")
	}
	if got, err := g.do(t.Context(), "key", func(context.Context, *progress) (Result, error) { return Result{Count: 7}, nil }); err != nil || got.Count != 7 {
		t.Errorf("%v and %v", got, err)
	}
}

// The time for an attempt depends on the caller's deadline.
func TestWalkKnowsTheDeadline(t *testing.T) {
	t.Parallel()
	var g flights
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	_, err := g.do(ctx, "key", func(shared context.Context, _ *progress) (Result, error) {
		want, _ := ctx.Deadline()
		if got, ok := shared.Deadline(); !ok || !got.Equal(want) {
			t.Errorf("%v, %t", got, ok)
		}
		return Result{}, nil
	})
	if err != nil {
		t.Error(err)
	}
}
