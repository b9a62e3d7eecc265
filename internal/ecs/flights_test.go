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
func waiters[T any](g *flights[T]) (n int) {
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
		var g flights[int]
		ended := make(chan error, 1)
		read := func(ctx context.Context, p *Progress) (int, error) {
			p.failed(errors.New("a failure"))
			<-ctx.Done()
			ended <- ctx.Err()
			return 0, ctx.Err()
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
		var g flights[int]
		const slow = time.Millisecond // It takes to end.
		ended := make(chan struct{})
		var callers sync.WaitGroup
		callers.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			_, err := g.do(ctx, "key", func(ctx context.Context, _ *Progress) (int, error) {
				defer close(ended)
				<-ctx.Done()
				time.Sleep(slow)
				return 0, ctx.Err()
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
			if got, err := g.do(t.Context(), "key", func(context.Context, *Progress) (int, error) { return 7, nil }); got != 7 || err != nil {
				t.Errorf("%d and %v", got, err)
			}
		})
		callers.Wait()
	})
}

// A failed read is not kept for the next one.
func TestFailuresAreNotShared(t *testing.T) {
	var g flights[int]
	if _, err := g.do(t.Context(), "key", func(context.Context, *Progress) (int, error) { return 0, errors.New("no") }); err == nil {
		t.Error("no error")
	}
	if got, err := g.do(t.Context(), "key", func(context.Context, *Progress) (int, error) { return 7, nil }); err != nil || got != 7 {
		t.Errorf("%d and %v", got, err)
	}
}

// Reads with the same tags share the probe for the ceiling.
func TestProbesAreShared(t *testing.T) {
	server := ecstest.Start(t, tagged(50)...)
	hold := make(chan struct{})
	server.Inject(func(x *ecstest.Exchange, next ecstest.Handler) *ecstest.Reply {
		if !x.Params.Has("DiskId") {
			<-hold
		}
		return next(x)
	})
	client := newTestClient(t, server)
	var reads sync.WaitGroup
	for _, disk := range []string{"d-1", "d-10", "d-2", "d-3"} {
		reads.Go(func() {
			q := Query{RegionID: testRegion, Tags: map[string]*string{"env": nil}, DiskID: disk}
			if _, err := client.List(t.Context(), q); err != nil {
				t.Error(err)
			}
		})
	}
	until(t, func() bool { return waiters(&client.probes) == 4 })
	close(hold)
	reads.Wait()
	if n := server.CallCount(ecstest.ActionDescribeSnapshots); n != 5 {
		t.Errorf("%d calls, want 4 and a probe", n)
	}
}
