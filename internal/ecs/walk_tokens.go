package ecs

import "context"

// walkTokens walks by token, one page after the other, to the empty token. Unless
// the service is known to page by token only, it may not know tokens at all.
func (c *Client) walkTokens(ctx context.Context, q Query, tokensOnly bool, p *walkProgress) ([]Snapshot, error) {
	p.begin()
	var list []Snapshot
	seen := map[Text]bool{}
	used := map[Text]bool{}
	for at := (position{tokensOnly: tokensOnly}); ; {
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
		case page.NextToken == "" && at.token == "" && !tokensOnly && ignoresTokens(page):
			return nil, incomplete("the service answered a request by token with a first page by number")
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

// ignoresTokens tells whether a reply to a request by token looks like a full
// first page by number of a service that doesn't know tokens, and that has or may
// have more. The total alone means nothing in the token style, where it is often 0.
func ignoresTokens(page *describeSnapshotsReply) bool {
	size, n, total := page.PageSize.Value, int64(len(page.Snapshots.Snapshot)), page.TotalCount
	return size > 0 && size < pageSize && n >= size && total != (Int{n, true}) && total != (Int{0, true})
}
