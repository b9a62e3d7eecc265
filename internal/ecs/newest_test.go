package ecs

import (
	"net/http"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// timeFilterRefused refuses every request with a time filter.
var timeFilterRefused = ecstest.When(
	func(x *ecstest.Exchange) bool { return x.Params.Has("Filter.1.Key") || x.Params.Has("Filter.2.Key") },
	ecstest.ErrorCode(http.StatusBadRequest, "InvalidFilterKey.NotFound", "The specified filter key is not found."))

// tokenBeside gives a token beside each total, also on the last page.
var tokenBeside = ecstest.AlterReply(func(fields map[string]any) { fields["NextToken"] = "more" })

// The newest few of a long history take few calls where the service lists the newest
// first, and one more than the whole list in any other order.
func TestNewest(t *testing.T) {
	t.Parallel()
	every := map[string]*string{"env": nil}
	unusable := func(list []ecstest.Snapshot) []ecstest.Snapshot { // The newest 40.
		for i := len(list) - 40; i < len(list); i++ {
			list[i].Status = "failed"
		}
		return list
	}
	for name, test := range map[string]struct {
		snapshots []ecstest.Snapshot
		query     Query
		order     ecstest.Order
		faults    []ecstest.Fault
		calls     int
	}{
		"1 of 100":                      {snapshots: numbered(0, 100), query: Query{Limit: 1}, calls: 2}, // An empty page ends it.
		"1 of 10,000":                   {snapshots: numbered(0, 10_000), query: Query{Limit: 1}, calls: 2},
		"10 of 10,000":                  {snapshots: numbered(0, 10_000), query: Query{Limit: 10}, calls: 2},
		"100 of 1,000":                  {snapshots: numbered(0, 1000), query: Query{Limit: 100}, calls: 3},
		"101 of 1,000":                  {snapshots: numbered(0, 1000), query: Query{Limit: 101}, calls: 11},
		"the newest usable":             {snapshots: unusable(numbered(0, 1000)), query: Query{Limit: 1, UsableOnly: true}, calls: 2},
		"of a name":                     {snapshots: numbered(0, 1000), query: Query{Limit: 1, NameRegex: regexp.MustCompile("^$")}, calls: 2},
		"in a window":                   {snapshots: numbered(0, 1000), query: Query{Limit: 1, CreationEndTime: parseTime(t, "2024-01-01T08:00:00Z")}, calls: 2},
		"with a tag":                    {snapshots: tagged(900), query: Query{Limit: 1, Tags: every}, calls: 2},
		"with a tag, of a disk":         {snapshots: tagged(900), query: Query{Limit: 1, Tags: every, DiskID: "d-1"}, calls: 3},
		"with a tag, capped":            {snapshots: tagged(1250), query: Query{Limit: 1, Tags: every}, calls: 3},
		"with a tag, of a disk, capped": {snapshots: tagged(1250), query: Query{Limit: 1, Tags: every, DiskID: "d-1"}, calls: 4},
		"oldest first":                  {snapshots: numbered(0, 1000), query: Query{Limit: 1}, order: oldestFirst, calls: 12},
		"by token":                      {snapshots: numbered(0, 1000), query: Query{Limit: 1}, faults: []ecstest.Fault{ecstest.NoPageNumbers()}, calls: 3},
		"all, and a token":              {snapshots: numbered(0, 7), query: Query{Limit: 1}, faults: []ecstest.Fault{tokenBeside}, calls: 1},
		"time filter refused":           {snapshots: numbered(0, 1000), query: Query{Limit: 1}, faults: []ecstest.Fault{timeFilterRefused}, calls: 12},
		"time filter ignored":           {snapshots: numbered(0, 1000), query: Query{Limit: 1}, faults: []ecstest.Fault{ignore("Filter")}, calls: 12},
		"an undated one before":         {snapshots: append(numbered(0, 1000), born("s-uncut", false)), query: Query{Limit: 1}, calls: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := ecstest.Start(t, test.snapshots...)
			server.SetOrder(test.order)
			server.Inject(test.faults...)
			limit, q := test.query.Limit, test.query
			got := list(t, newTestClient(t, server), q)
			if n := server.CallCount(ecstest.ActionDescribeSnapshots); n > test.calls {
				t.Errorf("%d calls, want %d: %v", n, test.calls, pagesAsked(server))
			}
			q.Limit, q.RegionID = 0, ""
			want := idsOf(reference(test.snapshots, q, service{}))[:limit]
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// All that were created in one second are compared by their ids, also where the page
// has a part of them.
func TestNewestOfEqualTimes(t *testing.T) {
	t.Parallel()
	snapshots := numbered(0, 350)
	for i := range snapshots {
		snapshots[i].CreationTime = "2024-05-01T12:00:00Z"
	}
	server := ecstest.Start(t, snapshots...)
	server.SetOrder(ecstest.ShuffleTies(1))
	if diff := cmp.Diff(ids(makeIDs(0, 3)), list(t, newTestClient(t, server), Query{Limit: 3})); diff != "" {
		t.Error(diff)
	}
}

// What was deleted or created between the two reads is out of, or in, the result.
func TestNewestWhileTheListChanges(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(s *ecstest.Service)
		want   []string
	}{
		"deletions": {func(s *ecstest.Service) { s.Delete("s-00249", "s-00248") }, []string{"s-00247", "s-00246"}},
		"a birth":   {func(s *ecstest.Service) { s.Put(born("s-new", true)) }, []string{"s-new", "s-00249"}},
		"one of each": {func(s *ecstest.Service) {
			s.Put(born("s-new", true))
			s.Delete("s-00248")
		}, []string{"s-new", "s-00249"}},
	} {
		server := ecstest.Start(t, numbered(0, 250)...)
		server.Inject(ecstest.Churn(func(call int, s *ecstest.Service) {
			if call == 2 {
				test.change(s)
			}
		}))
		if diff := cmp.Diff(test.want, list(t, newTestClient(t, server), Query{Limit: 2})); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// Where exactly one is expected, the read ends with two that match, and counts them
// exactly where that costs nothing: on a single page, or by the total of what ECS alone filters.
func TestUnique(t *testing.T) {
	t.Parallel()
	progressing := func(list []ecstest.Snapshot, but int) []ecstest.Snapshot {
		for i := range list {
			if i != but {
				list[i].Status = "progressing"
			}
		}
		return list
	}
	for name, test := range map[string]struct {
		snapshots        []ecstest.Snapshot
		query            Query
		listed, unusable int
		count            int
		atLeast          bool
		calls            int
	}{
		"none":                        {nil, Query{}, 0, 0, 0, false, 1},
		"one":                         {numbered(0, 1), Query{}, 1, 0, 1, false, 1},
		"several on one page":         {numbered(0, 7), Query{}, 7, 0, 7, false, 1},
		"several pages":               {numbered(0, 1000), Query{}, 100, 0, 1000, false, 1},
		"several pages, by a status":  {numbered(0, 1000), Query{Status: "accomplished"}, 100, 0, 1000, false, 1},
		"several pages, usable":       {numbered(0, 1000), Query{UsableOnly: true}, 100, 0, 100, true, 1},
		"several pages, by a name":    {numbered(0, 1000), Query{NameRegex: regexp.MustCompile("^$")}, 100, 0, 100, true, 1},
		"one usable on the last page": {progressing(numbered(0, 250), 7), Query{UsableOnly: true}, 1, 249, 1, false, 3},
		"one usable on the first":     {progressing(numbered(0, 250), 249), Query{UsableOnly: true}, 1, 249, 1, false, 3},
		"several pages with a tag":    {tagged(500), Query{Tags: map[string]*string{"env": nil}}, 100, 0, 100, true, 1},
	} {
		server := ecstest.Start(t, test.snapshots...)
		test.query.RegionID, test.query.Unique = testRegion, true
		result, err := newTestClient(t, server).List(t.Context(), test.query)
		if err != nil {
			t.Fatal(err)
		}
		if len(result.Snapshots) != test.listed || len(result.Unusable) != test.unusable || result.Count != test.count || result.AtLeast != test.atLeast {
			t.Errorf("%s: %d listed, %d unusable, %d counted, at least: %t", name, len(result.Snapshots), len(result.Unusable), result.Count, result.AtLeast)
		}
		if n := server.CallCount(ecstest.ActionDescribeSnapshots); n > test.calls {
			t.Errorf("%s: %d calls, want at most %d", name, n, test.calls)
		}
	}
}
