package provider

import (
	"encoding/json"
	"math/big"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecs"
	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
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
			if diff := cmp.Diff(any(with(test.want, map[string]any{"id": "s-1"})), got); diff != "" {
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
	at := func(hour int) ecs.Time {
		return ecs.Time{Valid: true, Value: time.Date(2026, 5, 1, hour, 0, 0, 0, time.UTC)}
	}
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
	instantlyUsable := complete("s-instant", "d-1", 9)
	instantlyUsable.Status, instantlyUsable.Available = "progressing", yes
	failedAvailable := complete("s-failed", "d-1", 9)
	failedAvailable.Status, failedAvailable.Available = "failed", yes

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
		"progressing, but available": {[]ecs.Snapshot{failedAvailable, instantlyUsable, available}, "s-instant", map[string]any{"d-1": "s-instant", "d-2": "s-available"}},
		"of no disk":                 {[]ecs.Snapshot{diskless}, "s-diskless", map[string]any{}},
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

// What Terraform gets of a whole read, the configuration in it, is what a person would
// write down from the data of the service.
func TestStateOfARead(t *testing.T) {
	t.Parallel()
	sample := ecstest.Sample(300)
	h := newServiceHarness(t, ecstest.Start(t, sample...))
	byID := map[string]ecstest.Snapshot{}
	for _, s := range sample {
		byID[s.SnapshotID] = s
	}
	state := func(dataSource string, config object, results map[string]any) (want, got any) {
		t.Helper()
		read, diags := h.read(t.Context(), dataSource, config)
		wantNoErrors(t, diags)
		all := map[string]any{}
		for name, value := range read {
			all[name] = plain(t, value)
			if _, found := results[name]; !found {
				results[name] = nil // An argument that isn't set.
			}
		}
		return results, all
	}

	ids := matching(sample, func(s ecstest.Snapshot) bool { team, _ := tagged(s, "team"); return team == "数据" })[:30]
	list := map[string]any{
		"region_id": "cn-hangzhou", "limit": int64(30), "tags": map[string]any{"team": "数据"}, "timeouts": map[string]any{"read": "5m"},
		"ids": []any{}, "names": []any{}, "snapshots": []any{}, "latest_by_disk": map[string]any{},
	}
	for _, id := range ids {
		s := byID[id]
		list["ids"] = append(list["ids"].([]any), id)                                                      //nolint:forcetypeassert // As made above.
		list["names"] = append(list["names"].([]any), s.SnapshotName)                                      //nolint:forcetypeassert // As made above.
		list["snapshots"] = append(list["snapshots"].([]any), inState(t, s))                               //nolint:forcetypeassert // As made above.
		if byDisk := list["latest_by_disk"].(map[string]any); usable(s) && byDisk[s.SourceDiskID] == nil { //nolint:forcetypeassert // As made above.
			byDisk[s.SourceDiskID] = inState(t, s)
		}
		if usable(s) && list["latest"] == nil {
			list["latest"] = inState(t, s)
		}
	}
	want, got := state("aliyun_ecs_snapshots", object{"limit": 30, "tags": map[string]any{"team": "数据"}, "timeouts": object{"read": "5m"}}, list)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("list (-want +got):\n%s", diff)
	}
	want, got = state("aliyun_ecs_snapshots", object{"disk_id": "d-unknown"}, map[string]any{
		"region_id": "cn-hangzhou", "disk_id": "d-unknown", "ids": []any{}, "names": []any{}, "snapshots": []any{}, "latest_by_disk": map[string]any{},
	})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("empty list (-want +got):\n%s", diff)
	}

	newest := byID[matching(sample, func(s ecstest.Snapshot) bool { return s.Status == "accomplished" && usable(s) })[0]]
	filter := map[string]any{}
	for _, f := range filters {
		filter[f.name] = nil
	}
	filter["status"] = "accomplished"
	want, got = state("aliyun_ecs_snapshot", object{"most_recent": true, "filter": object{"status": "accomplished"}},
		with(inState(t, newest), map[string]any{"id": newest.SnapshotID, "most_recent": true, "filter": filter}))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("one (-want +got):\n%s", diff)
	}
}

// inState is a snapshot of the service as the documentation promises it in the state.
func inState(t *testing.T, s ecstest.Snapshot) map[string]any {
	t.Helper()
	orNull := func(text string) any {
		if text == "" {
			return nil
		}
		return text
	}
	number := func(n *int) any {
		if n == nil {
			return nil
		}
		return int64(*n)
	}
	flag := func(b *bool) any {
		if b == nil {
			return nil
		}
		return *b
	}
	instant := func(text string) any {
		if at := created(ecstest.Snapshot{CreationTime: text}); !at.IsZero() {
			return at.Format("2006-01-02T15:04:05Z")
		}
		return nil
	}
	tags := map[string]any{}
	for _, tag := range s.Tags {
		tags[tag.Key] = tag.Value
	}
	progress, err := strconv.ParseInt(strings.TrimSuffix(s.Progress, "%"), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	var size any
	if s.FullSnapshotSizeInBytes != nil {
		size = *s.FullSnapshotSizeInBytes
	}
	return map[string]any{
		"snapshot_id": s.SnapshotID, "snapshot_name": s.SnapshotName, "description": s.Description, "status": s.Status, "progress": progress,
		"remain_time": number(s.RemainTime), "creation_time": instant(s.CreationTime), "last_modified_time": instant(s.LastModifiedTime),
		"snapshot_type": s.SnapshotType, "category": s.Category, "encrypted": s.Encrypted, "kms_key_id": orNull(s.KMSKeyID), "available": flag(s.Available),
		"usage": s.Usage, "product_code": orNull(s.ProductCode), "region_id": s.RegionID, "resource_group_id": orNull(s.ResourceGroupID),
		"retention_days": number(s.RetentionDays), "instant_access": flag(s.InstantAccess),
		"instant_access_retention_days": number(s.InstantAccessRetentionDays), "source_disk_id": s.SourceDiskID,
		"source_disk_size": int64(s.SourceDiskSize), "source_disk_type": strings.ToLower(s.SourceDiskType),
		"source_storage_type": orNull(s.SourceStorageType), "source_snapshot_id": orNull(s.SourceSnapshotID), "source_region_id": orNull(s.SourceRegionID),
		"snapshot_link_id": s.SnapshotLinkID, "snapshot_sn": s.SnapshotSN, "full_snapshot_size_in_bytes": size, "tags": tags,
	}
}
