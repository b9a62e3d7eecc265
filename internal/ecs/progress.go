package ecs

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// progress counts what a read has done so far, over all that it read again. It is
// safe for concurrent use.
type progress struct {
	pages     atomic.Int64
	expected  atomic.Int64 // Pages to read, as far as known.
	snapshots atomic.Int64
	retries   atomic.Int64          // Calls that failed and were made again.
	failure   atomic.Pointer[error] // What failed last; nil where nothing did.
}

func (p *progress) failed(err error) { p.failure.Store(&err) }

func (p *progress) retry(failure *rpc.Error) {
	p.failed(failure)
	p.retries.Add(1)
}

// String tells how far the read got.
func (p *progress) String() string {
	if p.expected.Load() == 0 {
		return "no page was read"
	}
	return fmt.Sprintf("%d of %d pages with %d snapshots were read", p.pages.Load(), p.expected.Load(), p.snapshots.Load())
}

// interrupted is the error of a read whose context has ended.
func (r *read) interrupted(ctx context.Context) error {
	e := &InterruptedReadError{Cause: ctx.Err(), Progress: r.progress.String()}
	if failure := r.progress.failure.Load(); failure != nil {
		e.Last = *failure
	}
	return e
}
