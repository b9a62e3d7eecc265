package ecs

import (
	"fmt"
	"time"
)

// period is a span of time, bounds included.
type period struct{ from, to time.Time }

func (p period) has(t Time) bool { return !t.Before(p.from) && !t.After(p.to) }

// clockTolerance is how far the service lets the clocks of its callers be off, and
// so at most its own.
const clockTolerance = 15 * time.Minute

// duringWalk is the period in which snapshots may have been created or changed while
// a walk read its pages, by the service's clock. answered is what that showed when
// page 1 was there, or zero. Some replies give times to the minute only, and a
// snapshot may take a moment to be listed.
func duringWalk(answered, asked time.Time) period {
	took := time.Since(asked)
	from := answered.Add(-time.Minute)
	if answered.IsZero() {
		from = asked.Add(-clockTolerance)
	}
	return period{from.Truncate(time.Minute), from.Add(took + 2*clockTolerance)}
}

// changedDuringWalk names a snapshot, of those behind the first page, that may have
// been created or changed in the period; it is empty where none was. A new one has no
// creation time until it is cut, and is known by the time of its last change; without
// either it may be new.
func changedDuringWalk(behind []Snapshot, walk period) string {
	for i := range behind {
		s := &behind[i]
		if walk.has(s.CreationTime) || walk.has(s.LastModifiedTime) || s.CreationTime.IsZero() && s.LastModifiedTime.IsZero() {
			return fmt.Sprintf("snapshot %s may have come while the pages were read", s.SnapshotID)
		}
	}
	return ""
}
