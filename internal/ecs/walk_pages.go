package ecs

import (
	"context"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	maxParallel = 32    // The most pages asked for at once; the client bounds the calls in flight.
	maxPages    = 2_500 // Of a total that may be true: maxListSize ends the walk before.
)

// walkPages reads the pages behind the first side by side.
//
// The list may change between two calls, so it counts as whole only if all pages
// agree on the total and just so many distinct ids are in them.
//
// Even then a snapshot is missed if one was deleted and another created meanwhile,
// and the two moved it from a page that is still to be read to one that was read.
// The created one is in the list then, and no earlier walk knew it.
func (r *read) walkPages(ctx context.Context, q Query, first *page, known map[Text]bool) ([]Snapshot, error) {
	total, size := first.TotalCount.Value, int64(first.size())
	// Behind a last page that is full an empty one has to follow, for the total alone
	// doesn't say that there is no more, unless every id that was asked for is there.
	count := total/size + 1
	if total == int64(len(q.SnapshotIDs)) {
		count = 1
	}
	if err := first.checkAgainst(total, size); err != nil {
		return first.list, err
	}
	pages := make([][]Snapshot, count)
	pages[0] = first.list
	r.progress.expected.Add(count - 1)
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(maxParallel)
	for number := 2; number <= len(pages); number++ {
		group.Go(func() error {
			p, err := r.describe(groupCtx, q, position{number: number, size: int(size)})
			if err != nil {
				return err
			}
			pages[number-1] = p.list
			return p.checkAgainst(total, size)
		})
	}
	err := group.Wait()
	list := slices.Concat(pages...)
	if refuses(err, pageNumberNames) {
		r.byToken.Store(true)
		err = changedf("the service refuses page numbers")
	}
	if err != nil {
		return list, err
	}
	distinct := make(map[Text]bool, len(list))
	for i := range list {
		distinct[list[i].SnapshotID] = true
	}
	if int64(len(distinct)) != total {
		return list, changedf("page 1 says that there are %d, and all pages list %d", total, len(distinct))
	}
	return list, checkNew(list[len(first.list):], first, known)
}

// checkAgainst compares a page with the total that page 1 names. A page that isn't
// full where it should be ends the walk, so that a total that is far too large doesn't
// send it after pages that don't exist.
func (p *page) checkAgainst(total, size int64) error {
	n, number := int64(len(p.list)), int64(p.at.number)
	if p.TotalCount.Value != total || n != min(size, total-(number-1)*size) || total/size >= maxPages {
		return changedf("page 1 says that there are %d, and page %d lists %d of %d", total, number, n, p.TotalCount.Value)
	}
	return nil
}

// checkNew fails where a snapshot, of those behind the first page, may have been created
// or changed since that was read, by the service's clock. Times of replies may be exact to
// the minute only, and a snapshot may take a moment to be listed. One without any time may
// be new: it has no creation time until it is cut.
func checkNew(behind []Snapshot, first *page, known map[Text]bool) error {
	since := first.Date.Add(-time.Minute).Truncate(time.Minute)
	for i := range behind {
		s := &behind[i]
		created, changed := s.CreationTime.Value, s.LastModifiedTime.Value
		isOld := created.Before(since) && changed.Before(since) && !(created.IsZero() && changed.IsZero())
		if !isOld && !known[s.SnapshotID] {
			return changedf("snapshot %s may have come while the pages were read", s.SnapshotID)
		}
	}
	return nil
}
