package ecs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
)

const (
	maxWalks    = 3         // Walks by page number before the list counts as too restless for them.
	maxParallel = 32        // The most pages asked for at once; the client bounds the calls in flight.
	maxPages    = 1_000_000 // Of a walk, whatever the service says.
)

// What makes a walk go by token from the start.
var (
	errTokensOnly = errors.New("the service pages by token")
	errNoTotal    = errors.New("the service gives neither a total nor a token")
)

// walk lists the query's snapshots over all pages, in any order. Nothing else
// knows about pages.
func (c *Client) walk(ctx context.Context, q Query, p *walkProgress) ([]Snapshot, error) {
	var doubtful []Snapshot // What the walk before gave, where it may lack a snapshot.
	var insisted Int        // The total that all walks were told, and none found,
	var listed int          // but so many.
	for n := range maxWalks {
		list, doubt, err := c.walkPages(ctx, q, p)
		var restless *IncompleteError
		switch {
		case errors.Is(err, errTokensOnly):
			return c.walkTokens(ctx, q, true, p)
		case errors.Is(err, errNoTotal):
			return c.walkTokens(ctx, q, false, p)
		case errors.As(err, &restless):
		case err != nil:
			return nil, err
		case doubt == "" || sameIDs(list, doubtful):
			return list, nil
		default:
			restless = &IncompleteError{Reason: doubt}
		}
		doubtful = list
		listed = max(listed, restless.listed)
		if n == 0 {
			insisted = restless.total
		} else if insisted != restless.total {
			insisted = Int{}
		}
		p.read.failed(restless)
		c.logger.LogAttrs(ctx, slog.LevelInfo, "The list may have changed while it was read; reading it again",
			slog.String("region", q.RegionID), slog.String("reason", restless.Reason))
	}
	list, err := c.walkTokens(ctx, q, false, p)
	if err != nil {
		return nil, err
	}
	if insisted.Valid && (insisted.Value != int64(len(list)) || listed > len(list)) {
		return nil, incomplete("the service says every time that there are %d, and lists %d", insisted.Value, max(listed, len(list)))
	}
	return list, nil
}

// sameIDs tells whether two lists, each without repetitions, have the same
// snapshots.
func sameIDs(a, b []Snapshot) bool {
	if len(a) != len(b) {
		return false
	}
	ids := make(map[Text]struct{}, len(a))
	for i := range a {
		ids[a[i].SnapshotID] = struct{}{}
	}
	for i := range b {
		if _, ok := ids[b[i].SnapshotID]; !ok {
			return false
		}
	}
	return true
}

// checkReply finds replies that can't be a page of a list.
func checkReply(reply *describeSnapshotsReply, at position) error {
	if reply.Snapshots == nil || reply.Snapshots.Snapshot == nil && !mayBeEmpty(reply, at) {
		return incomplete("a reply%s has no Snapshots", identified(reply))
	}
	snapshots := reply.Snapshots.Snapshot
	asked := pageSize
	if at.number > 0 {
		asked = at.size
	}
	if len(snapshots) > asked {
		return incomplete("a page%s has %d snapshots, where at most %d were asked for", identified(reply), len(snapshots), asked)
	}
	for i := range snapshots {
		if snapshots[i].SnapshotID == "" {
			return incomplete("a snapshot of a page%s has no id", identified(reply))
		}
	}
	return nil
}

// mayBeEmpty tells whether a page may be empty, which some gateways write as null
// or nothing: one that the service counts none for, one behind the first, and one by
// token that tells what such a page does.
func mayBeEmpty(reply *describeSnapshotsReply, at position) bool {
	byToken := at.token != "" || at.tokensOnly
	return reply.TotalCount == Int{Valid: true} || at.number > 1 || byToken && (reply.NextToken != "" || reply.TotalCount.Valid)
}

// identified names the reply for those who can look it up.
func identified(reply *describeSnapshotsReply) string {
	if reply.RequestID == "" {
		return ""
	}
	return fmt.Sprintf(" (request id %s)", reply.RequestID)
}

// refusesPageNumbers tells whether the service refused the page numbers, as a
// sibling API does already and the API's document announces for this one.
func refusesPageNumbers(err error) bool {
	var failure *Error
	return errors.As(err, &failure) && strings.HasPrefix(failure.Code, "NotSupported.Page")
}
