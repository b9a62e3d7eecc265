package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// The data source of one snapshot: which one it takes, and what it says where it can't.
func TestOneSnapshot(t *testing.T) {
	t.Parallel()
	nightly := func(n int) []ecstest.Snapshot { // s-1 is the newest.
		var snapshots []ecstest.Snapshot
		for i := range n {
			s := complete(fmt.Sprintf("s-%d", i+1), "d-1", fmt.Sprintf("2026-05-%02dT02:00:00Z", 31-i))
			s.SnapshotName, s.Tags = "nightly", []ecstest.Tag{{Key: "env", Value: "prod"}}
			snapshots = append(snapshots, s)
		}
		return snapshots
	}
	progressing := complete("s-new", "d-1", "2026-06-02T00:00:00Z")
	progressing.Status, progressing.Progress = "progressing", "45%"
	instant := complete("s-instant", "d-1", "2026-06-01T00:00:00Z")
	instant.Status, instant.Progress, instant.Available = "progressing", "10%", new(true)
	failed := complete("s-failed", "d-1", "2026-06-03T00:00:00Z")
	failed.Status, failed.Available = "failed", new(true)
	unavailable := complete("s-gone", "d-1", "2026-06-04T00:00:00Z")
	unavailable.Available = new(false)
	unusable := []ecstest.Snapshot{progressing, failed, unavailable}

	tests := map[string]struct {
		snapshots []ecstest.Snapshot
		config    object
		want      string
		at        string
		err       []string
		not       string
	}{
		"one":                         {snapshots: nightly(1), want: "s-1"},
		"several, the newest":         {snapshots: nightly(7), config: object{"most_recent": true}, want: "s-1"},
		"unusable ones are no rivals": {snapshots: append(nightly(1), unusable...), want: "s-1"},
		"usable while it progresses":  {snapshots: append(nightly(3), instant), config: object{"most_recent": true}, want: "s-instant"},
		"complete ones for an image": {
			snapshots: append(nightly(3), instant, unavailable), config: object{"most_recent": true, "filter": object{"status": "accomplished"}}, want: "s-1",
		},
		"a status takes any":         {snapshots: append(nightly(3), progressing), config: object{"filter": object{"status": "progressing"}}, want: "s-new"},
		"a status takes unavailable": {snapshots: unusable, config: object{"most_recent": true, "filter": object{"status": "all"}}, want: "s-gone"},

		"several": {
			snapshots: nightly(7), config: object{"filter": object{"status": "accomplished", "tags": map[string]any{"env": "prod"}}},
			at: at("most_recent"),
			err: []string{
				"7 usable snapshots in cn-hangzhou match", "status, tags", `- s-1 "nightly" created 2026-05-31T02:00:00Z`,
				"- s-5 ", "and 2 more", "most_recent = true", "for example by disk_id, tags or snapshot_name",
			},
			not: "s-6",
		},
		"as many as are named": {snapshots: nightly(5), at: at("most_recent"), err: []string{"5 usable snapshots", "(no filter is set)", "- s-5 "}, not: "more\n"},
		"more than a page":     {snapshots: nightly31(250), at: at("most_recent"), err: []string{"usable snapshots in cn-hangzhou match", "and "}},
		"several by name_regex": {
			snapshots: nightly(2), config: object{"filter": object{"name_regex": "^n"}}, at: at("most_recent"), err: []string{"for example by disk_id, tags or snapshot_name."},
		},
		"several by all of them": {
			snapshots: nightly(2), config: object{"filter": object{"disk_id": "d-1", "tags": map[string]any{"env": nil}, "snapshot_name": "nightly"}},
			at: at("most_recent"), err: []string{"2 usable snapshots", "(disk_id, snapshot_name, tags)", "or narrow the filter,"},
		},
		"several of any status": {
			snapshots: nightly(2), config: object{"filter": object{"status": "all"}}, at: at("most_recent"), err: []string{"2 snapshots in"}, not: "usable",
		},

		"none": {
			config: object{"filter": object{"disk_id": "d-1", "name_regex": "^x", "snapshot_ids": []string{"s-1", "s-2"}, "encrypted": false}},
			at:     at("filter"),
			err: []string{
				"No Snapshot Found", "No usable snapshot in cn-hangzhou matches the filters: disk_id, snapshot_ids, name_regex, encrypted.", "latest is null then",
			},
		},
		"none at all":               {at: at("filter"), err: []string{"No Snapshot Found", "cn-hangzhou has no usable snapshots."}},
		"none at all of any status": {config: object{"filter": object{"status": "failed"}}, at: at("filter"), err: []string{`No snapshot in cn-hangzhou matches the filters: status.`}},
		"none usable": {
			snapshots: unusable, config: object{"filter": object{"disk_id": "d-1"}}, at: at("filter"),
			err: []string{
				"No Usable Snapshot Found", "matches the filters: disk_id", "can't be used", "s-new created 2026-06-02T00:00:00Z: status progressing, progress 45 %",
				"s-failed created 2026-06-03T00:00:00Z: status failed", "s-gone created 2026-06-04T00:00:00Z: status accomplished, not available", "filter.status",
			},
		},
		"none complete": {
			snapshots: []ecstest.Snapshot{unavailable, instant}, config: object{"filter": object{"status": "accomplished"}}, at: at("filter"),
			err: []string{"No Usable Snapshot Found", "s-gone created 2026-06-04T00:00:00Z: status accomplished, not available"}, not: "s-instant",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newServiceHarness(t, ecstest.Start(t, test.snapshots...))
			state, diags := h.read(t.Context(), "aliyun_ecs_snapshot", test.config)
			if test.err == nil {
				wantNoErrors(t, diags)
				if got := textOf(t, state["snapshot_id"]); got != test.want {
					t.Errorf("got %s, want %s", got, test.want)
				}
				return
			}
			wantOne(t, diags, test.at, test.err...)
			if text := printed(diags); test.not != "" && strings.Contains(text, test.not) {
				t.Errorf("the error has %q:\n%s", test.not, text)
			}
		})
	}
}

