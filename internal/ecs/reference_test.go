package ecs

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// reference filters a data set as plainly as the contract says it.
func reference(snapshots []ecstest.Snapshot, q Query) []ecstest.Snapshot {
	var matching []ecstest.Snapshot
	for _, s := range snapshots {
		if matchesText(&s, q) && matchesRest(&s, q) {
			matching = append(matching, s)
		}
	}
	slices.SortFunc(matching, func(a, b ecstest.Snapshot) int {
		return cmp.Or(createdAt(&b).Compare(createdAt(&a)), strings.Compare(a.SnapshotID, b.SnapshotID))
	})
	if q.Limit > 0 && len(matching) > q.Limit {
		matching = matching[:q.Limit]
	}
	return matching
}

func matchesText(s *ecstest.Snapshot, q Query) bool {
	for _, filter := range []struct{ want, got string }{
		{q.RegionID, s.RegionID},
		{q.DiskID, s.SourceDiskID},
		{q.InstanceID, s.InstanceID},
		{q.SnapshotLinkID, s.SnapshotLinkID},
		{q.SnapshotName, s.SnapshotName},
		{q.Category, s.Category},
		{q.KMSKeyID, s.KMSKeyID},
		{q.ResourceGroupID, s.ResourceGroupID},
		{q.Usage, cmp.Or(s.Usage, "none")},
		{strings.ToLower(q.SourceDiskType), strings.ToLower(s.SourceDiskType)},
	} {
		if filter.want != "" && filter.got != filter.want {
			return false
		}
	}
	kind := "auto"
	if s.SnapshotType == "user" {
		kind = "user"
	}
	return (q.SnapshotType == "" || q.SnapshotType == "all" || q.SnapshotType == kind) &&
		(q.Status == "" || q.Status == "all" || q.Status == s.Status)
}

func matchesRest(s *ecstest.Snapshot, q Query) bool {
	if q.SnapshotIDs != nil && !slices.Contains(q.SnapshotIDs, s.SnapshotID) {
		return false
	}
	if q.Encrypted != nil && *q.Encrypted != s.Encrypted {
		return false
	}
	if q.NameRegex != nil && !q.NameRegex.MatchString(s.SnapshotName) {
		return false
	}
	for key, value := range q.Tags {
		if !slices.ContainsFunc(s.Tags, func(tag ecstest.Tag) bool { return tag.Key == key && (value == nil || tag.Value == *value) }) {
			return false
		}
	}
	created := createdAt(s)
	if !q.CreatedFrom.IsZero() && (created.IsZero() || created.Before(q.CreatedFrom)) {
		return false
	}
	return q.CreatedTo.IsZero() || !created.IsZero() && !created.After(q.CreatedTo)
}

// createdAt is zero for a snapshot that isn't cut yet.
func createdAt(s *ecstest.Snapshot) time.Time {
	for _, layout := range []string{"2006-01-02T15:04:05Z", "2006-01-02T15:04Z"} {
		if created, err := time.Parse(layout, s.CreationTime); err == nil {
			return created
		}
	}
	return time.Time{}
}
