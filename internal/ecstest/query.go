package ecstest

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
)

// predicate tells whether a snapshot passes one filter.
type predicate func(*Snapshot) bool

// query is what a DescribeSnapshots call asks for. The resource filters, by tag and resource group, come first and see
// a limited number of resources.
type query struct {
	region    string
	resources []predicate
	filters   []predicate
	dryRun    bool
	paging    paging
}

// maxIDs is how many ids SnapshotIds takes.
const maxIDs = 100

// exactFilters compare a field with a parameter. An empty parameter is no filter.
var exactFilters = map[string]func(*Snapshot) string{
	"DiskId":         func(s *Snapshot) string { return s.SourceDiskID },
	"InstanceId":     func(s *Snapshot) string { return s.InstanceID },
	"SnapshotLinkId": func(s *Snapshot) string { return s.SnapshotLinkID },
	"SnapshotName":   func(s *Snapshot) string { return s.SnapshotName },
	"KMSKeyId":       func(s *Snapshot) string { return s.KMSKeyID },
}

// enumeration is a parameter of few values. The document writes them in one case, so no other is accepted.
type enumeration struct {
	values  []string
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
		values:  []string{"System", "Data"},
		refusal: errSourceDiskType,
		matches: func(s *Snapshot, value string) bool { return strings.EqualFold(s.SourceDiskType, value) },
	},
	"Category": {
		values:  []string{"standard", "flash", "archive"},
		refusal: errCategory,
		matches: func(s *Snapshot, value string) bool { return s.Category == value },
	},
}

// otherDescribeParameters are those that no table above has.
var otherDescribeParameters = []string{
	"DryRun", "Encrypted", "SnapshotIds", "ResourceGroupId", "PageNumber", "PageSize", "NextToken", "MaxResults",
	startFilter + ".Key", startFilter + ".Value", endFilter + ".Key", endFilter + ".Value",
}

func isDescribeParameter(name string) bool {
	_, exact := exactFilters[name]
	_, enumerated := enumerations[name]
	return exact || enumerated || slices.Contains(otherDescribeParameters, name) || tagParameter.MatchString(name)
}

// query checks the call's own parameters.
func (x *Exchange) query() (*query, *apiError) {
	q := &query{region: x.Params.Get("RegionId")}
	if q.region == "" {
		return nil, missingParameter("RegionId")
	}
	if !x.Service.knowsRegion(q.region) {
		return nil, errRegion
	}
	for _, parse := range []func(*query) *apiError{
		x.parsePaging, x.parseExact, x.parseEnumerations, x.parseFlags, x.parseIDs, x.parseTimes, x.parseResources,
	} {
		if err := parse(q); err != nil {
			return nil, err
		}
	}
	return q, nil
}

func (x *Exchange) parseExact(q *query) *apiError {
	for name, field := range exactFilters {
		if want := x.Params.Get(name); want != "" {
			q.filters = append(q.filters, func(s *Snapshot) bool { return field(s) == want })
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
		if !slices.Contains(e.values, want) {
			return e.refusal
		}
		q.filters = append(q.filters, func(s *Snapshot) bool { return e.matches(s, want) })
	}
	return nil
}

func (x *Exchange) parseFlags(q *query) *apiError {
	encrypted, err := x.flag("Encrypted")
	if err != nil {
		return err
	}
	if encrypted { // False is no filter.
		q.filters = append(q.filters, func(s *Snapshot) bool { return s.Encrypted })
	}
	q.dryRun, err = x.flag("DryRun")
	return err
}

func (x *Exchange) flag(name string) (bool, *apiError) {
	switch x.Params.Get(name) {
	case "true":
		return true, nil
	case "false", "":
		return false, nil
	}
	return false, invalidParameter("The parameter %s has to be true or false.", name)
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
		q.filters = append(q.filters, func(s *Snapshot) bool { return slices.Contains(ids, s.SnapshotID) })
	}
	return nil
}

// The document numbers the two filters by what they mean.
const (
	startFilter = "Filter.1"
	endFilter   = "Filter.2"
)

// parseTimes reads the bounds of the creation time. They name minutes, so seconds in them are cut off; a snapshot that
// is not cut yet has no creation time and passes neither.
func (x *Exchange) parseTimes(q *query) *apiError {
	startBound, endBound := x.Service.timeBounds()
	for _, bound := range []struct {
		filter, key string
		passes      func(minute, bound time.Time) bool
	}{
		{startFilter, "CreationStartTime", func(minute, start time.Time) bool {
			return minute.After(start) || startBound == Inclusive && minute.Equal(start)
		}},
		{endFilter, "CreationEndTime", func(minute, end time.Time) bool {
			return minute.Before(end) || endBound == Inclusive && minute.Equal(end)
		}},
	} {
		key, value := x.Params.Get(bound.filter+".Key"), x.Params.Get(bound.filter+".Value")
		if key == "" && value == "" {
			continue
		}
		if key != bound.key {
			return errFilterKey
		}
		limit, ok := parseTime(value, minuteLayout, secondLayout)
		if !ok {
			return errFilterValue
		}
		limit = limit.Truncate(time.Minute)
		q.filters = append(q.filters, func(s *Snapshot) bool {
			created, ok := s.created()
			return ok && bound.passes(created.Truncate(time.Minute), limit)
		})
	}
	return nil
}

func (s *Service) timeBounds() (start, end Bound) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.startBound, s.endBound
}

// number reads a whole number from 1 to high; def stands for an absent one.
func (x *Exchange) number(name string, high, def int) (int, *apiError) {
	text := x.Params.Get(name)
	if text == "" {
		return def, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > high {
		return 0, invalidParameter("The parameter %s has to be a number from 1 to %d.", name, high)
	}
	return n, nil
}
