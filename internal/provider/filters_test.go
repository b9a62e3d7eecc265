package provider

import (
	"maps"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecs"
)

// The schema refuses these, unless they are unknown by then. Without the filter, the read
// would return too much.
func TestQueryOfBadValues(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]string{"name_regex": "a(b", "creation_start_time": "yesterday", "creation_end_time": "2026-05-01"} {
		var diags diag.Diagnostics
		newQuery(arguments{name: types.StringValue(value)}, "cn-hangzhou", path.Root, &diags)
		if len(diags) != 1 || diags[0].Summary() != "Invalid "+name {
			t.Errorf("%s: %v", name, diags)
		}
	}
}

func TestQuery(t *testing.T) {
	t.Parallel()
	set := func(ids ...string) types.Set {
		elements := []attr.Value{}
		for _, id := range ids {
			elements = append(elements, types.StringValue(id))
		}
		return types.SetValueMust(types.StringType, elements)
	}
	type testCase struct {
		filters arguments
		want    ecs.Query
	}
	tests := map[string]testCase{
		"nothing": {arguments{"disk_id": types.StringNull(), "snapshot_ids": types.SetNull(types.StringType), "tags": types.MapNull(types.StringType)}, ecs.Query{}},
		"texts": {
			arguments{
				"disk_id": types.StringValue("d"), "instance_id": types.StringValue("i"), "snapshot_link_id": types.StringValue("sl"),
				"snapshot_name": types.StringValue("n"), "snapshot_type": types.StringValue("user"), "status": types.StringValue("all"),
				"usage": types.StringValue("none"), "kms_key_id": types.StringValue("k"), "resource_group_id": types.StringValue("rg"),
			},
			ecs.Query{
				DiskID: "d", InstanceID: "i", SnapshotLinkID: "sl", SnapshotName: "n", SnapshotType: "user", Status: "all",
				Usage: "none", KMSKeyID: "k", ResourceGroupID: "rg",
			},
		},
		"any case": {
			arguments{"source_disk_type": types.StringValue("sYSTEM"), "category": types.StringValue("FLASH")},
			ecs.Query{SourceDiskType: "System", Category: "flash"},
		},
		"value that the schema refuses": {arguments{"status": types.StringValue("done")}, ecs.Query{Status: "done"}},
		"encrypted false":               {arguments{"encrypted": types.BoolValue(false)}, ecs.Query{Encrypted: new(false)}},
		"encrypted true":                {arguments{"encrypted": types.BoolValue(true)}, ecs.Query{Encrypted: new(true)}},
		"no ids":                        {arguments{"snapshot_ids": set()}, ecs.Query{SnapshotIDs: []string{}}},
		"ids":                           {arguments{"snapshot_ids": set("s-1", "s-2")}, ecs.Query{SnapshotIDs: []string{"s-1", "s-2"}}},
		"tags": {
			arguments{"tags": types.MapValueMust(types.StringType, map[string]attr.Value{
				"any": types.StringNull(), "empty": types.StringValue(""), "env": types.StringValue("prod"),
			})},
			ecs.Query{Tags: map[string]*string{"any": nil, "empty": new(""), "env": new("prod")}},
		},
		"regex": {arguments{"name_regex": types.StringValue("^a$")}, ecs.Query{NameRegex: regexp.MustCompile("^a$")}},
		"window": {
			arguments{"creation_start_time": types.StringValue("2026-05-01T08:00:30.5+08:00"), "creation_end_time": types.StringValue("2026-05-02T00:00:00Z")},
			ecs.Query{
				CreationStartTime: time.Date(2026, 5, 1, 0, 0, 30, 500_000_000, time.UTC),
				CreationEndTime:   time.Date(2026, 5, 2, 0, 0, 0, 0, time.UTC),
			},
		},
	}
	for _, f := range filters {
		if !slices.ContainsFunc(slices.Collect(maps.Values(tests)), func(test testCase) bool { return test.filters[f.name] != nil }) {
			t.Errorf("there is no row for the filter %s", f.name)
		}
	}
	sameRegex := cmp.Comparer(func(a, b *regexp.Regexp) bool {
		return a == b || a != nil && b != nil && a.String() == b.String()
	})
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var diags diag.Diagnostics
			got := newQuery(test.filters, "cn-hangzhou", path.Root, &diags)
			if diags.HasError() {
				t.Fatal(diags)
			}
			test.want.RegionID = "cn-hangzhou"
			if diff := cmp.Diff(test.want, got, sameRegex); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
