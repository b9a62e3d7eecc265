package ecs

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// pageList is what a walk by page number gave.
type pageList struct {
	snapshots []Snapshot // Nil where the pages contradict each other.
	reason    string     // Why the list may not be whole; "" where it is.
	ids       idSet      // Of what the pages had in any case.

	miscounted bool  // Whether that is because there are
	total      int64 // so many, by the service's count,
	listed     int   // and so many were listed.
}

// walkPages walks once by page number. The list may change between two calls, so
// it counts as whole only if all pages agree on the total and just so many distinct
// ids are in them.
//
// Even then a snapshot is missed if one was deleted and another created meanwhile,
// and the two moved it from a page that is still to be read to one that was read.
// The created one is in the list then. So where one may be, that is a reason to walk
// again, and the same ids twice are the proof that none was.
func (c *Client) walkPages(ctx context.Context, q Query, first firstPage, p *walkProgress) (pageList, error) {
	w := &pageWalk{total: first.TotalCount.Value, ids: idSet{}}
	pages := pagesOf(q, w.total)
	if pages > maxPages {
		return w.contradiction(len(first.Snapshots.Snapshot), "on page 1"), nil
	}
	count := int(pages)
	p.expect(count)
	w.add(first.describeSnapshotsReply, 1, p)
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(maxParallel)
	for number := 2; number <= count && groupCtx.Err() == nil && w.found() == ""; number++ {
		group.Go(func() error {
			page, err := c.describe(groupCtx, q, position{number: number, size: pageSize}, p)
			if err == nil {
				w.add(page, number, p)
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return pageList{}, err
	}
	if err := ctx.Err(); err != nil {
		return pageList{}, err // It ended before the last pages were asked for.
	}
	list := w.list()
	if list.reason == "" {
		list.reason = suspect(list.snapshots, duringWalk(first.Date, first.asked))
	}
	return list, nil
}

// pagesOf is the number of pages to read. Behind a last page that is full an empty one
// has to follow, for the total alone doesn't say that there is no more, unless every
// id that was asked for is there.
func pagesOf(q Query, total int64) int64 {
	if total == int64(len(q.SnapshotIDs)) {
		return 1
	}
	return total/pageSize + 1
}

// pageWalk collects the pages of one walk by page number.
type pageWalk struct {
	total int64 // As page 1 has it.

	mu     sync.Mutex
	pages  [][]Snapshot // In the service's order, as far as they are there.
	ids    idSet        // Of all pages.
	flawed pageList     // The first contradiction.
}

// add takes a page in, or the contradiction in it. A page that isn't full where it
// should be is one, so that a total that is far too large doesn't send the walk
// after pages that don't exist.
func (w *pageWalk) add(page *describeSnapshotsReply, number int, p *walkProgress) {
	snapshots := page.Snapshots.Snapshot
	p.page(len(snapshots))
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ids.add(snapshots)
	want := min(pageSize, w.total-int64(number-1)*pageSize)
	switch total := page.TotalCount.Value; {
	case w.flawed.reason != "":
	case total != w.total:
		w.flawed = pageList{reason: fmt.Sprintf("page 1 says that there are %d, page %d that there are %d", w.total, number, total)}
	case int64(len(snapshots)) != want:
		w.flawed = w.contradiction(len(snapshots), fmt.Sprintf("on page %d", number))
	default:
		for len(w.pages) < number {
			w.pages = append(w.pages, nil)
		}
		w.pages[number-1] = snapshots
	}
}

// found is the contradiction that was found so far.
func (w *pageWalk) found() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.flawed.reason
}

// list puts the pages together.
func (w *pageWalk) list() pageList {
	list := w.flawed
	if list.reason == "" {
		list.snapshots = slices.Concat(w.pages...)
		if n := len(w.ids); int64(n) != w.total {
			list = w.contradiction(n, "on all pages")
		}
	}
	list.ids = w.ids
	return list
}

// contradiction says that a number of snapshots isn't what the total promised.
func (w *pageWalk) contradiction(listed int, where string) pageList {
	return pageList{
		reason:     fmt.Sprintf("the service says that there are %d, and lists %d %s", w.total, listed, where),
		miscounted: true,
		total:      w.total,
		listed:     listed,
	}
}

// sameIDs tells whether two lists, each without repetitions, have the same
// snapshots. There is nothing in common where one of them isn't a list.
func sameIDs(a, b []Snapshot) bool {
	if a == nil || len(a) != len(b) {
		return false
	}
	ids := idSet{}
	ids.add(a)
	return !slices.ContainsFunc(b, func(s Snapshot) bool {
		_, ok := ids[s.SnapshotID]
		return !ok
	})
}

// idSet is ids of snapshots.
type idSet map[Text]struct{}

func (ids idSet) add(list []Snapshot) {
	for i := range list {
		ids[list[i].SnapshotID] = struct{}{}
	}
}

// period is a span of time, bounds included.
type period struct{ from, to time.Time }

// clockTolerance is how far the service lets the clocks of its callers be off, and
// so at most its own.
const clockTolerance = 15 * time.Minute

// duringWalk is the period in which snapshots may have been created or changed while
// a walk read its pages, by the service's clock. answered is what that showed when
// page 1 was there, or zero. Some replies give times to the minute only, and a
// snapshot may take a moment to be listed.
func duringWalk(answered, asked time.Time) period {
	took := time.Since(asked)
	from := answered.Add(-time.Minute)
	if answered.IsZero() {
		from = asked.Add(-clockTolerance)
	}
	return period{from.Truncate(time.Minute), from.Add(took + 2*clockTolerance)}
}

// suspect names a snapshot behind the first page that may have been created or
// changed in the period; "" where none was.
//
// A new one has no creation time until it is cut, and is known by the time of its
// last change. Where the service gives neither, it may be any without a time, except
// one that stands between others in a list that is in the order of time: what is new
// has its place at an end of such a list.
func suspect(list []Snapshot, walk period) string {
	inOrder := isSortedByTime(list)
	dated := false // Whether any snapshot behind this one has a creation time.
	for i := len(list) - 1; i >= pageSize; i-- {
		s := &list[i]
		undated, between := s.CreationTime.IsZero() && s.LastModifiedTime.IsZero(), inOrder && dated
		if walk.has(s.CreationTime) || walk.has(s.LastModifiedTime) || undated && !between {
			return fmt.Sprintf("snapshot %s may have come while the pages were read", s.SnapshotID)
		}
		dated = dated || !s.CreationTime.IsZero()
	}
	return ""
}

func (p period) has(t Time) bool { return !t.Before(p.from) && !t.After(p.to) }

// isSortedByTime tells whether the snapshots that have a creation time are in its
// order, the newest or the oldest first.
func isSortedByTime(list []Snapshot) bool {
	ascending, descending := true, true
	var last time.Time
	for i := range list {
		at := list[i].CreationTime.Time
		if at.IsZero() {
			continue
		}
		if !last.IsZero() {
			ascending = ascending && !at.Before(last)
			descending = descending && !at.After(last)
		}
		last = at
	}
	return ascending || descending
}
