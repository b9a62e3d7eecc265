package ecstest

import (
	"encoding/json"
	"slices"
	"strings"
)

// predicate tells whether a snapshot matches one filter.
type predicate func(*entry) bool

// maxIDs is how many ids SnapshotIds takes.
const maxIDs = 100

// exactFilters compare a field with a parameter, byte by byte. An empty parameter is no filter.
var exactFilters = map[string]func(*Snapshot) string{
	"DiskId":         func(s *Snapshot) string { return s.SourceDiskID },
	"InstanceId":     func(s *Snapshot) string { return s.InstanceID },
	"SnapshotLinkId": func(s *Snapshot) string { return s.SnapshotLinkID },
	"SnapshotName":   func(s *Snapshot) string { return s.SnapshotName },
	"KMSKeyId":       func(s *Snapshot) string { return s.KMSKeyID },
}

// enumeration is a parameter of few values. Where the documents do not say that case doesn't matter, only the case that
// they write is accepted.
type enumeration struct {
	values  []string
	anyCase bool
	refusal *apiError
	matches func(s *Snapshot, value string) bool
}

var enumerations = map[string]enumeration{
	"Status": {
		values:  []string{"progressing", "accomplished", "failed", "all"},
		refusal: errStatus,
		matches: func(s *Snapshot, value string) bool { return value == "all" || s.Status == value },
	},
	"SnapshotType": {
		values:  []string{"auto", "user", "all"},
		refusal: errSnapshotType,
		// Replies know a third type, timer, which is automatic too.
		matches: func(s *Snapshot, value string) bool {
			return value == "all" || (s.SnapshotType == "user") == (value == "user")
		},
	},
	"Usage": {
		values:  []string{"image", "disk", "image_disk", "none"},
		refusal: errUsage,
		matches: func(s *Snapshot, value string) bool { return s.Usage == value || s.Usage == "" && value == "none" },
	},
	"SourceDiskType": {
		values:  []string{"system", "data"},
		anyCase: true,
		refusal: errSourceDiskType,
		matches: func(s *Snapshot, value string) bool { return strings.EqualFold(s.SourceDiskType, value) },
	},
	"Category": {
		values:  []string{"standard", "flash", "archive"},
		anyCase: true,
		refusal: errCategory,
		matches: func(s *Snapshot, value string) bool { return strings.EqualFold(s.Category, value) },
	},
}

func (x *Exchange) parseExact(q *query) *apiError {
	for name, field := range exactFilters {
		if want := x.Params.Get(name); want != "" {
			q.filters = append(q.filters, func(e *entry) bool { return field(&e.snapshot) == want })
		}
	}
	return nil
}

func (x *Exchange) parseEnumerations(q *query) *apiError {
	for name, e := range enumerations {
		want := x.Params.Get(name)
		if want == "" {
			continue
		}
		if e.anyCase {
			want = strings.ToLower(want)
		}
		if !slices.Contains(e.values, want) {
			return e.refusal
		}
		q.filters = append(q.filters, func(entry *entry) bool { return e.matches(&entry.snapshot, want) })
	}
	return nil
}

func (x *Exchange) parseIDs(q *query) *apiError {
	text := x.Params.Get("SnapshotIds")
	if text == "" {
		return nil
	}
	var ids []string
	if err := json.Unmarshal([]byte(text), &ids); err != nil {
		return invalidParameter("The parameter SnapshotIds has to be a JSON array of strings.")
	}
	if len(ids) > maxIDs {
		return errTooManyIDs
	}
	// That an empty array is no filter is the reading that punishes a client for sending one.
	if len(ids) > 0 {
		slices.Sort(ids)
		q.filters = append(q.filters, func(e *entry) bool {
			_, asked := slices.BinarySearch(ids, e.snapshot.SnapshotID)
			return asked
		})
	}
	return nil
}
