package provider

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// matching is the reference: the ids of the snapshots that match, newest first,
// equal times by id, those without a time last.
func matching(snapshots []ecstest.Snapshot, match func(ecstest.Snapshot) bool) []string {
	var kept []ecstest.Snapshot
	for _, s := range snapshots {
		if match(s) {
			kept = append(kept, s)
		}
	}
	slices.SortFunc(kept, func(a, b ecstest.Snapshot) int {
		if c := created(b).Compare(created(a)); c != 0 {
			return c
		}
		return strings.Compare(a.SnapshotID, b.SnapshotID)
	})
	ids := make([]string, len(kept))
	for i, s := range kept {
		ids[i] = s.SnapshotID
	}
	return ids
}

// created is a snapshot's time; zero where it has none.
func created(s ecstest.Snapshot) time.Time {
	for _, layout := range []string{"2006-01-02T15:04:05Z", "2006-01-02T15:04Z"} {
		if t, err := time.Parse(layout, s.CreationTime); err == nil {
			return t
		}
	}
	return time.Time{}
}

func tagged(s ecstest.Snapshot, key string) (string, bool) {
	for _, tag := range s.Tags {
		if tag.Key == key {
			return tag.Value, true
		}
	}
	return "", false
}

// argumentCase is an argument as it is written, what the service must be asked,
// and what must come back.
type argumentCase struct {
	hcl   string
	sent  map[string]string
	match func(ecstest.Snapshot) bool
}

