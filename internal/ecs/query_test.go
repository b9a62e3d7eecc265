package ecs

import (
	"fmt"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

func TestSort(t *testing.T) {
	t.Parallel()
	at := func(id string, minute int) Snapshot {
		return Snapshot{SnapshotID: Text(id), CreationTime: Time{Valid: true, Value: time.Date(2024, 1, 1, 0, minute, 0, 0, time.UTC)}}
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

func TestBatches(t *testing.T) {
	t.Parallel()
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
	t.Parallel()
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
		{CreationStartTime: time.Unix(1, 0).UTC()},
		{CreationEndTime: time.Unix(1, 0).UTC()},
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

// A snapshot is in the result once, however many batches of ids list it.
func TestBatchesOfAServiceThatIgnoresIDs(t *testing.T) {
	t.Parallel()
	wanted := ids(makeIDs(20, 270))
	for name, q := range map[string]Query{"all": {}, "usable": {UsableOnly: true}, "the newest": {Limit: 10}, "the only one": {Unique: true}} {
		server := ecstest.Start(t, numbered(0, 300)...)
		server.Inject(ignore("SnapshotIds"))
		q.RegionID, q.SnapshotIDs = testRegion, wanted
		result, err := newTestClient(t, server).List(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		want := slices.Sorted(slices.Values(wanted))
		slices.Reverse(want)
		if q.Limit > 0 {
			want = want[:q.Limit]
		}
		if diff := cmp.Diff(want, ids(result.Snapshots)); diff != "" || result.Count != len(wanted) || result.AtLeast {
			t.Errorf("%s: %d counted: %s", name, result.Count, diff)
		}
	}
}
