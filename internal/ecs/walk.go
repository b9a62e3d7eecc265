package ecs

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
)

// maxWalks is how often a list that changes is read by page number, and then by token.
const maxWalks = 3

// maxListSize is the most bytes of pages that a walk keeps, so that a list without end
// doesn't fill the memory. It is less than half of the 256 MiB that Terraform takes from a
// provider, since latest_by_disk may have each snapshot again. A short snapshot counts for
// 1 KiB, which it takes in memory.
const maxListSize = 100 << 20

// walk lists what q asks for over all pages, in any order and each snapshot once. Its
// first page may be there already.
//
// Pages by number are read side by side. Where the list may have changed meanwhile it is
// read again, in the end by token, which the service itself ends. Tokens may be mere
// offsets, so a list that changes is read so at least twice: what an earlier walk listed
// and the last one didn't has to be gone by then.
func (r *read) walk(ctx context.Context, q Query, first *page) ([]Snapshot, error) {
	known := map[string]bool{} // What earlier walks listed.
	var changed *IncompleteError
	for n := range 2 * maxWalks {
		byToken := n >= maxWalks
		list, err := r.walkOnce(ctx, q, first, byToken, known)
		if err == nil {
			err = r.checkLost(ctx, q, list, known)
		}
		if err == nil && n == maxWalks {
			err = changed
		}
		failure, _ := errors.AsType[*IncompleteError](err)
		switch {
		case failure != nil && failure.changed:
		case byToken && (failure != nil || refusal(err) != nil):
			return nil, incomplete("%s; and it can't be read by token: %v", changed.Reason, err)
		default:
			return list, err
		}
		for i := range list {
			known[string(list[i].SnapshotID)] = true
		}
		first, changed = nil, failure
		r.progress.failed(changed)
		r.logger.LogAttrs(ctx, slog.LevelInfo, "The list may have changed while it was read; reading it again",
			slog.String("region", q.RegionID), slog.String("reason", changed.Reason))
	}
	return nil, changed
}

// walkOnce reads all pages once. If the list changed, what was read comes with the error.
func (r *read) walkOnce(ctx context.Context, q Query, first *page, byToken bool, known map[string]bool) (list []Snapshot, err error) {
	r.size.Store(0)
	if first == nil {
		first, err = r.firstPage(ctx, q, byToken)
	}
	switch {
	case err != nil:
		return nil, err
	case first.counted():
		return r.walkPages(ctx, q, first, known)
	}
	return r.walkTokens(ctx, q, first)
}

// checkLost fails where the list lacks a snapshot that earlier walks listed, although the
// service still has it.
func (r *read) checkLost(ctx context.Context, q Query, list []Snapshot, known map[string]bool) error {
	missing := maps.Clone(known)
	for i := range list {
		delete(missing, string(list[i].SnapshotID))
	}
	q.SnapshotIDs = slices.AppendSeq([]string{}, maps.Keys(missing))
	for _, batch := range q.batches() {
		p, err := r.firstPage(ctx, batch, false)
		if err != nil {
			return err
		}
		if len(p.list) > 0 || p.token() != "" {
			return changedf("%d snapshots are missing that were listed before, and not all of them are gone", len(missing))
		}
	}
	return nil
}

// firstPage begins a walk: by number, unless it should go by token or the service is
// known to refuse or ignore numbers.
func (r *read) firstPage(ctx context.Context, q Query, byToken bool) (*page, error) {
	if !byToken && !r.byToken.Load() {
		first, err := r.describe(ctx, q, position{number: 1, size: pageSize})
		switch {
		case refuses(err, pageNumberNames):
			r.byToken.Store(true)
		case err != nil:
			return nil, err
		case first.counted() && q.isCapped() && first.TotalCount.Value >= filterCap:
			return nil, errCapped
		case first.counted(), first.token() == "" && len(first.list) < first.size():
			return first, nil // All are counted, or it isn't full: there is no more.
		case first.NextToken != nil:
			r.byToken.Store(true)
		}
	}
	first, err := r.describe(ctx, q, position{number: 1, size: pageSize, byToken: true})
	if err == nil && first.NextToken == nil && !r.byToken.Load() {
		return nil, incomplete("the service answers a request for the first page by token without one")
	}
	return first, err
}