// nightly31 is complete snapshots of which the newest are first.
func nightly31(n int) []ecstest.Snapshot {
	var snapshots []ecstest.Snapshot
	for i := range n {
		snapshots = append(snapshots, complete(fmt.Sprintf("s-%03d", i), "d-1", fmt.Sprintf("%d-05-01T00:00:00Z", 2026-i)))
	}
	return snapshots
}

// The newest needs no whole history, nor does it to know that there are several.
func TestOneSnapshotOfALongHistory(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]object{"most_recent": {"most_recent": true}, "unique": {}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := ecstest.Start(t, nightly31(1500)...)
			newServiceHarness(t, service).read(t.Context(), "aliyun_ecs_snapshot", config)
			if n := service.CallCount(ecstest.ActionDescribeSnapshots); n > 2 {
				t.Errorf("%d calls, want 2 at most", n)
			}
		})
	}
}

// Messages name filters, and show only values of a fixed set: a provider can't see which
// values are sensitive.
func TestMessagesShowNoFreeText(t *testing.T) {
	t.Parallel()
	const secret = "hunter2-hunter2"
	filter := object{
		"disk_id": secret, "instance_id": secret, "snapshot_ids": []string{secret}, "snapshot_link_id": secret, "snapshot_name": secret, "name_regex": secret,
		"snapshot_type": "user", "source_disk_type": "data", "status": "all", "usage": "none", "category": "flash", "encrypted": true,
		"kms_key_id": secret, "resource_group_id": secret, "tags": map[string]any{secret: secret}, "creation_start_time": "2026-05-01T00:00:00Z",
		"creation_end_time": "2026-05-02T00:00:00Z",
	}
	named := complete("s-1", "d-1", "2026-05-01T00:00:00Z")
	named.SnapshotName, named.SnapshotLinkID = secret, secret
	other := complete("s-2", "d-1", "2026-05-02T00:00:00Z")
	other.SnapshotName = secret
	service := ecstest.Start(t, named, other)
	h := newServiceHarness(t, service)
	for name, filter := range map[string]object{"none": filter, "several": {"snapshot_name": secret}} {
		_, diags := h.read(t.Context(), "aliyun_ecs_snapshot", object{"filter": filter})
		text := printed(diags)
		if len(diags) != 1 || strings.Contains(text, secret) {
			t.Errorf("%s: a value can be seen in:\n%s", name, text)
		}
		for argument := range filter {
			if !strings.Contains(text, argument) {
				t.Errorf("%s: %s isn't named in:\n%s", name, argument, text)
			}
		}
	}
	for _, f := range filters {
		if filter[f.name] == nil {
			t.Errorf("the filter %s is missing here", f.name)
		}
	}
}

// A message stays a message, whatever the API names a snapshot.
func TestLongNamesAreCut(t *testing.T) {
	t.Parallel()
	long := complete("s-"+strings.Repeat("x", 10_000), "d-1", "2026-05-01T00:00:00Z")
	service := ecstest.Start(t, long, complete("s-2", "d-1", "2026-05-02T00:00:00Z"))
	_, diags := newServiceHarness(t, service).read(t.Context(), "aliyun_ecs_snapshot", object{})
	if text := printed(diags); !strings.Contains(text, "  - s-xxx") || len(text) > 5000 {
		t.Errorf("the message has %d bytes:\n%.1000s", len(text), text)
	}
}
