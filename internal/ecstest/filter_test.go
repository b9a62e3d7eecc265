package ecstest_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// byNumber walks all pages of the page style.
func (c *client) byNumber(params map[string]string) []string {
	c.tb.Helper()
	ids := []string{}
	for page := 1; ; page++ {
		all := p("PageNumber", fmt.Sprint(page), "PageSize", "100")
		maps.Copy(all, params)
		a := c.describe(all)
		if a.status != 200 || a.Total == nil {
			c.tb.Fatalf("page %d: %d %s", page, a.status, a.body)
		}
		ids = append(ids, a.ids()...)
		if page*100 >= *a.Total {
			return ids
		}
	}
}

// byToken walks all pages of the token style.
func (c *client) byToken(params map[string]string) []string {
	c.tb.Helper()
	ids, token := []string{}, ""
	for {
		all := p("MaxResults", "100", "NextToken", token)
		maps.Copy(all, params)
		a := c.describe(all)
		if a.status != 200 {
			c.tb.Fatalf("token %q: %d %s", token, a.status, a.body)
		}
		ids = append(ids, a.ids()...)
		if token = a.Token; token == "" {
			return ids
		}
	}
}

// idsOf are the ids of the snapshots that a filter keeps.
func idsOf(snapshots []ecstest.Snapshot, keep func(ecstest.Snapshot) bool) []string {
	ids := []string{}
	for _, s := range snapshots {
		if keep(s) {
			ids = append(ids, s.SnapshotID)
		}
	}
	return ids
}

func hasTag(s ecstest.Snapshot, key, value string) bool {
	return slices.Contains(s.Tags, ecstest.Tag{Key: key, Value: value})
}

