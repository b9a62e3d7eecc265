package ecs

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// walkPages walks once by page number. Pages by number can be read side by side,
// but the list may change between two calls: the pages are taken for whole only
// if all of them agree on the total and just so many distinct ids are in them.
//
// Even then a snapshot is missed if one went, another came, and both shifted it
// past the reader; what came is then in the list. So where anything may have come
// after the first page was read, that is the doubt, and another walk has to give
// the same list.
func (c *Client) walkPages(ctx context.Context, q Query, p *walkProgress) (list []Snapshot, doubt string, err error) {
	p.begin()
	started := time.Now()
	first, err := c.describe(ctx, q, position{number: 1, size: pageSize}, p)
	switch {
	case refusesPageNumbers(err):
		return nil, "", errTokensOnly
	case err != nil:
		return nil, "", err
	case first.NextToken != "" && first.TotalCount.Value == 0:
		return nil, "", errTokensOnly
	case !first.TotalCount.Valid:
		return nil, "", errNoTotal
	}
	w := &pageWalk{total: first.TotalCount.Value}
	if reachesCeiling(q, w.total) {
		return nil, "", errCeiling
	}
	// Behind a last page that is full, an empty one has to follow: the total alone
	// doesn't say that there is no more, unless every id that was asked for is there.
	count := w.total/pageSize + 1
	if q.SnapshotIDs != nil && w.total == int64(len(q.SnapshotIDs)) {
		count = 1
	}
	if count > maxPages {
		return nil, "", w.notListed(len(first.Snapshots.Snapshot), "on page 1")
	}
	p.expect(int(count))
	if err := w.add(first, 1, p); err != nil {
		return nil, "", err
	}
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(maxParallel)
	for number := 2; number <= int(count) && groupCtx.Err() == nil; number++ {
		group.Go(func() error {
			page, err := c.describe(groupCtx, q, position{number: number, size: pageSize}, p)
			if err != nil {
				return err
			}
			return w.add(page, number, p)
		})
	}
	if err := group.Wait(); err != nil {
		return nil, "", err
	}
	list, err = w.whole()
	return list, doubtOf(list, duringWalk(first.Date, started)), err
}

// period is a span of time, bounds included.
type period struct{ from, to time.Time }

// duringWalk is the period in which snapshots may have come while a walk read its
// pages, by the service's clock as the first page told it, which may be zero. Some
// replies give times to the minute only.
func duringWalk(first, started time.Time) period {
	took := time.Since(started)
	if first.IsZero() {
		first = started.Add(-clockMargin)
	}
	return period{first.Truncate(time.Minute), first.Add(took + 2*clockMargin)}
}

// clockMargin is how far this machine's clock, or one of the service's own, may be
// off.
const clockMargin = time.Minute

// pageWalk collects the pages of one walk by page number.
type pageWalk struct {
	total int64 // As the first page has it.

	mu    sync.Mutex
	pages [][]Snapshot // In the service's order, as far as they are there.
}

// add takes a page in. It finds pages that aren't full where they should be, so
// that a total that is far too large doesn't send the walk after pages that don't
// exist.
func (w *pageWalk) add(page *describeSnapshotsReply, number int, p *walkProgress) error {
	if total := page.TotalCount.Value; total != w.total {
		return incomplete("page 1 says that there are %d, page %d that there are %d", w.total, number, total)
	}
	snapshots := page.Snapshots.Snapshot
	p.page(len(snapshots))
	want := max(0, min(pageSize, w.total-int64(number-1)*pageSize))
	if int64(len(snapshots)) != want {
		return w.notListed(len(snapshots), fmt.Sprintf("on page %d", number))
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(w.pages) < number {
		w.pages = append(w.pages, nil)
	}
	w.pages[number-1] = snapshots
	return nil
}

// whole puts the pages together.
func (w *pageWalk) whole() ([]Snapshot, error) {
	list := slices.Concat(w.pages...)
	seen := make(map[Text]struct{}, len(list))
	for i := range list {
		seen[list[i].SnapshotID] = struct{}{}
	}
	if int64(len(seen)) != w.total {
		return nil, w.notListed(len(seen), "on all pages")
	}
	return list, nil
}

// notListed says that a number of snapshots isn't what the total promised.
func (w *pageWalk) notListed(listed int, where string) error {
	return &IncompleteError{
		Reason: fmt.Sprintf("the service says that there are %d, and lists %d %s", w.total, listed, where),
		total:  Int{w.total, true},
		listed: listed,
	}
}

// doubtOf names a snapshot behind the first page that may have been born, or have
// come to match the filters, while the pages were read; "" where none may.
//
// A snapshot that is not cut yet has no time. It isn't doubted: a busy account
// always has some, and would pay for each list twice.
func doubtOf(list []Snapshot, walk period) string {
	for i := min(len(list), pageSize); i < len(list); i++ {
		for _, at := range []Time{list[i].CreationTime, list[i].LastModifiedTime} {
			if !at.Before(walk.from) && !at.After(walk.to) {
				return fmt.Sprintf("snapshot %s may have come while the pages were read", list[i].SnapshotID)
			}
		}
	}
	return ""
}
