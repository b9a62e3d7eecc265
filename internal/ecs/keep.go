package ecs

import (
	"slices"
	"strings"
	"time"
)

// verdict is what a snapshot's own fields say to a filter.
type verdict int

const (
	matches     verdict = iota // They match, or nothing is filtered.
	unknown                    // The reply lacks the field.
	contradicts                // They don't match.
)

// keep tells whether the snapshot is one that the query asks for. The service's
// filters only save pages; what they let through is compared with every filter that
// has a field in the reply.
//
// A field that the reply lacks contradicts nothing, for the service was asked. Where
// it was not, and the filter rests on that field alone, keep fails. Two fields that
// are absent still say something: a snapshot without a time that isn't complete is
// not cut yet, and in no window; and a service that leaves Encrypted out, for which
// there is no filter by false, leaves out false.
func (q *Query) keep(s *Snapshot, u unasked) (bool, error) {
	name, tags := exact(q.SnapshotName, s.SnapshotName), q.compareTags(s.Tags)
	if u.nonASCII {
		// The service said that nothing has these bytes; another form has to be seen.
		if name == unknown && !isASCII(q.SnapshotName) {
			name = contradicts
		}
		if tags == unknown && len(q.withoutNonASCII().Tags) < len(q.Tags) {
			tags = contradicts
		}
	}
	lacking, why := "", ""
	for _, filter := range [...]struct {
		verdict verdict
		field   string // Where the service may not be asked.
		unasked bool
		why     string
	}{
		{verdict: q.compareID(s.SnapshotID)},
		{verdict: exact(q.DiskID, s.SourceDiskID)},
		{verdict: exact(q.SnapshotLinkID, s.SnapshotLinkID)},
		{verdict: name},
		{verdict: q.compareRegex(s.SnapshotName)},
		{verdict: anyCase(q.SourceDiskType, s.SourceDiskType)},
		{verdict: exact(allIsAny(q.Status), s.Status)},
		{verdict: anyCase(q.Category, s.Category)},
		{verdict: q.compareEncrypted(s)},
		{verdict: q.compareKMSKey(s)},
		{exact(q.ResourceGroupID, s.ResourceGroupID), "ResourceGroupId", u.capped, cappedWhy},
		{tags, "Tags", u.capped, cappedWhy},
		{q.compareTime(s), "CreationTime", u.times, "the service refuses its time filter"},
	} {
		switch filter.verdict {
		case matches:
		case contradicts:
			return false, nil
		case unknown:
			if filter.unasked {
				lacking, why = filter.field, filter.why
			}
		}
	}
	if lacking != "" {
		return false, incomplete("%s, and its reply has no %s of snapshot %s to filter by", why, lacking, s.SnapshotID)
	}
	return true, nil
}

const cappedWhy = "the service's tag and resource group filters see at most 1,000 resources"

func exact(want string, got Text) verdict {
	return compare(want, got, string(got) == want)
}

func anyCase(want string, got Text) verdict {
	return compare(want, got, strings.EqualFold(string(got), want))
}

func compare(want string, got Text, equal bool) verdict {
	switch {
	case want == "" || equal:
		return matches
	case got == "":
		return unknown
	}
	return contradicts
}

// allIsAny turns the status that asks for all into no filter.
func allIsAny(status string) string {
	if status == "all" {
		return ""
	}
	return status
}

func either(ok bool) verdict {
	if ok {
		return matches
	}
	return contradicts
}

func (q *Query) compareID(id Text) verdict {
	return either(q.SnapshotIDs == nil || slices.Contains(q.SnapshotIDs, string(id)))
}

func (q *Query) compareRegex(name Text) verdict {
	return either(q.NameRegex == nil || q.NameRegex.MatchString(string(name)))
}

func (q *Query) compareEncrypted(s *Snapshot) verdict {
	switch {
	case q.Encrypted == nil:
		return matches
	case s.Encrypted.Valid:
		return either(s.Encrypted.Value == *q.Encrypted)
	case s.KMSKeyID != "":
		return either(*q.Encrypted)
	}
	return unknown
}

// compareKMSKey knows that what isn't encrypted has no key.
func (q *Query) compareKMSKey(s *Snapshot) verdict {
	v := exact(q.KMSKeyID, s.KMSKeyID)
	if v == unknown && s.Encrypted == (Bool{Valid: true}) {
		return contradicts
	}
	return v
}

func (q *Query) compareTags(tags Tags) verdict {
	if len(q.Tags) > 0 && tags == nil {
		return unknown
	}
	for key, want := range q.Tags {
		if got, ok := tags[key]; !ok || want != nil && got != *want {
			return contradicts
		}
	}
	return matches
}

// compareTime compares the creation time, which has whole seconds, with the exact
// window.
func (q *Query) compareTime(s *Snapshot) verdict {
	switch created := s.CreationTime; {
	case q.CreatedFrom.IsZero() && q.CreatedTo.IsZero():
		return matches
	case created.IsZero() && s.Status != "" && s.Status != StatusAccomplished:
		return contradicts
	case created.IsZero():
		return unknown
	default:
		return either(!created.Before(q.CreatedFrom.Truncate(time.Second)) &&
			(q.CreatedTo.IsZero() || !created.After(q.CreatedTo)))
	}
}
