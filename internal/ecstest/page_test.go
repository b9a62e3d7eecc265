package ecstest_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

func all(ecstest.Snapshot) bool { return true }

func TestPageNumbers(t *testing.T) {
	t.Parallel()
	server := ecstest.Start(t, ecstest.Sample(25)...)
	want := idsOf(server.Snapshots(), all)
	c := newClient(t, server.URL)
	tests := []struct {
		params map[string]string
		want   []string
		size   int
	}{
		{p(), want[:10], 10},
		{p("PageNumber", "3"), want[20:], 10},
		{p("PageSize", "7", "PageNumber", "2"), want[7:14], 7},
		{p("PageSize", "100"), want, 100},
		{p("PageNumber", "4"), nil, 10},
	}
	for _, test := range tests {
		a := c.describe(test.params)
		if a.Total == nil || *a.Total != 25 || a.PageSize != test.size || a.Token != "" {
			t.Errorf("%v: %s", test.params, a.body)
		}
		if got := a.ids(); !slices.Equal(got, test.want) {
			t.Errorf("%v: %v, want %v", test.params, got, test.want)
		}
	}
}

func TestMaxResultsHasALeast(t *testing.T) {
	t.Parallel()
	server := ecstest.Start(t, ecstest.Sample(25)...)
	a := newClient(t, server.URL).describe(p("MaxResults", "3"))
	if len(a.ids()) != 10 || a.Token == "" || *a.Total != 0 {
		t.Error(a.body)
	}
}

// The official provider sends PageNumber, PageSize and MaxResults, and from the second call on a token and the next number
// beside them.
func TestMixedPagingStyles(t *testing.T) {
	t.Parallel()
	server := ecstest.Start(t, ecstest.Sample(25)...)
	want := idsOf(server.Snapshots(), all)
	c := newClient(t, server.URL)
	params := p("PageNumber", "1", "PageSize", "20", "MaxResults", "10")
	first := c.describe(params)
	if !slices.Equal(first.ids(), want[:10]) || first.Token == "" {
		t.Error(first.body)
	}
	params["PageNumber"], params["NextToken"] = "2", first.Token
	second := c.describe(params)
	if !slices.Equal(second.ids(), want[10:20]) || second.Token == "" {
		t.Error(second.body)
	}
	params["PageNumber"], params["NextToken"] = "99", second.Token
	if third := c.describe(params); !slices.Equal(third.ids(), want[20:]) || third.Token != "" {
		t.Error(third.body)
	}
}

func TestTokenBelongsToItsFilters(t *testing.T) {
	t.Parallel()
	server := ecstest.Start(t, ecstest.Sample(25)...)
	c := newClient(t, server.URL)
	token := c.describe(p("MaxResults", "10")).Token
	for _, test := range []struct {
		params map[string]string
		want   int
	}{
		{p("NextToken", token, "MaxResults", "20"), 200},
		{p("NextToken", token, "Status", "failed"), 400},
		{p("NextToken", token, "RegionId", "cn-beijing"), 400},
		{p("NextToken", token[:len(token)-3]+"abc"), 400},
	} {
		if a := c.describe(test.params); a.status != test.want {
			t.Errorf("%v: %d %s", test.params, a.status, a.body)
		}
	}
}

// Whatever is put and deleted between two pages, a walk by token gives every snapshot that was there throughout, once.
func TestTokenSurvivesChurn(t *testing.T) {
	t.Parallel()
	sample := ecstest.Sample(100)
	server := ecstest.Start(t, sample...)
	order := idsOf(server.Snapshots(), all)
	gone := []string{order[0], order[9], order[10], order[35], order[99]}
	server.Inject(ecstest.Churn(func(call int, s *ecstest.Service) {
		if call < 2 {
			return
		}
		s.Delete(gone[:min(call-1, len(gone))]...)
		late := ecstest.Sample(100 + call)[100+call-1]
		early := ecstest.Snapshot{SnapshotID: fmt.Sprint("s-early", call), CreationTime: "2020-01-01T00:00:00Z"}
		s.Put(late, early)
		for _, snapshot := range sample { // What was not cut yet is cut now.
			if snapshot.CreationTime == "" && !slices.Contains(gone, snapshot.SnapshotID) {
				snapshot.CreationTime = "2023-01-01T00:00:00Z"
				s.Put(snapshot)
			}
		}
	}))
	ids := newClient(t, server.URL).byToken(p("MaxResults", "10"))
	seen := map[string]int{}
	for _, id := range ids {
		seen[id]++
	}
	for _, id := range order {
		if n := seen[id]; n > 1 || n == 0 && !slices.Contains(gone, id) {
			t.Errorf("%s came %d times", id, n)
		}
	}
}

func TestOrders(t *testing.T) {
	t.Parallel()
	server := ecstest.Start(t, ecstest.Sample(80)...)
	stored := server.Snapshots()
	want := idsOf(stored, all)
	c := newClient(t, server.URL)
	page := func() []string { return c.describe(p("PageSize", "100")).ids() }

	if diff := cmp.Diff(want, page()); diff != "" {
		t.Error(diff)
	}
	server.SetOrder(ecstest.ShuffleAll(1))
	first, second := page(), page()
	if slices.Equal(first, want) || slices.Equal(first, second) {
		t.Error("not shuffled")
	}
	slices.Sort(first)
	if diff := cmp.Diff(slices.Sorted(slices.Values(want)), first); diff != "" {
		t.Error(diff)
	}

	server.SetOrder(ecstest.ShuffleTies(1))
	created := map[string]string{}
	for _, s := range stored {
		created[s.SnapshotID] = s.CreationTime
	}
	changed := false
	for range 5 {
		got := page()
		changed = changed || !slices.Equal(got, want)
		for i := range got {
			if created[got[i]] != created[want[i]] {
				t.Fatalf("%s is out of order", got[i])
			}
		}
	}
	if !changed {
		t.Error("ties are not shuffled")
	}
	if got := c.byToken(p("MaxResults", "10")); len(got) != 80 {
		t.Errorf("%d by token", len(got))
	}
}
