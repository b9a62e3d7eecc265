package ecs

import (
	"fmt"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// position is a place in a list: a page's number, or a token.
type position struct {
	number  int    // From 1. By token, the pages are only counted.
	size    int    // The most snapshots to answer with.
	byToken bool   // Whether the token counts, or else the number.
	token   string // Empty at the start.
}

// describeSnapshotsReply is a page of snapshots.
type describeSnapshotsReply struct {
	rpc.Reply
	Snapshots  *struct{ Snapshot []Snapshot } // Nil where the reply isn't a list at all.
	TotalCount Int
	PageSize   Int
	NextToken  Text
}

// problem says why a reply can't be the page at the position; "" where it can.
func (r *describeSnapshotsReply) problem(at position) string {
	if r.Snapshots == nil || r.Snapshots.Snapshot == nil && !r.mayBeEmpty(at) {
		return "the reply has no Snapshots"
	}
	snapshots := r.Snapshots.Snapshot
	if len(snapshots) > at.size {
		return fmt.Sprintf("the page has %d snapshots, where at most %d were asked for", len(snapshots), at.size)
	}
	for i := range snapshots {
		if snapshots[i].SnapshotID == "" {
			return "a snapshot of the page has no id"
		}
	}
	return ""
}

// mayBeEmpty tells whether a page may be empty, which some gateways write as null
// or nothing: one that the service counts none for, one behind the first, and one by
// token that says what such a page does.
func (r *describeSnapshotsReply) mayBeEmpty(at position) bool {
	return r.TotalCount == Int{Valid: true} || at.number > 1 || at.byToken && (r.NextToken != "" || r.TotalCount.Valid)
}
