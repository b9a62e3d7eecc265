package ecs

import (
	"fmt"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSort(t *testing.T) {
	at := func(id string, minute int) Snapshot {
		return Snapshot{SnapshotID: Text(id), CreationTime: Time{time.Date(2024, 1, 1, 0, minute, 0, 0, time.UTC)}}
	}
	list := []Snapshot{at("s-b", 1), {SnapshotID: "s-z"}, at("s-c", 2), at("s-a", 1), {SnapshotID: "s-y"}, at("s-d", 3)}
	want := []string{"s-d", "s-c", "s-a", "s-b", "s-y", "s-z"}
	for range 6 {
		Sort(list)
		if diff := cmp.Diff(want, ids(list)); diff != "" {
			t.Error(diff)
		}
		list = append(list[1:], list[0])
	}
}

func TestKeep(t *testing.T) {
	noon := time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)
	snapshot := Snapshot{
		SnapshotID: "s-1", SnapshotName: "nightly-1", CreationTime: Time{noon}, Encrypted: Bool{true, true},
		Tags: Tags{"env": "prod", "empty": ""},
	}
	uncut := Snapshot{SnapshotID: "s-2"}
	for name, test := range map[string]struct {
		query Query
		s     Snapshot
		want  bool
	}{
		"no filter":              {Query{}, snapshot, true},
		"no filter, uncut":       {Query{}, uncut, true},
		"the name":               {Query{SnapshotName: "nightly-1"}, snapshot, true},
		"a part of the name":     {Query{SnapshotName: "nightly"}, snapshot, false},
		"a matching pattern":     {Query{NameRegex: regexp.MustCompile(`^nightly-\d$`)}, snapshot, true},
		"another pattern":        {Query{NameRegex: regexp.MustCompile(`^weekly`)}, snapshot, false},
		"a pattern, no name":     {Query{NameRegex: regexp.MustCompile(`.`)}, uncut, false},
		"encrypted":              {Query{Encrypted: new(true)}, snapshot, true},
		"unencrypted only":       {Query{Encrypted: new(false)}, snapshot, false},
		"unencrypted, not said":  {Query{Encrypted: new(false)}, uncut, true},
		"an empty value":         {Query{Tags: map[string]*string{"empty": new("")}}, snapshot, true},
		"an empty value, not so": {Query{Tags: map[string]*string{"env": new("")}}, snapshot, false},
		"any value":              {Query{Tags: map[string]*string{"env": nil}}, snapshot, true},
		"at the start":           {Query{CreatedFrom: noon}, snapshot, true},
		"after the start":        {Query{CreatedFrom: noon.Add(-time.Second)}, snapshot, true},
		"before the start":       {Query{CreatedFrom: noon.Add(time.Second)}, snapshot, false},
		"within its second":      {Query{CreatedFrom: noon.Add(time.Second - 1)}, snapshot, true},
		"at the end":             {Query{CreatedTo: noon}, snapshot, true},
		"after the end":          {Query{CreatedTo: noon.Add(-time.Second)}, snapshot, false},
		"uncut, from":            {Query{CreatedFrom: noon}, uncut, false},
		"uncut, to":              {Query{CreatedTo: noon}, uncut, false},
	} {
		if got := test.query.keep(&test.s); got != test.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

func TestMatchesLimited(t *testing.T) {
	snapshot := Snapshot{ResourceGroupID: "rg-1", Tags: Tags{"env": "prod", "empty": ""}}
	for name, test := range map[string]struct {
		query Query
		want  bool
	}{
		"no filter":         {Query{}, true},
		"the group":         {Query{ResourceGroupID: "rg-1"}, true},
		"another group":     {Query{ResourceGroupID: "rg-2"}, false},
		"the tag":           {Query{Tags: map[string]*string{"env": new("prod")}}, true},
		"another value":     {Query{Tags: map[string]*string{"env": new("dev")}}, false},
		"any value":         {Query{Tags: map[string]*string{"env": nil, "empty": nil}}, true},
		"an empty value":    {Query{Tags: map[string]*string{"empty": new("")}}, true},
		"another key":       {Query{Tags: map[string]*string{"team": nil}}, false},
		"one of two":        {Query{Tags: map[string]*string{"env": new("prod"), "team": nil}}, false},
		"the tag, no group": {Query{Tags: map[string]*string{"env": nil}, ResourceGroupID: "rg-2"}, false},
	} {
		if got := test.query.matchesLimited(&snapshot); got != test.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

func TestBatches(t *testing.T) {
	many := make([]string, 250)
	for i := range many {
		many[i] = fmt.Sprintf("s-%03d", i)
	}
	for name, test := range map[string]struct {
		ids  []string
		want []int
	}{
		"no filter": {nil, []int{0}},
		"nothing":   {[]string{}, nil},
		"one":       {many[:1], []int{1}},
		"as many":   {many[:100], []int{100}},
		"one more":  {many[:101], []int{100, 1}},
		"many":      {many, []int{100, 100, 50}},
		"twice":     {slices.Concat(many, many), []int{100, 100, 50}},
	} {
		var sizes []int
		var all []string
		for _, batch := range (Query{SnapshotIDs: test.ids, DiskID: "d"}).batches() {
			sizes = append(sizes, len(batch.SnapshotIDs))
			all = append(all, batch.SnapshotIDs...)
			if batch.DiskID != "d" {
				t.Errorf("%s: a filter is lost", name)
			}
		}
		if diff := cmp.Diff(test.want, sizes); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if slices.Sort(all); len(slices.Compact(slices.Clone(all))) != len(all) {
			t.Errorf("%s: an id is asked for twice", name)
		}
	}
}

// Queries that differ in anything are not one read.
func TestKey(t *testing.T) {
	queries := []Query{
		{},
		{RegionID: "cn-a"},
		{DiskID: "d"},
		{SnapshotIDs: []string{}},
		{SnapshotIDs: []string{"a"}},
		{SnapshotIDs: []string{"a", "b"}},
		{Encrypted: new(false)},
		{Encrypted: new(true)},
		{Tags: map[string]*string{"a": nil}},
		{Tags: map[string]*string{"a": new("")}},
		{CreatedFrom: time.Unix(1, 0).UTC()},
		{CreatedTo: time.Unix(1, 0).UTC()},
		{DryRun: true},
		{NameRegex: regexp.MustCompile("a")},
		{NameRegex: regexp.MustCompile("b")},
		{Limit: 1},
	}
	seen := map[string]int{}
	for i, q := range queries {
		if other, ok := seen[q.key()]; ok {
			t.Errorf("%v and %v have one key", queries[other], q)
		}
		seen[q.key()] = i
	}
	same := func() Query {
		return Query{NameRegex: regexp.MustCompile("a"), Tags: map[string]*string{"a": new("1"), "b": new("2")}, Encrypted: new(true)}
	}
	if a, b := same().key(), same().key(); a != b {
		t.Errorf("%s and %s differ", a, b)
	}
}

func TestUsable(t *testing.T) {
	for _, test := range []struct {
		status    Text
		available Bool
		want      bool
	}{
		{"accomplished", Bool{}, true},
		{"accomplished", Bool{true, true}, true},
		{"accomplished", Bool{false, true}, false},
		{"progressing", Bool{true, true}, false},
		{"failed", Bool{}, false},
		{"", Bool{}, false},
	} {
		if got := (&Snapshot{Status: test.status, Available: test.available}).Usable(); got != test.want {
			t.Errorf("%v: %t", test, got)
		}
	}
}
