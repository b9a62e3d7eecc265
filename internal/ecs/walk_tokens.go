package ecs

import "context"

// tokenSupport is what is known of a service's tokens before a walk by token.
type tokenSupport struct {
	known bool // Whether it pages by token. Otherwise it may pass over tokens.
	first int  // How many snapshots its first page by number had.
}

// maxStalePages is how many pages in a row may come without a new snapshot: pages may
// be short, also empty, before the end.
const maxStalePages = 100

// walkTokens walks by token, one page after the other, to the empty token.
func (c *Client) walkTokens(ctx context.Context, q Query, tokens tokenSupport, p *walkProgress) ([]Snapshot, error) {
	p.begin()
	var list []Snapshot
	seen := map[Text]bool{}
	used := map[Text]bool{}
	stale := 0 // Pages in a row without anything new.
	for at := (position{number: 1, size: pageSize, byToken: true}); ; at.number++ {
		page, err := c.describe(ctx, q, at, p)
		if err != nil {
			return nil, err
		}
		snapshots := page.Snapshots.Snapshot
		p.page(len(snapshots))
		stale++
		for i := range snapshots {
			if id := snapshots[i].SnapshotID; !seen[id] {
				seen[id] = true
				list = append(list, snapshots[i])
				stale = 0
			}
		}
		switch {
		case reachesFilterLimit(q, int64(len(list))):
			return nil, errFilterLimit
		case page.NextToken == "":
			if at.number == 1 && !tokens.known {
				err = c.checkOnlyPage(ctx, q, page, tokens.first, p)
			}
			return list, err
		case used[page.NextToken]:
			return nil, incomplete("the service gave the same page token twice, after %d snapshots", len(list))
		case stale >= maxStalePages:
			return nil, incomplete("the service gave %d pages in a row with a new token and no new snapshot", stale)
		}
		used[page.NextToken] = true
		at.token = string(page.NextToken)
	}
}

// checkOnlyPage finds out whether a page without a token is the whole list, or the
// first page by number of a service that passed over the request's MaxResults. That
// one is as long as pages are where nothing is asked for, and has a second one. A
// service that answers with the same page again passes over page numbers instead.
func (c *Client) checkOnlyPage(ctx context.Context, q Query, page *describeSnapshotsReply, first int, p *walkProgress) error {
	snapshots := page.Snapshots.Snapshot
	n := len(snapshots)
	whole := n >= first
	if full := n == defaultPageSize || n == pageSize || page.PageSize == (Int{int64(n), true}); n > 0 && full && whole {
		second, err := c.describe(ctx, q, position{number: 2, size: n}, p)
		switch {
		case refusesPageNumbers(err):
			return nil
		case err != nil:
			return err
		}
		whole = len(second.Snapshots.Snapshot) == 0 || sameIDs(second.Snapshots.Snapshot, snapshots)
	}
	if !whole {
		return incomplete("the service answered a request by token with a first page by number")
	}
	return nil
}
