package ecs

import (
	"regexp"
	"slices"
	"time"
)

// Query says which snapshots to list. The zero value of a field doesn't filter.
// Each field but the last few is a request parameter of DescribeSnapshots.
type Query struct {
	RegionID        string // Mandatory.
	DiskID          string
	InstanceID      string
	SnapshotIDs     []string // Nil doesn't filter; empty and not nil matches nothing.
	SnapshotLinkID  string
	SnapshotName    string // Exact.
	SnapshotType    string
	SourceDiskType  string
	Status          string
	Usage           string
	Category        string
	Encrypted       *bool // False means unencrypted only, which the service can't do.
	KMSKeyID        string
	ResourceGroupID string
	Tags            map[string]*string // Nil matches any value of the key.
	CreatedFrom     time.Time          // Inclusive, to the second.
	CreatedTo       time.Time          // Inclusive, to the second.
	DryRun          bool

	NameRegex *regexp.Regexp // Matched against the name here, not by the service.
	Limit     int            // Keep only the newest.

	UsableOnly bool // Consider only usable snapshots.
	Unique     bool // Exactly one is expected: stop as soon as two are known to match.
}

// keep tells whether a snapshot that the service listed is what was asked for,
// as far as the service can't be asked, or can't be relied upon, to tell.
func (q Query) keep(s *Snapshot) bool {
	switch {
	case q.SnapshotName != "" && string(s.SnapshotName) != q.SnapshotName:
		return false
	case q.NameRegex != nil && !q.NameRegex.MatchString(string(s.SnapshotName)):
		return false
	case q.Encrypted != nil && !*q.Encrypted && s.Encrypted.Value:
		return false // The service reads false as no filter.
	}
	for key, value := range q.Tags {
		if value != nil && *value == "" && s.Tags[key] != "" {
			return false // Should the service take an empty value for none.
		}
	}
	return q.inWindow(s.CreationTime.Time)
}

// inWindow tells whether a creation time, which has whole seconds, is in the exact
// window. A snapshot without one, not cut yet, is in no window.
func (q Query) inWindow(created time.Time) bool {
	if q.CreatedFrom.IsZero() && q.CreatedTo.IsZero() {
		return true
	}
	switch {
	case created.IsZero():
		return false
	case created.Before(q.CreatedFrom.Truncate(time.Second)):
		return false
	case !q.CreatedTo.IsZero() && created.After(q.CreatedTo):
		return false
	}
	return true
}

// batches splits the query where it names more ids than one request can.
func (q Query) batches() []Query {
	if q.SnapshotIDs == nil {
		return []Query{q}
	}
	ids := slices.Compact(slices.Sorted(slices.Values(q.SnapshotIDs)))
	var batches []Query
	for batch := range slices.Chunk(ids, maxIDs) {
		q.SnapshotIDs = batch
		batches = append(batches, q)
	}
	return batches
}
