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
	first, err := c.describe(ctx, q, position{number: 1, size: pageSize}, p)
	switch {
	case refusesPageNumbers(err):
		return nil, "", errUseTokens
	case err != nil:
		return nil, "", err
	case !first.TotalCount.Valid, first.NextToken != "" && first.TotalCount.Value == 0:
		return nil, "", errUseTokens
	}
	w := &pageWalk{total: first.TotalCount.Value, begun: first.Date}
	if reachesCeiling(q, w.total) {
		return nil, "", errCeiling
	}
	// Behind a last page that is full, an empty one has to follow: the total alone
	// doesn't say that there is no more.
	count := w.total/pageSize + 1
	if count > maxPages {
		return nil, "", incomplete("the service says that there are %d", w.total)
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
	return list, w.doubt, err
}

// pageWalk collects the pages of one walk by page number.
type pageWalk struct {
	total int64     // As the first page has it.
	begun time.Time // When the first page was answered, by the server's clock; zero where that is not known.

	mu    sync.Mutex
	pages [][]Snapshot
	doubt string
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
	if got := int64(len(snapshots)); got != want {
		return w.notListed(fmt.Sprintf("%d on page %d", got, number))
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pages = append(w.pages, snapshots)
	for i := range snapshots {
		if number > 1 && mayHaveCome(&snapshots[i], w.begun) {
			w.doubt = fmt.Sprintf("snapshot %s may have come while the pages were read", snapshots[i].SnapshotID)
		}
	}
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
		return nil, w.notListed(fmt.Sprintf("%d different ones", len(seen)))
	}
	return list, nil
}

func (w *pageWalk) notListed(listed string) error {
	return &IncompleteError{
		Reason: fmt.Sprintf("the service says that there are %d, and lists %s", w.total, listed),
		total:  w.total,
	}
}

// mayHaveCome tells whether a snapshot may have been born, or have come to match
// the filters, since a server's time. Some replies give minutes only, and a
// snapshot that is not cut yet has no time at all.
func mayHaveCome(s *Snapshot, since time.Time) bool {
	since = since.Truncate(time.Minute)
	return s.CreationTime.IsZero() || !s.CreationTime.Before(since) || !s.LastModifiedTime.Before(since)
}
