package provider

import (
	"encoding/json"
	"math/big"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecs"
)

// plain is a value as Go and JSON know it: nil for null.
func plain(t *testing.T, value tftypes.Value) any {
	t.Helper()
	if value.IsNull() {
		return nil
	}
	switch value.Type().(type) {
	case tftypes.Object, tftypes.Map:
		result := map[string]any{}
		for name, member := range members(t, value) {
			result[name] = plain(t, member)
		}
		return result
	case tftypes.List:
		var elements []tftypes.Value
		if err := value.As(&elements); err != nil {
			t.Fatal(err)
		}
		result := []any{}
		for _, element := range elements {
			result = append(result, plain(t, element))
		}
		return result
	}
	var (
		text   string
		truth  bool
		number big.Float
	)
	switch {
	case value.As(&text) == nil:
		return text
	case value.As(&truth) == nil:
		return truth
	}
	if err := value.As(&number); err != nil {
		t.Fatal(err)
	}
	whole, accuracy := number.Int64()
	if accuracy != big.Exact {
		t.Fatalf("%s is not a whole number", number.String())
	}
	return whole
}

// decoded is what results write, as the data source's schema reads it.
func decoded(t *testing.T, dataSource string, found results) tftypes.Value {
	t.Helper()
	h := newHarness(t, newTestProvider(nil))
	all := h.schema.DataSourceSchemas[dataSource].ValueType().(tftypes.Object) //nolint:forcetypeassert // As every data source's.
	wanted := tftypes.Object{AttributeTypes: map[string]tftypes.Type{}}
	for name := range found {
		wanted.AttributeTypes[name] = all.AttributeTypes[name]
	}
	state := h.dynamic(wanted, object{})
	var err error
	if state.MsgPack, err = mergeResults(state.MsgPack, found); err != nil {
		t.Fatal(err)
	}
	value, err := state.Unmarshal(wanted)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func TestOneResult(t *testing.T) {
	t.Parallel()
	absent := map[string]any{
		"snapshot_id": "s-1", "snapshot_name": "", "description": "", "tags": map[string]any{},
	}
	for _, field := range snapshotFields {
		if _, ok := absent[field.name]; !ok {
			absent[field.name] = nil
		}
	}
	tests := map[string]struct {
		reply string
		want  map[string]any
	}{
		"left out": {`{"SnapshotId":"s-1"}`, absent},
		"null": {
			`{"SnapshotId":"s-1","SnapshotName":null,"Status":null,"Progress":null,"Encrypted":null,"CreationTime":null,"Tags":null,"SourceDiskSize":null}`,
			absent,
		},
		"empty": {
			`{"SnapshotId":"s-1","SnapshotName":"","Description":"","Status":"","Progress":"","RemainTime":"","CreationTime":"","KMSKeyId":"",
			  "Encrypted":"","ProductCode":"","SourceDiskSize":"","SourceDiskType":"","Tags":{"Tag":[]},"Available":"","FullSnapshotSizeInBytes":""}`,
			absent,
		},
		"everything": {
			`{"SnapshotId":"s-1","SnapshotName":"n","Description":"<b>每日</b> & \"x\"","Status":"accomplished","Progress":"100%","RemainTime":38,
			  "CreationTime":"2018-10-03T11:57:05Z","LastModifiedTime":"2018-10-03T11:57Z","SnapshotType":"timer","Category":"standard","Encrypted":true,
			  "KMSKeyId":"k","Available":false,"Usage":"image_disk","ProductCode":"jxsc000204","RegionId":"cn-hangzhou","ResourceGroupId":"rg",
			  "RetentionDays":30,"InstantAccess":false,"InstantAccessRetentionDays":1,"SourceDiskId":"d","SourceDiskSize":40,"SourceDiskType":"DATA",
			  "SourceStorageType":"disk","SourceSnapshotId":"s-0","SourceRegionId":"cn-beijing","SnapshotLinkId":"sl","SnapshotSN":"64472-1",
			  "FullSnapshotSizeInBytes":9223372036854775807,"Tags":{"Tag":[{"TagKey":"env","TagValue":"prod"},{"TagKey":"acs:x","TagValue":""}]}}`,
			map[string]any{
				"snapshot_id": "s-1", "snapshot_name": "n", "description": `<b>每日</b> & "x"`, "status": "accomplished", "progress": int64(100),
				"remain_time": int64(38), "creation_time": "2018-10-03T11:57:05Z", "last_modified_time": "2018-10-03T11:57:00Z",
				"snapshot_type": "timer", "category": "standard", "encrypted": true, "kms_key_id": "k", "available": false,
				"usage": "image_disk", "product_code": "jxsc000204", "region_id": "cn-hangzhou", "resource_group_id": "rg",
				"retention_days": int64(30), "instant_access": false, "instant_access_retention_days": int64(1), "source_disk_id": "d",
				"source_disk_size": int64(40), "source_disk_type": "data", "source_storage_type": "disk", "source_snapshot_id": "s-0",
				"source_region_id": "cn-beijing", "snapshot_link_id": "sl", "snapshot_sn": "64472-1",
				"full_snapshot_size_in_bytes": int64(9223372036854775807), "tags": map[string]any{"env": "prod", "acs:x": ""},
			},
		},
		"zeroes are not absent": {
			`{"SnapshotId":"s-1","Progress":"0%","RemainTime":0,"RetentionDays":0,"Encrypted":false,"SourceDiskSize":"20"}`,
			with(absent, map[string]any{
				"progress": int64(0), "remain_time": int64(0), "retention_days": int64(0), "encrypted": false, "source_disk_size": int64(20),
			}),
		},
		"odd types": {
			`{"SnapshotId":"s-1","SnapshotName":20150730,"Progress":45,"RemainTime":"600","Encrypted":"true","Available":"false","SourceDiskSize":"2000"}`,
			with(absent, map[string]any{
				"snapshot_name": "20150730", "progress": int64(45), "remain_time": int64(600), "encrypted": true, "available": false,
				"source_disk_size": int64(2000),
			}),
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var snapshot ecs.Snapshot
			if err := json.Unmarshal([]byte(test.reply), &snapshot); err != nil {
				t.Fatal(err)
			}
			got := plain(t, decoded(t, "aliyun_ecs_snapshot", oneResult(&snapshot)))
			if diff := cmp.Diff(any(test.want), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// with is a copy of a map with other values.
func with(base, change map[string]any) map[string]any {
	result := map[string]any{}
	for _, m := range []map[string]any{base, change} {
		for key, value := range m {
			result[key] = value
		}
	}
	return result
}

func TestListResults(t *testing.T) {
	t.Parallel()
	at := func(hour int) ecs.Time { return ecs.Time{Time: time.Date(2026, 5, 1, hour, 0, 0, 0, time.UTC)} }
	no := ecs.Bool{Valid: true}
	yes := ecs.Bool{Valid: true, Value: true}
	complete := func(id, disk ecs.Text, hour int) ecs.Snapshot {
		return ecs.Snapshot{SnapshotID: id, SnapshotName: "n-" + id, SourceDiskID: disk, Status: "accomplished", CreationTime: at(hour)}
	}
	progressing := complete("s-progressing", "d-1", 9)
	progressing.Status = "progressing"
	failed := complete("s-failed", "d-2", 8)
	failed.Status = "failed"
	unavailable := complete("s-unavailable", "d-1", 7)
	unavailable.Available = no
	available := complete("s-available", "d-2", 6)
	available.Available = yes
	diskless := complete("s-diskless", "", 5)

	tests := map[string]struct {
		snapshots []ecs.Snapshot
		latest    any
		byDisk    map[string]any
	}{
		"none":           {nil, nil, map[string]any{}},
		"none is usable": {[]ecs.Snapshot{progressing, failed, unavailable}, nil, map[string]any{}},
		"one":            {[]ecs.Snapshot{complete("s-1", "d-1", 1)}, "s-1", map[string]any{"d-1": "s-1"}},
		"the first usable one": {
			[]ecs.Snapshot{progressing, failed, unavailable, available, diskless, complete("s-2", "d-2", 4), complete("s-1", "d-1", 3)},
			"s-available",
			map[string]any{"d-2": "s-available", "d-1": "s-1"},
		},
		"of no disk": {[]ecs.Snapshot{diskless}, "s-diskless", map[string]any{}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := members(t, decoded(t, "aliyun_ecs_snapshots", listResults(test.snapshots)))
			idOf := func(object tftypes.Value) any { return plain(t, members(t, object)["snapshot_id"]) }

			var latest any
			if !got["latest"].IsNull() {
				latest = idOf(got["latest"])
			}
			if latest != test.latest {
				t.Errorf("latest is %v, want %v", latest, test.latest)
			}
			byDisk := map[string]any{}
			for disk, object := range members(t, got["latest_by_disk"]) {
				byDisk[disk] = idOf(object)
			}
			if diff := cmp.Diff(test.byDisk, byDisk); diff != "" {
				t.Errorf("latest_by_disk (-want +got):\n%s", diff)
			}
			ids, names := []any{}, []any{}
			for _, s := range test.snapshots {
				ids = append(ids, string(s.SnapshotID))
				names = append(names, string(s.SnapshotName))
			}
			if diff := cmp.Diff(any(ids), plain(t, got["ids"])); diff != "" {
				t.Errorf("ids (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(any(names), plain(t, got["names"])); diff != "" {
				t.Errorf("names (-want +got):\n%s", diff)
			}
			if n := len(plain(t, got["snapshots"]).([]any)); n != len(test.snapshots) { //nolint:forcetypeassert // A list by its type.
				t.Errorf("%d snapshots, want %d", n, len(test.snapshots))
			}
		})
	}
}
