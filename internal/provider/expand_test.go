package provider

import (
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecs"
)

// The schema refuses it, where it is known by then.
func TestExpandBadRegex(t *testing.T) {
	t.Parallel()
	if _, diags := expand(t.Context(), filterModel{NameRegex: types.StringValue("a(b")}, "cn-hangzhou"); !diags.HasError() {
		t.Error("no error")
	}
}

func TestExpand(t *testing.T) {
	t.Parallel()
	set := func(ids ...string) types.Set {
		elements := []attr.Value{}
		for _, id := range ids {
			elements = append(elements, types.StringValue(id))
		}
		return types.SetValueMust(types.StringType, elements)
	}
	instant := timetypes.NewRFC3339ValueMust("2026-05-01T08:00:30.5+08:00")
	tests := map[string]struct {
		model filterModel
		want  ecs.Query
	}{
		"nothing": {filterModel{}, ecs.Query{}},
		"texts": {
			filterModel{
				DiskID: types.StringValue("d"), InstanceID: types.StringValue("i"), SnapshotLinkID: types.StringValue("sl"),
				SnapshotName: types.StringValue("n"), SnapshotType: types.StringValue("user"), Status: types.StringValue("all"),
				Usage: types.StringValue("none"), KMSKeyID: types.StringValue("k"), ResourceGroupID: types.StringValue("rg"),
			},
			ecs.Query{
				DiskID: "d", InstanceID: "i", SnapshotLinkID: "sl", SnapshotName: "n", SnapshotType: "user", Status: "all",
				Usage: "none", KMSKeyID: "k", ResourceGroupID: "rg",
			},
		},
		"any case": {
			filterModel{SourceDiskType: types.StringValue("sYSTEM"), Category: types.StringValue("FLASH")},
			ecs.Query{SourceDiskType: "System", Category: "flash"},
		},
		"encrypted false": {filterModel{Encrypted: types.BoolValue(false)}, ecs.Query{Encrypted: new(false)}},
		"encrypted true":  {filterModel{Encrypted: types.BoolValue(true)}, ecs.Query{Encrypted: new(true)}},
		"no ids":          {filterModel{SnapshotIDs: set()}, ecs.Query{SnapshotIDs: []string{}}},
		"ids":             {filterModel{SnapshotIDs: set("s-1", "s-2")}, ecs.Query{SnapshotIDs: []string{"s-1", "s-2"}}},
		"tags": {
			filterModel{Tags: types.MapValueMust(types.StringType, map[string]attr.Value{
				"any": types.StringNull(), "empty": types.StringValue(""), "env": types.StringValue("prod"),
			})},
			ecs.Query{Tags: map[string]*string{"any": nil, "empty": new(""), "env": new("prod")}},
		},
		"regex": {filterModel{NameRegex: types.StringValue("^a$")}, ecs.Query{NameRegex: regexp.MustCompile("^a$")}},
		"window": {
			filterModel{CreationStartTime: instant, CreationEndTime: instant},
			ecs.Query{
				CreatedFrom: time.Date(2026, 5, 1, 0, 0, 30, 500_000_000, time.UTC),
				CreatedTo:   time.Date(2026, 5, 1, 0, 0, 30, 500_000_000, time.UTC),
			},
		},
	}
	sameRegex := cmp.Comparer(func(a, b *regexp.Regexp) bool {
		return a == b || a != nil && b != nil && a.String() == b.String()
	})
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, diags := expand(t.Context(), test.model, "cn-hangzhou")
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