func argumentCases(sample []ecstest.Snapshot) map[string]argumentCase {
	all := func(ecstest.Snapshot) bool { return true }
	window := func(from, to string) func(ecstest.Snapshot) bool {
		return func(s ecstest.Snapshot) bool {
			start, _ := time.Parse(time.RFC3339, from)
			end, _ := time.Parse(time.RFC3339, to)
			at := created(s)
			return !at.IsZero() && !at.Before(start) && (to == "" || !at.After(end))
		}
	}
	exact := created(sample[50]).Format(time.RFC3339)
	minute := func(later int) string {
		return created(sample[50]).Add(time.Duration(later) * time.Minute).Format("2006-01-02T15:04Z")
	}
	return map[string]argumentCase{
		"none":      {``, nil, all},
		"region_id": {`region_id = "cn-hangzhou"`, map[string]string{"RegionId": "cn-hangzhou"}, all},
		"disk_id": {
			`disk_id = "d-bp1sampledisk05"`,
			map[string]string{"DiskId": "d-bp1sampledisk05"},
			func(s ecstest.Snapshot) bool { return s.SourceDiskID == "d-bp1sampledisk05" },
		},
		"instance_id": {
			`instance_id = "i-bp1sampleinstance02"`,
			map[string]string{"InstanceId": "i-bp1sampleinstance02"},
			func(s ecstest.Snapshot) bool { return s.InstanceID == "i-bp1sampleinstance02" },
		},
		"snapshot_ids": {
			fmt.Sprintf(`snapshot_ids = [%q, %q, "s-unknown"]`, sample[9].SnapshotID, sample[3].SnapshotID),
			map[string]string{"SnapshotIds": jsonArray(sample[9].SnapshotID, sample[3].SnapshotID, "s-unknown")},
			func(s ecstest.Snapshot) bool {
				return s.SnapshotID == sample[9].SnapshotID || s.SnapshotID == sample[3].SnapshotID
			},
		},
		"snapshot_ids_empty": {`snapshot_ids = []`, nil, func(ecstest.Snapshot) bool { return false }},
		"snapshot_link_id": {
			`snapshot_link_id = "sl-bp1samplelink07"`,
			map[string]string{"SnapshotLinkId": "sl-bp1samplelink07"},
			func(s ecstest.Snapshot) bool { return s.SnapshotLinkID == "sl-bp1samplelink07" },
		},
		"snapshot_name": {
			`snapshot_name = "FinanceJoshua"`,
			map[string]string{"SnapshotName": "FinanceJoshua"},
			func(s ecstest.Snapshot) bool { return s.SnapshotName == "FinanceJoshua" },
		},
		"name_regex": {
			`name_regex = "^nightly-[0-9]+$"`, nil,
			func(s ecstest.Snapshot) bool { return strings.HasPrefix(s.SnapshotName, "nightly-") },
		},
		"snapshot_type": {
			`snapshot_type = "user"`,
			map[string]string{"SnapshotType": "user"},
			func(s ecstest.Snapshot) bool { return s.SnapshotType == "user" },
		},
		"source_disk_type": {
			`source_disk_type = "SYSTEM"`,
			map[string]string{"SourceDiskType": "System"},
			func(s ecstest.Snapshot) bool { return strings.EqualFold(s.SourceDiskType, "system") },
		},
		"status": {
			`status = "failed"`,
			map[string]string{"Status": "failed"},
			func(s ecstest.Snapshot) bool { return s.Status == "failed" },
		},
		"usage": {
			`usage = "image_disk"`,
			map[string]string{"Usage": "image_disk"},
			func(s ecstest.Snapshot) bool { return s.Usage == "image_disk" },
		},
		"category": {
			`category = "Archive"`,
			map[string]string{"Category": "archive"},
			func(s ecstest.Snapshot) bool { return s.Category == "archive" },
		},
		"encrypted_true": {
			`encrypted = true`,
			map[string]string{"Encrypted": "true"},
			func(s ecstest.Snapshot) bool { return s.Encrypted },
		},
		"encrypted_false": {
			`encrypted = false`,
			map[string]string{"Encrypted": "false"},
			func(s ecstest.Snapshot) bool { return !s.Encrypted },
		},
		"kms_key_id": {
			`kms_key_id = "0e478b7a-4262-4802-b8cb-00d3fb408206"`,
			map[string]string{"KMSKeyId": "0e478b7a-4262-4802-b8cb-00d3fb408206"},
			func(s ecstest.Snapshot) bool { return s.KMSKeyID == "0e478b7a-4262-4802-b8cb-00d3fb408206" },
		},
		"resource_group_id": {
			`resource_group_id = "rg-aek2sampleprod"`,
			map[string]string{"ResourceGroupId": "rg-aek2sampleprod"},
			func(s ecstest.Snapshot) bool { return s.ResourceGroupID == "rg-aek2sampleprod" },
		},
		"tags": {
			`tags = { env = "prod", team = "数据" }`,
			map[string]string{"Tag.1.Key": "env", "Tag.1.Value": "prod", "Tag.2.Key": "team", "Tag.2.Value": "数据"},
			func(s ecstest.Snapshot) bool {
				env, _ := tagged(s, "env")
				team, _ := tagged(s, "team")
				return env == "prod" && team == "数据"
			},
		},
		"tags_any_value": {
			`tags = { team = null }`,
			map[string]string{"Tag.1.Key": "team"},
			func(s ecstest.Snapshot) bool { _, ok := tagged(s, "team"); return ok },
		},
		"creation_start_time": {
			fmt.Sprintf(`creation_start_time = %q`, exact),
			map[string]string{"Filter.1.Key": "CreationStartTime", "Filter.1.Value": minute(-1)},
			window(exact, ""),
		},
		"creation_window": {
			`creation_start_time = "2024-01-02T08:00:30+08:00"
			 creation_end_time   = "2024-01-03T00:00:00Z"`,
			map[string]string{
				"Filter.1.Key": "CreationStartTime", "Filter.1.Value": "2024-01-01T23:59Z",
				"Filter.2.Key": "CreationEndTime", "Filter.2.Value": "2024-01-03T00:01Z",
			},
			window("2024-01-02T00:00:30Z", "2024-01-03T00:00:00Z"),
		},
		"creation_end_time": {
			fmt.Sprintf(`creation_end_time = %q`, exact),
			map[string]string{"Filter.2.Key": "CreationEndTime", "Filter.2.Value": minute(1)},
			func(s ecstest.Snapshot) bool { return window("2000-01-01T00:00:00Z", exact)(s) },
		},
		"together": {
			`disk_id = "d-bp1sampledisk09"
			 status  = "accomplished"
			 tags    = { env = "prod" }`,
			map[string]string{"DiskId": "d-bp1sampledisk09", "Status": "accomplished", "Tag.1.Key": "env", "Tag.1.Value": "prod"},
			func(s ecstest.Snapshot) bool {
				env, _ := tagged(s, "env")
				return s.SourceDiskID == "d-bp1sampledisk09" && s.Status == "accomplished" && env == "prod"
			},
		},
		"nothing": {`disk_id = "d-unknown"`, nil, func(ecstest.Snapshot) bool { return false }},
	}
}

// jsonArray is ids as the service takes them, in order.
func jsonArray(ids ...string) string {
	slices.Sort(ids)
	return `["` + strings.Join(ids, `","`) + `"]`
}
