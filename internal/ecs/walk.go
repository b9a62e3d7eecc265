package ecs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
)

const (
	maxWalks    = 3     // Walks by page number before the list counts as too restless for them.
	maxParallel = 32    // The most pages asked for at once; the client bounds the calls in flight.
	maxPages    = 1_000 // Of a walk by number: 100,000 snapshots; see maxListSize.
)

// maxListSize is the most bytes of pages that a walk keeps, so that a list without end
// doesn't fill the memory. It is less than half of the 256 MiB that Terraform takes from a
// provider, since latest_by_disk may have each snapshot again. A short snapshot counts for
// 1 KiB, which it takes in memory.
const maxListSize = 100 << 20

var errTooLong = &IncompleteError{fmt.Sprintf("the list is longer than %d MiB, which is too long for Terraform; narrow the filters", maxListSize>>20)}

// weight is what a page counts for maxListSize.
func (p *page) weight() int64 { return int64(max(p.Size, len(p.list())<<10)) }

// walk lists what q asks for over all pages, in any order. Its first page may be
// there already.
//
// Pages by number are read side by side, and again where the list changed meanwhile.
// A list that doesn't come to rest, and any of a service that doesn't page by number,
// is read by token.
func (r *read) walk(ctx context.Context, q Query, first *page) ([]Snapshot, error) {
	var last []Snapshot
	doubt := ""
	for range maxWalks {
		if first == nil {
			var err error
			if first, err = r.firstPage(ctx, q); err != nil {
				return nil, err
			}
		}
		if !first.counted() {
			return r.walkTokens(ctx, q, first)
		}
		list, why, err := r.walkPages(ctx, q, first)
		if refusesPageNumbers(err) {
			r.byToken.Store(true)
			break
		}
		if err != nil {
			return nil, err
		}
		if why == "" || sameIDs(list, last) {
			return list, nil
		}
		last, first, doubt = list, nil, why
		r.progress.failed(incomplete("%s", doubt))
		r.logger.LogAttrs(ctx, slog.LevelInfo, "The list may have changed while it was read; reading it again",
			slog.String("region", q.RegionID), slog.String("reason", doubt))
	}
	first, err := r.firstPageByToken(ctx, q)
	if doubt != "" && (isRefusal(err) || errors.As(err, new(*IncompleteError))) {
		return nil, incomplete("%s; and it can't be read by token: %v", doubt, err)
	}
	if err != nil {
		return nil, err
	}
	return r.walkTokens(ctx, q, first)
}

// firstPage begins a walk: by number, unless the service is known to refuse or ignore
// that.
func (r *read) firstPage(ctx context.Context, q Query) (*page, error) {
	if r.byToken.Load() {
		return r.firstPageByToken(ctx, q)
	}
	first, err := r.describe(ctx, q, position{number: 1, size: pageSize})
	switch {
	case refusesPageNumbers(err):
		r.byToken.Store(true)
	case err != nil:
		return nil, err
	case first.counted():
		if q.reachesCap(first.TotalCount.Value) {
			return nil, errCapped
		}
		return first, nil
	case first.token() == "" && len(first.list()) < first.size():
		return first, nil // It isn't full: there is no more.
	case first.NextToken != nil:
		r.byToken.Store(true)
	}
	return r.firstPageByToken(ctx, q)
}

// firstPageByToken begins a walk by token. A service that ignores tokens answers with
// a first page of its default size.
func (r *read) firstPageByToken(ctx context.Context, q Query) (*page, error) {
	first, err := r.describe(ctx, q, position{number: 1, size: pageSize, byToken: true})
	if err == nil && first.NextToken == nil && !r.byToken.Load() {
		return nil, incomplete("the service answers a request for the first page by token without a token")
	}
	return first, err
}

// maxStalePages is how many pages in a row may come without a new snapshot: pages may
// be short, also empty, before the end.
const maxStalePages = 100

// walkTokens goes on from the first page by token, one page after the other, to the
// empty token.
func (r *read) walkTokens(ctx context.Context, q Query, p *page) (list []Snapshot, err error) {
	ids := idSet{}
	used := map[string]bool{}
	weight := int64(0)
	for stale := 1; ; stale++ {
		weight += p.weight()
		for _, s := range p.list() {
			if !ids.has(s.SnapshotID) {
				list = append(list, s)
				stale = 0
			}
			ids.add(s.SnapshotID)
		}
		token := p.token()
		switch {
		case q.reachesCap(int64(len(list))):
			return nil, errCapped
		case token == "":
			return list, nil
		case weight > maxListSize:
			return nil, errTooLong
		case used[token]:
			return nil, incomplete("the service gave the same page token twice, after %d snapshots", len(list))
		case stale >= maxStalePages:
			return nil, incomplete("the service gave %d pages in a row with a new token and no new snapshot", stale)
		}
		used[token] = true
		if p, err = r.describe(ctx, q, position{number: p.at.number + 1, size: pageSize, byToken: true, token: token}); err != nil {
			return nil, err
		}
	}
}

// idSet is ids of snapshots.
type idSet map[Text]struct{}

func (ids idSet) add(id Text) { ids[id] = struct{}{} }

func (ids idSet) has(id Text) bool {
	_, ok := ids[id]
	return ok
}
