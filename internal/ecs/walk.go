package ecs

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"strings"
	"time"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

const (
	maxWalks    = 3         // Walks by page number before the list counts as too restless for them.
	maxParallel = 32        // The most pages asked for at once; the client bounds the calls in flight.
	maxPages    = 1_000_000 // Of a walk, whatever the service says.
)

// walk lists the query's snapshots over all pages, in any order. Nothing else
// knows about pages.
//
// Pages by number are read side by side, and again where the list changed
// meanwhile. A list that doesn't come to rest, and any of a service that doesn't
// page by number, is read by token.
func (c *Client) walk(ctx context.Context, q Query, p *walkProgress) ([]Snapshot, error) {
	var last pageList
	listed := idSet{} // By any of the walks.
	for n := range maxWalks {
		first, err := c.firstPage(ctx, q, p)
		if err != nil {
			return nil, err
		}
		if !first.byNumber {
			return c.walkTokens(ctx, q, first.tokens, p)
		}
		list, err := c.walkPages(ctx, q, first, p)
		switch {
		case refusesPageNumbers(err):
			return c.walkTokens(ctx, q, tokenSupport{known: true}, p)
		case err != nil:
			return nil, err
		case list.reason == "" || sameIDs(list.snapshots, last.snapshots):
			return list.snapshots, nil
		}
		// Only a count that is wrong every time is a lie.
		list.miscounted = list.miscounted && (n == 0 || last.miscounted && last.total == list.total)
		list.listed = max(list.listed, last.listed)
		last = list
		maps.Copy(listed, list.ids)
		p.read.failed(incomplete("%s", list.reason))
		c.logger.LogAttrs(ctx, slog.LevelInfo, "The list may have changed while it was read; reading it again",
			slog.String("region", q.RegionID), slog.String("reason", list.reason))
	}
	snapshots, err := c.walkTokens(ctx, q, tokenSupport{}, p)
	var refused *rpc.Error
	if errors.As(err, &refused) && refused.Kind == rpc.KindService && !refused.Transient {
		return nil, incomplete("%s; and by token it answers %s", last.reason, refused.Code)
	}
	if err != nil {
		return nil, err
	}
	if snapshots, err = c.addMissing(ctx, q, snapshots, listed, p); err != nil {
		return nil, err
	}
	if listed := max(last.listed, len(snapshots)); last.miscounted && last.total != int64(listed) {
		return nil, incomplete("the service says every time that there are %d, and lists %d", last.total, listed)
	}
	return snapshots, nil
}

// addMissing adds what was listed before and is still there, but not in the list: a
// token may be no more than a position, which deletions shift.
func (c *Client) addMissing(ctx context.Context, q Query, list []Snapshot, listed idSet, p *walkProgress) ([]Snapshot, error) {
	for i := range list {
		delete(listed, list[i].SnapshotID)
	}
	q.SnapshotIDs = make([]string, 0, len(listed))
	for id := range listed {
		q.SnapshotIDs = append(q.SnapshotIDs, string(id))
	}
	for _, batch := range q.batches() {
		page, err := c.describe(ctx, batch, position{number: 1, size: pageSize}, p)
		if err != nil {
			return nil, err
		}
		list = append(list, page.Snapshots.Snapshot...)
	}
	return list, nil
}

// firstPage is the first page by number, and what it says of how to read the rest.
type firstPage struct {
	*describeSnapshotsReply

	asked    time.Time    // When it was asked for, by this machine's clock.
	byNumber bool         // Whether the service pages by number, and names a total.
	tokens   tokenSupport // Where it doesn't.
}

// firstPage begins a walk. A service that pages by token refuses page numbers, or
// passes over them: then its total is absent or means nothing.
func (c *Client) firstPage(ctx context.Context, q Query, p *walkProgress) (firstPage, error) {
	p.begin()
	first := firstPage{asked: time.Now()}
	var err error
	first.describeSnapshotsReply, err = c.describe(ctx, q, position{number: 1, size: pageSize}, p)
	if refusesPageNumbers(err) {
		first.tokens.known = true
		return first, nil
	}
	if err != nil {
		return first, err
	}
	n, total := len(first.Snapshots.Snapshot), first.TotalCount
	first.byNumber = total.Valid && (total.Value != 0 || n == 0)
	first.tokens = tokenSupport{known: first.NextToken != "", first: n}
	if first.tokens.known && int64(n) != min(pageSize, total.Value) {
		first.byNumber = false // It isn't as long as a page by number would be.
	}
	if first.byNumber && reachesFilterLimit(q, first.TotalCount.Value) {
		return first, errFilterLimit
	}
	return first, nil
}

// refusesPageNumbers tells whether the service refused the page numbers, as a
// sibling API does already and the API's document announces for this one.
func refusesPageNumbers(err error) bool {
	var failure *rpc.Error
	return errors.As(err, &failure) && strings.HasPrefix(failure.Code, "NotSupported.Page")
}
