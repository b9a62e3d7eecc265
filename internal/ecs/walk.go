package ecs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	maxWalks    = 3         // Walks by page number before the list counts as too restless for them.
	maxParallel = 32        // The most pages asked for at once; the client bounds the calls in flight.
	maxPages    = 1_000_000 // Of a walk by token, which nothing else ends if the tokens never do.
)

// errUseTokens means that the service doesn't page by number.
var errUseTokens = errors.New("the service pages by token")

// walk lists the query's snapshots over all pages, in any order. Nothing else
// knows about pages.
//
// Pages by number can be read side by side, but the list may change between two
// calls. They are taken for whole if all of them agree on the total, if there
// are just so many distinct ids, and if nothing in them is younger than the walk
// itself: a snapshot deleted and another one born in the same moment leave the
// total as it is, and may shift a third one past the reader.
func (c *Client) walk(ctx context.Context, q Query, p *walkProgress) ([]Snapshot, error) {
	var insisted int64 // The total that all walks were told, and none found.
	for n := range maxWalks {
		list, err := c.walkPages(ctx, q, p)
		var restless *IncompleteError
		switch {
		case err == nil:
			return list, nil
		case errors.Is(err, errUseTokens):
			return c.walkTokens(ctx, q, p)
		case !errors.As(err, &restless):
			return nil, err
		}
		if n == 0 {
			insisted = restless.total
		} else if insisted != restless.total {
			insisted = 0
		}
		c.logger.LogAttrs(ctx, slog.LevelInfo, "The list changed while it was read; reading it again",
			slog.String("region", q.RegionID), slog.String("reason", restless.Reason))
	}
	list, err := c.walkTokens(ctx, q, p)
	if err != nil {
		return nil, err
	}
	if insisted != 0 && insisted != int64(len(list)) {
		return nil, incomplete("the service says every time that there are %d, and lists %d", insisted, len(list))
	}
	return list, nil
}

// walkPages walks once by page number.
func (c *Client) walkPages(ctx context.Context, q Query, p *walkProgress) ([]Snapshot, error) {
	p.begin()
	first, err := c.describe(ctx, q, position{number: 1, size: pageSize}, p)
	switch {
	case refusesPageNumbers(err):
		return nil, errUseTokens
	case err != nil:
		return nil, err
	case !first.TotalCount.Valid, first.NextToken != "" && first.TotalCount.Value == 0:
		return nil, errUseTokens
	}
	total := first.TotalCount.Value
	count := int(max(1, (total+pageSize-1)/pageSize))
	if reachesCeiling(q, total) {
		return nil, errCeiling
	}
	if err := checkSize(first, 1, total); err != nil {
		return nil, err
	}
	p.expect(count)
	p.page(len(first.Snapshots.Snapshot))

	pages := make([][]Snapshot, count)
	pages[0] = first.Snapshots.Snapshot
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(maxParallel)
	for number := 2; number <= count && groupCtx.Err() == nil; number++ {
		group.Go(func() error {
			page, err := c.describe(groupCtx, q, position{number: number, size: pageSize}, p)
			if err != nil {
				return err
			}
			if page.TotalCount.Value != total {
				return incomplete("page 1 says that there are %d, page %d that there are %d", total, number, page.TotalCount.Value)
			}
			pages[number-1] = page.Snapshots.Snapshot
			p.page(len(pages[number-1]))
			return checkSize(page, number, total)
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return join(pages, total, first.Date)
}

// checkSize finds pages that aren't full where they should be, before a total
// that is far too large sends the walk after pages that don't exist.
func checkSize(page *describeSnapshotsReply, number int, total int64) error {
	want := max(0, min(pageSize, total-int64(number-1)*pageSize))
	if got := int64(len(page.Snapshots.Snapshot)); got != want {
		return &IncompleteError{
			Reason: fmt.Sprintf("the service says that there are %d, and lists %d on page %d", total, got, number),
			total:  total,
		}
	}
	return nil
}

// join puts the pages of a walk together if they are whole.
func join(pages [][]Snapshot, total int64, begun time.Time) ([]Snapshot, error) {
	list := slices.Concat(pages...)
	seen := make(map[Text]struct{}, len(list))
	for i := range list {
		seen[list[i].SnapshotID] = struct{}{}
		if len(pages) > 1 && bornSince(list[i].CreationTime.Time, begun) {
			return nil, incomplete("snapshot %s was created while the pages were read", list[i].SnapshotID)
		}
	}
	if int64(len(seen)) != total {
		return nil, &IncompleteError{
			Reason: fmt.Sprintf("the service says that there are %d, and lists %d", total, len(seen)),
			total:  total,
		}
	}
	return list, nil
}

// bornSince tells whether a creation time is at or after a server's time, both to
// the second. Times far ahead belong to a clock that has nothing to do with it.
func bornSince(created, begun time.Time) bool {
	return !begun.IsZero() && !created.Before(begun) && created.Before(begun.Add(time.Hour))
}

// walkTokens walks by token, one page after the other, to the empty token.
func (c *Client) walkTokens(ctx context.Context, q Query, p *walkProgress) ([]Snapshot, error) {
	p.begin()
	var list []Snapshot
	seen := map[Text]bool{}
	used := map[Text]bool{}
	for at := (position{}); ; {
		page, err := c.describe(ctx, q, at, p)
		if err != nil {
			return nil, err
		}
		snapshots := page.Snapshots.Snapshot
		p.page(len(snapshots))
		for i := range snapshots {
			if id := snapshots[i].SnapshotID; !seen[id] {
				seen[id] = true
				list = append(list, snapshots[i])
			}
		}
		switch {
		case reachesCeiling(q, int64(len(list))):
			return nil, errCeiling
		case page.NextToken == "" && at.token == "" && ignoresTokens(page):
			return nil, incomplete("the service answered %d of %d to a request by token, and gave no token", len(snapshots), page.TotalCount.Value)
		case page.NextToken == "":
			return list, nil
		case used[page.NextToken]:
			return nil, incomplete("the service gave the same page token twice, after %d snapshots", len(list))
		case len(used) >= maxPages:
			return nil, incomplete("the service's page tokens did not end after %d pages", len(used))
		}
		used[page.NextToken] = true
		at.token = string(page.NextToken)
	}
}

// ignoresTokens tells whether a reply to a request by token looks like a first
// page by number of a service that doesn't know tokens. The total alone means
// nothing in the token style.
func ignoresTokens(page *describeSnapshotsReply) bool {
	size := page.PageSize.Value
	n := int64(len(page.Snapshots.Snapshot))
	return size > 0 && size < pageSize && n >= size && page.TotalCount.Value > n
}

// checkReply finds replies that can't be a page of a list.
func checkReply(reply *describeSnapshotsReply, at position) error {
	if reply.Snapshots == nil {
		return incomplete("a reply (request id %s) has no Snapshots", reply.RequestID)
	}
	snapshots := reply.Snapshots.Snapshot
	asked := pageSize
	if at.number > 0 {
		asked = at.size
	}
	if len(snapshots) > asked {
		return incomplete("a page (request id %s) has %d snapshots, where at most %d were asked for", reply.RequestID, len(snapshots), asked)
	}
	for i := range snapshots {
		if snapshots[i].SnapshotID == "" {
			return incomplete("a snapshot of a page (request id %s) has no id", reply.RequestID)
		}
	}
	return nil
}

// refusesPageNumbers tells whether the service refused the page numbers, as a
// sibling API does already and the API's document announces for this one.
func refusesPageNumbers(err error) bool {
	var failure *Error
	return errors.As(err, &failure) && strings.HasPrefix(failure.Code, "NotSupported.Page")
}
