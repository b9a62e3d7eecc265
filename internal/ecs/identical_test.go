package ecs

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// held is a client of a service with 250 snapshots whose first pages wait.
func held() (client *Client, service *ecstest.Service, proceed chan struct{}) {
	snapshots := numbered(0, 250)
	for i := range snapshots {
		snapshots[i].CreationTime = "1999-12-31T00:00:00Z" // Before the bubble's clock begins: none is new.
	}
	service = ecstest.New(snapshots...)
	proceed = make(chan struct{})
	service.Inject(ecstest.OnPage(1, func(x *ecstest.Exchange, next ecstest.Handler) *ecstest.Reply {
		<-proceed
		return next(x)
	}))
	return newDirectClient(service, 8), service, proceed
}

// Identical reads at the same time are one; a later one asks again.
func TestIdenticalReadsAreOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, service, proceed := held()
		var reads sync.WaitGroup
		for range 10 {
			reads.Go(func() {
				if got := list(t, client, Query{Status: "accomplished"}); len(got) != 250 {
					t.Errorf("%d snapshots", len(got))
				}
			})
		}
		synctest.Wait()
		close(proceed)
		reads.Wait()
		if n := service.CallCount(ecstest.ActionDescribeSnapshots); n != 3 {
			t.Errorf("%d calls, want 3", n)
		}
		list(t, client, Query{Status: "accomplished"})
		if n := service.CallCount(ecstest.ActionDescribeSnapshots); n != 6 {
			t.Errorf("%d calls, want 6", n)
		}
	})
}

// Each caller leaves when its own context ends. Where that began the read, the others
// read again.
func TestCallersLeaveOneByOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, service, proceed := held()
		start := time.Now()
		var callers sync.WaitGroup
		for _, patience := range []time.Duration{2 * time.Second, time.Second, 3 * time.Second} {
			callers.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				defer cancel()
				_, err := client.List(ctx, Query{RegionID: testRegion})
				if !errors.As(err, new(*InterruptedReadError)) || !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("after %v: %v", patience, err)
				}
				if took := time.Since(start); took != patience {
					t.Errorf("left after %v, not %v", took, patience)
				}
			})
			synctest.Wait()
		}
		callers.Go(func() {
			if got := list(t, client, Query{}); len(got) != 250 {
				t.Errorf("%d snapshots", len(got))
			}
		})
		time.Sleep(4 * time.Second)
		close(proceed)
		callers.Wait()
		// The first page of the first read, of the one that another caller began when that
		// ended, and perhaps of a third; and two more pages.
		if n := service.CallCount(ecstest.ActionDescribeSnapshots); n < 2+2 || n > 3+2 {
			t.Errorf("%d calls", n)
		}
	})
}

// A failed read is not kept for the next one.
func TestFailuresAreNotShared(t *testing.T) {
	t.Parallel()
	server := ecstest.Start(t, numbered(0, 3)...)
	server.Inject(ecstest.FirstN(1, ecstest.ErrorCode(http.StatusForbidden, "Forbidden.RAM", "no")))
	client := newTestClient(t, server)
	_ = refuse(t, client, Query{})
	if n := len(list(t, client, Query{})); n != 3 {
		t.Errorf("%d snapshots", n)
	}
}
