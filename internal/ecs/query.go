package ecs

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"time"

	"golang.org/x/text/unicode/norm"
)

// Query says which snapshots to list. The zero value of a field doesn't filter. The
// filters up to CreationEndTime are request parameters of DescribeSnapshots, in the API's
// own spelling. All text is in Unicode's NFC, to which Terraform brings every string.
type Query struct {
	RegionID          string             `parameter:"RegionId"` // Mandatory.
	DiskID            string             `parameter:"DiskId"`
	InstanceID        string             `parameter:"InstanceId"`
	SnapshotIDs       []string           // Nil doesn't filter; empty and not nil matches nothing.
	SnapshotLinkID    string             `parameter:"SnapshotLinkId"`
	SnapshotName      string             `parameter:"SnapshotName"` // Exact.
	SnapshotType      string             `parameter:"SnapshotType"`
	SourceDiskType    string             `parameter:"SourceDiskType"`
	Status            string             `parameter:"Status"`
	Usage             string             `parameter:"Usage"`
	Category          string             `parameter:"Category"`
	Encrypted         *bool              // False means unencrypted only, which the service can't do.
	KMSKeyID          string             `parameter:"KMSKeyId"`
	ResourceGroupID   string             `parameter:"ResourceGroupId"`
	Tags              map[string]*string // Nil matches any value of the key.
	CreationStartTime time.Time          // Inclusive, to the second.
	CreationEndTime   time.Time          // Inclusive, to the second.
	DryRun            bool

	NameRegex  *regexp.Regexp // Matched against the name here, not by the service.
	UsableOnly bool           // Only snapshots that are usable; see [Snapshot.Usable].
	Limit      int            // Only the newest so many; 0 for all.
	Unique     bool           // Exactly one is expected: two that match end the read.
}

// asked is the query that the service gets, without what is applied here alone.
//
// It compares bytes, and may have a name or a tag in another form of Unicode: it isn't
// asked for those of which there is more than one.
func (r *read) asked() Query {
	q := r.query
	q.NameRegex, q.UsableOnly, q.Limit, q.Unique = nil, false, 0, false
	if !hasOneForm(q.SnapshotName) {
		q.SnapshotName = ""
	}
	q.Tags = maps.Clone(q.Tags)
	maps.DeleteFunc(q.Tags, func(key string, value *string) bool {
		return !hasOneForm(key) || value != nil && !hasOneForm(*value)
	})
	if r.withoutCapped {
		q.Tags, q.ResourceGroupID = nil, ""
	}
	if r.withoutTimes {
		q.CreationStartTime, q.CreationEndTime = time.Time{}, time.Time{}
	}
	return q
}

// hasOneForm tells whether a text in NFC is also in NFD, as ASCII and Chinese are.
func hasOneForm(s string) bool { return norm.NFD.IsNormalString(s) }

func (q *Query) filtersTime() bool {
	return !q.CreationStartTime.IsZero() || !q.CreationEndTime.IsZero()
}

// key is equal for equal queries.
func (q Query) key() string {
	text, _ := json.Marshal(q) // Nothing in it can fail. Nil and empty ids differ.
	return string(text)
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
