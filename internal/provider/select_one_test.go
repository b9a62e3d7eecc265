package provider

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecs"
)

func TestSelectOne(t *testing.T) {
	t.Parallel()
	usable := func(n int) []ecs.Snapshot {
		var snapshots []ecs.Snapshot
		for i := range n {
			snapshots = append(snapshots, ecs.Snapshot{
				SnapshotID: ecs.Text(fmt.Sprintf("s-%d", i+1)), SnapshotName: "nightly", Status: "accomplished",
				CreationTime: ecs.Time{Time: time.Date(2026, 5, 31-i, 2, 0, 0, 0, time.UTC)},
			})
		}
		return snapshots
	}
	progressing := ecs.Snapshot{SnapshotID: "s-new", Status: "progressing", Progress: ecs.Int{Value: 45, Valid: true}}
	failed := ecs.Snapshot{SnapshotID: "s-failed", Status: "failed"}
	unavailable := ecs.Snapshot{SnapshotID: "s-gone", Status: "accomplished", Available: ecs.Bool{Valid: true}}

	tests := map[string]struct {
		matching   []ecs.Snapshot
		query      ecs.Query
		mostRecent bool
		want       string
		err        []string
		not        string
	}{
		"one":                         {matching: usable(1), want: "s-1"},
		"several, the newest":         {matching: usable(7), mostRecent: true, want: "s-1"},
		"unusable ones are no rivals": {matching: append([]ecs.Snapshot{progressing, failed, unavailable}, usable(1)...), want: "s-1"},
		"a status takes any":          {matching: []ecs.Snapshot{progressing}, query: ecs.Query{Status: "progressing"}, want: "s-new"},
		"a status takes unavailable":  {matching: []ecs.Snapshot{unavailable}, query: ecs.Query{Status: "all"}, want: "s-gone"},
		"several": {
			matching: usable(7), query: ecs.Query{Status: "accomplished", Tags: map[string]*string{"env": new("prod")}},
			err: []string{
				"7 snapshots in cn-hangzhou match", `status = "accomplished"`, `tags.env = "prod"`, `- s-1 "nightly" created 2026-05-31T02:00:00Z`,
				"- s-5 ", "and 2 more", "most_recent = true", "for example by disk_id, snapshot_name",
			},
			not: "s-6",
		},
		"as many as are named":  {matching: usable(5), err: []string{"5 snapshots", "- s-5 "}, not: "more\n"},
		"several by name_regex": {matching: usable(2), query: ecs.Query{NameRegex: regexp.MustCompile("^n")}, err: []string{"for example by disk_id, tags."}},
		"several by all of them": {
			matching: usable(2), query: ecs.Query{DiskID: "d-1", Tags: map[string]*string{"env": nil}, SnapshotName: "nightly"},
			err: []string{"or narrow the filter."},
		},
		"two": {matching: usable(2), query: ecs.Query{DiskID: "d-1"}, err: []string{"2 snapshots", `disk_id = "d-1"`, "tags, snapshot_name"}, not: "more"},
		"none": {
			query: ecs.Query{DiskID: "d-1", NameRegex: regexp.MustCompile("^x"), SnapshotIDs: []string{"s-1", "s-2"}, Encrypted: new(false)},
			err: []string{
				"No snapshot in cn-hangzhou matches", `disk_id = "d-1"`, `name_regex = "^x"`, "snapshot_ids with 2 ids", "encrypted = false",
				"latest is null then",
			},
		},
		"none at all": {err: []string{"No snapshot in cn-hangzhou matches (no filter is set)."}},
		"every filter": {
			query: ecs.Query{
				DiskID: "d", InstanceID: "i", SnapshotIDs: []string{"s"}, SnapshotLinkID: "sl", SnapshotName: "n", NameRegex: regexp.MustCompile("x"),
				SnapshotType: "user", SourceDiskType: "Data", Status: "failed", Usage: "none", Category: "flash", Encrypted: new(true), KMSKeyID: "k",
				ResourceGroupID: "rg", Tags: map[string]*string{"env": new("prod"), "team": nil},
				CreatedFrom: time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC), CreatedTo: time.Date(2026, 5, 2, 0, 0, 0, 0, time.UTC),
			},
			err: []string{
				`disk_id = "d", instance_id = "i", snapshot_ids with 1 id, snapshot_link_id = "sl", snapshot_name = "n", name_regex = "x", ` +
					`snapshot_type = "user", source_disk_type = "Data", status = "failed", usage = "none", category = "flash", encrypted = true, ` +
					`kms_key_id = "k", resource_group_id = "rg", tags.env = "prod", tags.team with any value, ` +
					`creation_start_time = "2026-05-01T00:00:00Z", creation_end_time = "2026-05-02T00:00:00Z"`,
			},
		},
		"none usable": {
			matching: []ecs.Snapshot{progressing, failed, unavailable},
			err: []string{
				"No Usable Snapshot Found", "3 snapshots were found in cn-hangzhou", `s-new "": status progressing, progress 45 %`,
				"status failed", "complete, but available = false", "filter.status",
			},
		},
		"one unusable": {matching: []ecs.Snapshot{failed}, err: []string{"1 snapshot was found"}},
	}
	for name := range filterAttributes() { // None is forgotten.
		if !strings.Contains(tests["every filter"].err[0], name) {
			t.Errorf("%s is not named", name)
		}
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.query.RegionID = "cn-hangzhou"
			got, diagnostic := selectOne(test.matching, test.query, test.mostRecent)
			if diagnostic == nil {
				if test.err != nil || string(got.SnapshotID) != test.want {
					t.Fatalf("got %s, want %q and errors %q", got.SnapshotID, test.want, test.err)
				}
				return
			}
			text := diagnostic.Summary() + "\n" + diagnostic.Detail()
			if test.err == nil {
				t.Fatalf("unexpected error:\n%s", text)
			}
			for _, part := range test.err {
				if !strings.Contains(text, part) {
					t.Errorf("the error lacks %q:\n%s", part, text)
				}
			}
			if test.not != "" && strings.Contains(text, test.not) {
				t.Errorf("the error has %q:\n%s", test.not, text)
			}
		})
	}
}