func TestFilters(t *testing.T) {
	t.Parallel()
	sample := ecstest.Sample(300)
	type snapshot = ecstest.Snapshot
	tests := []struct {
		name   string
		params map[string]string
		keep   func(snapshot) bool
	}{
		{"none", p(), func(snapshot) bool { return true }},
		{"empty ones", p("DiskId", "", "Status", "", "SnapshotIds", ""), func(snapshot) bool { return true }},
		{"disk", p("DiskId", "d-bp1sampledisk03"), func(s snapshot) bool { return s.SourceDiskID == "d-bp1sampledisk03" }},
		{"instance", p("InstanceId", "i-bp1sampleinstance02"), func(s snapshot) bool { return s.InstanceID == "i-bp1sampleinstance02" }},
		{"link", p("SnapshotLinkId", "sl-bp1samplelink07"), func(s snapshot) bool { return s.SnapshotLinkID == "sl-bp1samplelink07" }},
		{"name", p("SnapshotName", "before-upgrade"), func(s snapshot) bool { return s.SnapshotName == "before-upgrade" }},
		{"key", p("KMSKeyId", "0e478b7a-4262-4802-b8cb-00d3fb408206"), func(s snapshot) bool { return strings.HasSuffix(s.KMSKeyID, "06") }},
		{"group", p("ResourceGroupId", "rg-aek2sampleprod"), func(s snapshot) bool { return s.ResourceGroupID == "rg-aek2sampleprod" }},
		{"ids", p("SnapshotIds", `["`+sample[7].SnapshotID+`","s-unknown"]`), func(s snapshot) bool { return s.SnapshotID == sample[7].SnapshotID }},
		{"unknown ids", p("SnapshotIds", `["s-unknown"]`), func(snapshot) bool { return false }},
		{"status", p("Status", "failed"), func(s snapshot) bool { return s.Status == "failed" }},
		{"every status", p("Status", "all"), func(snapshot) bool { return true }},
		{"automatic", p("SnapshotType", "auto"), func(s snapshot) bool { return s.SnapshotType != "user" }},
		{"by hand", p("SnapshotType", "user"), func(s snapshot) bool { return s.SnapshotType == "user" }},
		{"every type", p("SnapshotType", "all"), func(snapshot) bool { return true }},
		{"usage", p("Usage", "image_disk"), func(s snapshot) bool { return s.Usage == "image_disk" }},
		{"system disk", p("SourceDiskType", "System"), func(s snapshot) bool { return strings.EqualFold(s.SourceDiskType, "system") }},
		{"system disk in lower case", p("SourceDiskType", "system"), func(s snapshot) bool { return strings.EqualFold(s.SourceDiskType, "system") }},
		{"category as replies write it", p("Category", "Standard"), func(s snapshot) bool { return s.Category == "standard" }},
		{"category", p("Category", "archive"), func(s snapshot) bool { return s.Category == "archive" }},
		{"encrypted", p("Encrypted", "true"), func(s snapshot) bool { return s.Encrypted }},
		{"encrypted false", p("Encrypted", "false"), func(snapshot) bool { return true }},
		{"tag", p("Tag.1.Key", "env", "Tag.1.Value", "prod"), func(s snapshot) bool { return hasTag(s, "env", "prod") }},
		{
			"tag of any value", p("Tag.3.Key", "team"),
			func(s snapshot) bool {
				return slices.ContainsFunc(s.Tags, func(t ecstest.Tag) bool { return t.Key == "team" })
			},
		},
		{"tag of empty value", p("Tag.1.Key", "env", "Tag.1.Value", ""), func(snapshot) bool { return false }},
		{
			"all together",
			p("Tag.1.Key", "env", "Tag.1.Value", "prod", "Tag.2.Key", "team", "Tag.2.Value", "数据", "Status", "accomplished", "SourceDiskType", "Data"),
			func(s snapshot) bool {
				return hasTag(s, "env", "prod") && hasTag(s, "team", "数据") && s.Status == "accomplished" && strings.EqualFold(s.SourceDiskType, "data")
			},
		},
		{"another region", p("RegionId", "eu-central-1"), func(snapshot) bool { return false }},
	}
	server := ecstest.Start(t, sample...)
	stored := server.Snapshots()
	c := newClient(t, server.URL)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			want := idsOf(stored, test.keep)
			if diff := cmp.Diff(want, c.byNumber(test.params)); diff != "" {
				t.Errorf("by number: %s", diff)
			}
			if diff := cmp.Diff(want, c.byToken(test.params)); diff != "" {
				t.Errorf("by token: %s", diff)
			}
		})
	}
}

