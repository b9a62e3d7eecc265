package ecstest_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

func TestRefusedPageNumbers(t *testing.T) {
	t.Parallel()
	refusal := ecstest.RefusePageNumbers(403, "UnsupportedParameter", "PageNumber and PageSize are gone.")
	tests := []struct {
		name   string
		fault  ecstest.Fault
		served int // Pages by number.
	}{
		{"from the first on", refusal, 0},
		{"from the second on", ecstest.FromPage(2, refusal), 1},
		{"from the third on", ecstest.FromPage(3, refusal), 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := ecstest.Start(t, ecstest.Sample(45)...)
			server.Inject(test.fault)
			c := newClient(t, server.URL)
			for page := 1; page <= 5; page++ {
				a := c.describe(p("PageNumber", fmt.Sprint(page)))
				if page <= test.served && a.status != 200 || page > test.served && (a.status != 403 || a.Code != "UnsupportedParameter") {
					t.Errorf("page %d: %d %s", page, a.status, a.body)
				}
			}
			if got := c.byToken(nil); !slices.Equal(got, idsOf(server.Snapshots(), all)) {
				t.Errorf("by token: %v", got)
			}
		})
	}
}

func TestRefusedTimeFilters(t *testing.T) {
	t.Parallel()
	server := ecstest.Start(t, ecstest.Sample(3)...)
	server.Inject(ecstest.RefuseTimeFilters())
	c := newClient(t, server.URL)
	for _, filter := range []map[string]string{
		p("Filter.1.Key", "CreationStartTime", "Filter.1.Value", "2024-01-01T00:00Z"),
		p("Filter.2.Key", "CreationEndTime", "Filter.2.Value", "2034-01-01T00:00Z"),
	} {
		if a := c.describe(filter); a.status != 404 || a.Code != "InvalidFilterKey.NotFound" {
			t.Errorf("%v: %d %s", filter, a.status, a.body)
		}
	}
	if a := c.describe(nil); a.status != 200 {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestIgnoredParameters(t *testing.T) {
	t.Parallel()
	sample := ecstest.Sample(45)
	params := p(
		"DiskId", sample[0].SourceDiskID, "Tag.1.Key", "env", "Tag.1.Value", "prod",
		"Filter.1.Key", "CreationStartTime", "Filter.1.Value", "2024-01-01T05:00Z",
	)
	disk := func(s ecstest.Snapshot) bool { return s.SourceDiskID == sample[0].SourceDiskID }
	tag := func(s ecstest.Snapshot) bool { return hasTag(s, "env", "prod") }
	late := func(s ecstest.Snapshot) bool { return s.CreationTime >= "2024-01-01T05:00" }
	tests := []struct {
		ignored []string
		keep    func(ecstest.Snapshot) bool
	}{
		{nil, func(s ecstest.Snapshot) bool { return disk(s) && tag(s) && late(s) }},
		{[]string{"DiskId", "Tag.1"}, late},
		{[]string{"Tag", "Filter"}, disk},
		{[]string{"DiskId", "Tag", "Filter"}, all},
	}
	for _, test := range tests {
		server := ecstest.Start(t, sample...)
		server.Inject(ecstest.IgnoreParameters(test.ignored...))
		c := newClient(t, server.URL)
		want := idsOf(server.Snapshots(), test.keep)
		if diff := cmp.Diff(want, c.byNumber(params)); diff != "" {
			t.Errorf("%v by number: %s", test.ignored, diff)
		}
		if diff := cmp.Diff(want, c.byToken(params)); diff != "" {
			t.Errorf("%v by token: %s", test.ignored, diff)
		}
	}
}

func TestPageCap(t *testing.T) {
	t.Parallel()
	server := ecstest.Start(t, ecstest.Sample(45)...)
	server.Inject(ecstest.PageCap(20))
	want := idsOf(server.Snapshots(), all)
	c := newClient(t, server.URL)
	for _, test := range []struct {
		params map[string]string
		size   int
		want   []string
	}{
		{p("PageSize", "100"), 20, want[:20]},
		{p("PageSize", "100", "PageNumber", "3"), 20, want[40:]},
		{p("PageSize", "15", "PageNumber", "2"), 15, want[15:30]},
		{p("MaxResults", "100"), 0, want[:20]},
	} {
		a := c.describe(test.params)
		if !slices.Equal(a.ids(), test.want) || a.PageSize != test.size {
			t.Errorf("%v: %s", test.params, a.body)
		}
	}
	if got := c.byToken(nil); !slices.Equal(got, want) {
		t.Errorf("by token: %v", got)
	}
}
