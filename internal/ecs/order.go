package ecs

import (
	"slices"
	"strings"
)

// Sort puts the newest first. Equal times are ordered by id, and snapshots that
// are not cut yet, which have no time, come last.
func Sort(snapshots []Snapshot) {
	slices.SortFunc(snapshots, func(a, b Snapshot) int {
		if c := b.CreationTime.Compare(a.CreationTime.Time); c != 0 {
			return c
		}
		return strings.Compare(string(a.SnapshotID), string(b.SnapshotID))
	})
}
