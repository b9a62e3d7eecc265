package ecs

import (
	"slices"
	"strings"
	"time"
)

// keep tells whether the snapshot is one that the query asks for. The service's
// filters only save pages; what they let through is compared with every filter that
// has a field in the reply.
//
// A field that the reply lacks contradicts nothing, for the service was asked. Where
// it was not, and the filter rests on that field alone, keep fails.
func (r *read) keep(s *Snapshot, asked *Query) (bool, error) {
	q := &r.query
	if q.contradicts(s) || q.SnapshotName != asked.SnapshotName && s.SnapshotName == "" {
		return false, nil
	}
	lacking, why := "", errCapped.Error()
	switch {
	case len(q.Tags) > len(asked.Tags) && s.Tags == nil:
		if lacking = "Tags"; !r.withoutCapped {
			why = "the service compares tags byte by byte, and Unicode has several forms of one"
		}
	case q.ResourceGroupID != asked.ResourceGroupID && s.ResourceGroupID == "":
		lacking = "ResourceGroupId"
	case q.filtersTime() && !asked.filtersTime() && s.CreationTime.Value.IsZero():
		lacking, why = "CreationTime", "the service refuses its time filter"
	default:
		return true, nil
	}
	return false, incomplete("%s, and its reply has no %s of snapshot %s to filter by", why, lacking, s.SnapshotID)
}

// contradicts tells whether one of the snapshot's own fields doesn't match. A name that
// was sent empty is none; what isn't encrypted has no key; and a snapshot without a
// creation time that isn't complete is not cut yet, and in no window.
func (q *Query) contradicts(s *Snapshot) bool {
	return q.SnapshotIDs != nil && !slices.Contains(q.SnapshotIDs, string(s.SnapshotID)) ||
		q.NameRegex != nil && !q.NameRegex.MatchString(string(s.SnapshotName)) ||
		q.SnapshotName != "" && s.SnapshotName != Text(q.SnapshotName) && (s.SnapshotName != "" || s.Unnamed) ||
		differs(q.DiskID, s.SourceDiskID) ||
		differs(q.SnapshotLinkID, s.SnapshotLinkID) ||
		q.Status != "all" && differs(q.Status, s.Status) ||
		differs(q.ResourceGroupID, s.ResourceGroupID) ||
		differs(q.KMSKeyID, s.KMSKeyID) ||
		q.KMSKeyID != "" && s.KMSKeyID == "" && s.Encrypted == Bool{Valid: true} ||
		differs(q.SourceDiskType, s.SourceDiskType) ||
		differs(q.Category, s.Category) ||
		q.Encrypted != nil && s.Encrypted.Valid && *q.Encrypted != s.Encrypted.Value ||
		s.Tags != nil && !s.Tags.match(q.Tags) ||
		q.filtersTime() && !q.mayBeInWindow(s)
}

// differs compares ids and enumerations, in which case doesn't count.
func differs(want string, got Text) bool {
	return want != "" && got != "" && !strings.EqualFold(want, string(got))
}

// match tells whether the tags have all that are wanted.
func (t Tags) match(wanted map[string]*string) bool {
	for key, want := range wanted {
		if got, ok := t[key]; !ok || want != nil && got != *want {
			return false
		}
	}
	return true
}

// mayBeInWindow compares the creation time, which has whole seconds, with the exact
// window.
func (q *Query) mayBeInWindow(s *Snapshot) bool {
	created := s.CreationTime.Value
	if created.IsZero() {
		return s.Status == "" || s.Status == StatusAccomplished
	}
	return !created.Before(q.CreationStartTime.Truncate(time.Second)) && (q.CreationEndTime.IsZero() || !created.After(q.CreationEndTime))
}