const (
	maxParallel = 32    // The most pages asked for at once; the client bounds the calls in flight.
	maxPages    = 2_500 // Of a total that may be true: maxListSize ends the walk before.
)

// walkPages reads the pages behind the first side by side.
//
// The list may change between two calls, so it counts as whole only if all pages agree on
// the total and just so many distinct ids are in them. Even then a snapshot is missed if a
// deletion and a creation moved it from an unread page to one that was read. The created
// one is in the list then, and no earlier walk knew it.
func (r *read) walkPages(ctx context.Context, q Query, first *page, known map[string]bool) ([]Snapshot, error) {
	total, size := first.TotalCount.Value, int64(first.size())
	if err := first.checkAgainst(total, size); err != nil {
		return first.list, err
	}
	// Behind a last page that is full an empty one has to follow, for the total alone
	// doesn't say that there is no more, unless every ID that was asked for is there.
	behind := total / size
	if total == int64(len(q.SnapshotIDs)) {
		behind = 0
	}
	pages := make([][]Snapshot, behind+1)
	pages[0] = first.list
	r.progress.expected.Add(behind)
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

// checkAgainst compares a page with the total that page 1 names, so that a total that is
// far too large doesn't send the walk after pages that don't exist.
func (p *page) checkAgainst(total, size int64) error {
	n, number := int64(len(p.list)), int64(p.at.number)
	if p.TotalCount.Value != total || n != min(size, total-(number-1)*size) || total/size >= maxPages {
		return changedf("page 1 says that there are %d, and page %d lists %d of %d", total, number, n, p.TotalCount.Value)
	}
	return nil
}

// clockTolerance is how far the service lets the clocks of its callers be off.
const clockTolerance = 15 * time.Minute

// checkNew fails where a snapshot, of those behind the first page, may have been created
// or changed since that was read. Times of replies may be exact to the minute only, and a
// snapshot may take a moment to be listed. One without any time may be new: it has no
// creation time until it is cut.
func checkNew(behind []Snapshot, first *page, known map[string]bool) error {
	from := cmp.Or(first.Date, first.asked.Add(-clockTolerance)).Add(-time.Minute).Truncate(time.Minute)
	to := time.Now().Add(clockTolerance)
	isNew := func(t Time) bool { return !t.Value.Before(from) && !t.Value.After(to) }
	for i := range behind {
		s := &behind[i]
		undated := s.CreationTime.Value.IsZero() && s.LastModifiedTime.Value.IsZero()
		if (undated || isNew(s.CreationTime) || isNew(s.LastModifiedTime)) && !known[string(s.SnapshotID)] {
			return changedf("snapshot %s may have come while the pages were read", s.SnapshotID)
		}
	}
	return nil
}

// maxStalePages is how many pages in a row may come without a new snapshot: pages may
// be short, also empty, before the end.
const maxStalePages = 100

// walkTokens goes on from the first page by token, one page after the other, to the
// empty token.
func (r *read) walkTokens(ctx context.Context, q Query, p *page) (list []Snapshot, err error) {
	listed := map[Text]bool{}
	for stale := 1; ; stale++ {
		for _, s := range p.list {
			if !listed[s.SnapshotID] {
				listed[s.SnapshotID] = true
				list = append(list, s)
				stale = 0
			}
		}
		token := p.token()
		switch {
		case q.isCapped() && len(list) >= filterCap:
			return nil, errCapped
		case token == "":
			return list, nil
		case token == p.at.token:
			return nil, incomplete("the service gave the same page token twice, after %d snapshots", len(list))
		case stale >= maxStalePages:
			return nil, incomplete("the service gave %d pages in a row without a new snapshot, after %d", stale, len(list))
		}
		if p, err = r.describe(ctx, q, position{number: p.at.number + 1, size: pageSize, byToken: true, token: token}); err != nil {
			return nil, err
		}
	}
}
