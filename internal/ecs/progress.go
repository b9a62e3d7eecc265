package ecs

import (
	"fmt"
	"sync"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// progress counts what a read has done so far, over all that it read again. It is
// safe for concurrent use.
type progress struct {
	mu        sync.Mutex
	pages     int // Pages read.
	expected  int // Pages to read, as far as known.
	snapshots int // Snapshots read.
	retries   int // Calls that failed and were made again.
	failure   error
}

func (p *progress) expect(pages int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.expected += pages
}

func (p *progress) page(snapshots int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pages++
	p.snapshots += snapshots
}

// retry is a call that failed and is made again.
func (p *progress) retry(failure *rpc.Error) {
	p.failed(failure)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.retries++
}

func (p *progress) failed(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.failure = err
}

// lastFailure is nil where nothing failed.
func (p *progress) lastFailure() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.failure
}

// String tells how far the read got.
func (p *progress) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.expected == 0 {
		return "no page was read"
	}
	return fmt.Sprintf("%d of %d pages with %d snapshots were read", p.pages, p.expected, p.snapshots)
}
