package ecs

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// walkPages reads the pages behind the first side by side. doubt says why the list
// may not be whole; it is empty where it is.
//
// The list may change between two calls, so it counts as whole only if all pages
// agree on the total and just so many distinct ids are in them.
//
// Even then a snapshot is missed if one was deleted and another created meanwhile,
// and the two moved it from a page that is still to be read to one that was read.
// The created one is in the list then. So where one may be, that is a reason to walk
// again, and the same ids twice are the proof that none was.
func (r *read) walkPages(ctx context.Context, q Query, first *page) (list []Snapshot, doubt string, err error) {
	total, size := first.TotalCount.Value, first.size()
	count := pagesOf(q, total, size)
	if count > maxPages {
		return nil, errTooLong.Reason, nil
	}
	if first.checkAgainst(total) != nil {
		return nil, contradiction(total, len(first.list()), "on page 1"), nil //nolint:nilerr // It is the doubt.
	}
	pages := make([][]Snapshot, count)
	pages[0] = first.list()
	r.progress.expect(int(count) - 1)
	var weight atomic.Int64
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(maxParallel)
	for number := 2; number <= len(pages) && groupCtx.Err() == nil; number++ {
		group.Go(func() error {
			p, err := r.describe(groupCtx, q, position{number: number, size: size})
			if err != nil {
				return err
			}
			if weight.Add(p.weight()) > maxListSize {
				return errTooLong
			}
			pages[number-1] = p.list()
			return p.checkAgainst(total)
		})
	}
	var changed *IncompleteError
	switch err := group.Wait(); {
	case errors.As(err, &changed):
		return nil, changed.Reason, nil
	case err != nil:
		return nil, "", err
	case ctx.Err() != nil:
		return nil, "", ctx.Err() // It ended before the last pages were asked for.
	}
	list = slices.Concat(pages...)
	if n := countIDs(list); int64(n) != total {
		return nil, contradiction(total, n, "on all pages"), nil
	}
	return list, changedDuringWalk(list[len(first.list()):], duringWalk(first.Date, first.asked)), nil
}

// pagesOf is the number of pages to read. Behind a last page that is full an empty one
// has to follow, for the total alone doesn't say that there is no more, unless every
// id that was asked for is there.
func pagesOf(q Query, total int64, size int) int64 {
	if total == int64(len(q.SnapshotIDs)) {
		return 1
	}
	return total/int64(size) + 1
}

// checkAgainst compares a page with the total that page 1 names. A page that isn't
// full where it should be ends the walk, so that a total that is far too large doesn't
// send it after pages that don't exist.
func (p *page) checkAgainst(total int64) error {
	size := int64(p.at.size)
	if p.at.number == 1 {
		size = int64(p.size())
	}
	n := len(p.list())
	if other := p.TotalCount.Value; other != total {
		return incomplete("page 1 says that there are %d, page %d that there are %d", total, p.at.number, other)
	}
	if int64(n) != min(size, total-int64(p.at.number-1)*size) {
		return incomplete("%s", contradiction(total, n, fmt.Sprintf("on page %d", p.at.number)))
	}
	return nil
}

// contradiction says that a number of snapshots isn't what the total promised.
func contradiction(total int64, listed int, where string) string {
	return fmt.Sprintf("the service says that there are %d, and lists %d %s", total, listed, where)
}

func countIDs(list []Snapshot) int {
	ids := make(idSet, len(list))
	for i := range list {
		ids.add(list[i].SnapshotID)
	}
	return len(ids)
}

// sameIDs tells whether two lists, each without repetitions, have the same
// snapshots. There is nothing in common where one of them isn't a list.
func sameIDs(a, b []Snapshot) bool {
	return a != nil && len(a) == len(b) && countIDs(slices.Concat(a, b)) == len(a)
}
