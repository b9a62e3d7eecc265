package ecs

import (
	"fmt"
	"sync"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// Progress counts what a read has done so far. It is safe for concurrent use.
type Progress struct {
	mu      sync.Mutex
	walks   []*walkProgress
	retried int
	failure error
}

// walkProgress counts one walk over pages.
type walkProgress struct {
	read     *Progress
	pages    int // Pages read.
	expected int // Pages to read, as far as known.
	seen     int // Snapshots read.
}

// walk begins a walk.
func (p *Progress) walk() *walkProgress {
	p.mu.Lock()
	defer p.mu.Unlock()
	w := &walkProgress{read: p}
	p.walks = append(p.walks, w)
	return w
}

// restart forgets the walks, not the retries.
func (p *Progress) restart() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.walks = nil
}

// failed notes what failed last; nil is no failure.
func (p *Progress) failed(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil {
		p.failure = err
	}
}

// lastFailure is what failed last; nil where nothing did.
func (p *Progress) lastFailure() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.failure
}

func (p *Progress) retries() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.retried
}

// sum is all walks in one.
func (p *Progress) sum() walkProgress {
	p.mu.Lock()
	defer p.mu.Unlock()
	var sum walkProgress
	for _, w := range p.walks {
		sum.pages += w.pages
		sum.expected += w.expected
		sum.seen += w.seen
	}
	return sum
}

// String tells how far the read got.
func (p *Progress) String() string {
	sum := p.sum()
	if sum.expected == 0 {
		return fmt.Sprintf("%d pages with %d snapshots were read", sum.pages, sum.seen)
	}
	return fmt.Sprintf("%d of %d pages with %d snapshots were read", sum.pages, sum.expected, sum.seen)
}

// begin is the start of the walk, or of the next try at it.
func (w *walkProgress) begin() {
	w.read.mu.Lock()
	defer w.read.mu.Unlock()
	w.pages, w.expected, w.seen = 0, 0, 0
}

// expect is the number of pages, once it is known.
func (w *walkProgress) expect(pages int) {
	w.read.mu.Lock()
	defer w.read.mu.Unlock()
	w.expected = pages
}

// page is a page that was read.
func (w *walkProgress) page(snapshots int) {
	w.read.mu.Lock()
	defer w.read.mu.Unlock()
	w.pages++
	w.seen += snapshots
}

// retry is a call that failed and is made again.
func (w *walkProgress) retry(failure *rpc.Error) {
	w.read.failed(failure)
	w.read.mu.Lock()
	defer w.read.mu.Unlock()
	w.read.retried++
}
