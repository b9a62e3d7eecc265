package ecs

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// service is what is known of a service for the reference: parameters that it ignores.
type service struct{ ignores []string }

// reference filters a data set as plainly as the contract says it. A filter that the
// service ignores is applied to what its replies have: a field that is absent doesn't
// contradict.
func reference(snapshots []ecstest.Snapshot, q Query, from service) []ecstest.Snapshot {
	var matching []ecstest.Snapshot
	for _, s := range snapshots {
		if matchesText(&s, q, from) && matchesRest(&s, q, from) && (!q.UsableOnly || isUsable(&s)) {
			matching = append(matching, s)
		}
	}
	slices.SortFunc(matching, func(a, b ecstest.Snapshot) int {
		return cmp.Or(createdAt(&b).Compare(createdAt(&a)), strings.Compare(a.SnapshotID, b.SnapshotID))
	})
	return matching
}

func matchesText(s *ecstest.Snapshot, q Query, from service) bool {
	for _, filter := range []struct{ parameter, want, got string }{
		{"RegionId", q.RegionID, s.RegionID},
		{"DiskId", q.DiskID, s.SourceDiskID},
		{"InstanceId", q.InstanceID, s.InstanceID},
		{"SnapshotLinkId", q.SnapshotLinkID, s.SnapshotLinkID},
		{"SnapshotName", q.SnapshotName, s.SnapshotName},
		{"Category", q.Category, s.Category},
		{"ResourceGroupId", q.ResourceGroupID, s.ResourceGroupID},
		{"Usage", q.Usage, cmp.Or(s.Usage, "none")},
		{"SourceDiskType", strings.ToLower(q.SourceDiskType), strings.ToLower(s.SourceDiskType)},
		{"Status", strings.TrimPrefix(q.Status, "all"), s.Status},
	} {
		unknown := filter.got == "" && slices.Contains(from.ignores, filter.parameter)
		if filter.want != "" && filter.got != filter.want && !unknown {
			return false
		}
	}
	kind := "auto"
	if s.SnapshotType == "user" {
		kind = "user"
	}
	return (q.KMSKeyID == "" || q.KMSKeyID == s.KMSKeyID) &&
		(q.SnapshotType == "" || q.SnapshotType == "all" || q.SnapshotType == kind)
}

func matchesRest(s *ecstest.Snapshot, q Query, from service) bool {
	if q.SnapshotIDs != nil && !slices.Contains(q.SnapshotIDs, s.SnapshotID) {
		return false
	}
	if q.Encrypted != nil && *q.Encrypted != s.Encrypted {
		return false
	}
	if q.NameRegex != nil && !q.NameRegex.MatchString(s.SnapshotName) {
		return false
	}
	if untold := s.Raw["Tags"] == ecstest.Absent && slices.Contains(from.ignores, "Tag"); !untold {
		for key, value := range q.Tags {
			if !slices.ContainsFunc(s.Tags, func(tag ecstest.Tag) bool { return tag.Key == key && (value == nil || tag.Value == *value) }) {
				return false
			}
		}
	}
	created := createdAt(s)
	if !q.CreationStartTime.IsZero() && (created.IsZero() || created.Before(q.CreationStartTime)) {
		return false
	}
	return q.CreationEndTime.IsZero() || !created.IsZero() && !created.After(q.CreationEndTime)
}

// isUsable is the contract's rule for what can be used.
func isUsable(s *ecstest.Snapshot) bool {
	if s.Status == "failed" {
		return false
	}
	if s.Available != nil {
		return *s.Available
	}
	return s.Status == "accomplished"
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
