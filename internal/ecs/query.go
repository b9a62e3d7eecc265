package ecs

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Query says which snapshots to list. The zero value of a field doesn't filter. The
// filters up to CreatedTo are request parameters of DescribeSnapshots, in the API's
// own spelling.
type Query struct {
	RegionID        string // Mandatory.
	DiskID          string
	InstanceID      string
	SnapshotIDs     []string // Nil doesn't filter; empty and not nil matches nothing.
	SnapshotLinkID  string
	SnapshotName    string // Exact, in Unicode's NFC.
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

	NameRegex  *regexp.Regexp // Matched against the name here, not by the service.
	UsableOnly bool           // Only snapshots that are usable; see [Snapshot.Usable].
	Limit      int            // Only the newest so many; 0 for all.
	Unique     bool           // Exactly one is expected: two that match end the read.
}

// normalized is the query with its name and tags in NFC.
func (q Query) normalized() Query {
	q.SnapshotName = norm.NFC.String(q.SnapshotName)
	if q.Tags != nil {
		tags := make(map[string]*string, len(q.Tags))
		for key, value := range q.Tags {
			if value != nil {
				value = new(norm.NFC.String(*value))
			}
			tags[norm.NFC.String(key)] = value
		}
		q.Tags = tags
	}
	return q
}

// withoutNonASCII is the query without a name and tags that Unicode can write in
// several ways.
func (q Query) withoutNonASCII() Query {
	if !isASCII(q.SnapshotName) {
		q.SnapshotName = ""
	}
	q.Tags = maps.Clone(q.Tags)
	maps.DeleteFunc(q.Tags, func(key string, value *string) bool {
		return !isASCII(key) || value != nil && !isASCII(*value)
	})
	return q
}

func isASCII(s string) bool { return len(s) == utf8.RuneCountInString(s) }

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