func TestTimeBounds(t *testing.T) {
	t.Parallel()
	var snapshots []ecstest.Snapshot
	for _, created := range []string{"", "2024-05-01T10:04:59Z", "2024-05-01T10:05Z", "2024-05-01T10:05:30Z", "2024-05-01T10:06:00Z"} {
		snapshots = append(snapshots, ecstest.Snapshot{SnapshotID: "s-" + created, CreationTime: created})
	}
	start := p("Filter.1.Key", "CreationStartTime", "Filter.1.Value", "2024-05-01T10:05Z")
	end := p("Filter.2.Key", "CreationEndTime", "Filter.2.Value", "2024-05-01T10:05:59Z")
	tests := []struct {
		name   string
		bound  ecstest.Bound
		params map[string]string
		want   []string
	}{
		{"inclusive start", ecstest.Inclusive, start, []string{"s-2024-05-01T10:06:00Z", "s-2024-05-01T10:05:30Z", "s-2024-05-01T10:05Z"}},
		{"exclusive start", ecstest.Exclusive, start, []string{"s-2024-05-01T10:06:00Z"}},
		{"inclusive end", ecstest.Inclusive, end, []string{"s-2024-05-01T10:05:30Z", "s-2024-05-01T10:05Z", "s-2024-05-01T10:04:59Z"}},
		{"exclusive end", ecstest.Exclusive, end, []string{"s-2024-05-01T10:04:59Z"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := ecstest.Start(t, snapshots...)
			server.SetTimeBounds(test.bound, test.bound)
			if diff := cmp.Diff(test.want, newClient(t, server.URL).describe(test.params).ids()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The ceiling cuts what has the tag before any other filter looks at it.
func TestResourceCeiling(t *testing.T) {
	t.Parallel()
	var snapshots []ecstest.Snapshot
	for i := range 1200 {
		s := ecstest.Snapshot{
			SnapshotID: fmt.Sprintf("s-%04d", i), Status: "accomplished", ResourceGroupID: "rg",
			CreationTime: time.Date(2024, 1, 1, 0, i, 0, 0, time.UTC).Format(time.RFC3339),
			Tags:         []ecstest.Tag{{Key: "a", Value: "b"}},
		}
		if i < 300 {
			s.Status = "failed"
		}
		snapshots = append(snapshots, s)
	}
	server := ecstest.Start(t, snapshots...)
	c := newClient(t, server.URL)
	tag, group, failed := p("Tag.1.Key", "a"), p("ResourceGroupId", "rg"), p("Tag.1.Key", "a", "Status", "failed")
	check := func(params map[string]string, want int) {
		t.Helper()
		if a := c.describe(params); a.Total == nil || *a.Total != want {
			t.Errorf("%v: %s", params, a.body)
		}
	}
	check(p(), 1200)
	check(tag, 1000)
	check(group, 1000)
	check(failed, 100)
	server.SetResourceCeiling(0)
	check(tag, 1200)
	check(failed, 300)
}

func TestDefaultResourceGroup(t *testing.T) {
	t.Parallel()
	server := ecstest.Start(t,
		ecstest.Snapshot{SnapshotID: "s-asked", ResourceGroupID: "rg-asked"},
		ecstest.Snapshot{SnapshotID: "s-default", ResourceGroupID: "rg-default"},
		ecstest.Snapshot{SnapshotID: "s-none"},
		ecstest.Snapshot{SnapshotID: "s-other", ResourceGroupID: "rg-other"},
	)
	c := newClient(t, server.URL)
	for _, test := range []struct {
		defaultGroup string
		want         []string
	}{
		{"", []string{"s-asked"}},
		{"rg-default", []string{"s-asked", "s-default"}},
		{"", []string{"s-asked"}},
	} {
		server.SetDefaultResourceGroup(test.defaultGroup)
		if diff := cmp.Diff(test.want, c.describe(p("ResourceGroupId", "rg-asked")).ids()); diff != "" {
			t.Errorf("default group %q: %s", test.defaultGroup, diff)
		}
	}
}

// What was found for a filter is forgotten as soon as anything changes that decides what it finds.
func TestChangesAreSeenAtOnce(t *testing.T) {
	t.Parallel()
	const from, to = "2024-05-01T10:05Z", "2024-05-01T10:06Z"
	server := ecstest.Start(t, ecstest.Snapshot{SnapshotID: "s-1", CreationTime: from, Tags: []ecstest.Tag{{Key: "a"}}})
	c := newClient(t, server.URL)
	params := p("Tag.1.Key", "a", "Filter.1.Key", "CreationStartTime", "Filter.1.Value", from, "Filter.2.Key", "CreationEndTime", "Filter.2.Value", to)
	check := func(want ...string) {
		t.Helper()
		for range 2 {
			if diff := cmp.Diff(want, c.describe(params).ids()); diff != "" {
				t.Error(diff)
			}
		}
	}
	check("s-1")
	server.Put(ecstest.Snapshot{SnapshotID: "s-2", CreationTime: from, Tags: []ecstest.Tag{{Key: "a"}}})
	check("s-1", "s-2")
	server.SetResourceCeiling(1)
	check("s-1")
	server.SetResourceCeiling(0)
	server.Delete("s-1")
	check("s-2")
	server.Put(ecstest.Snapshot{SnapshotID: "s-2", CreationTime: to, Tags: []ecstest.Tag{{Key: "a"}}})
	check([]string{}...)
	server.SetTimeBounds(ecstest.Inclusive, ecstest.Inclusive)
	check("s-2")
}
