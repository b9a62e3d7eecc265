package provider

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

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
	return map[string]argumentCase{
		"none":      {``, nil, all},
		"region_id": {`region_id = "cn-hangzhou"`, map[string]string{"RegionId": "cn-hangzhou"}, all},
		"disk_id": {
			`disk_id = "d-bp1sampledisk05"`, map[string]string{"DiskId": "d-bp1sampledisk05"},
			func(s ecstest.Snapshot) bool { return s.SourceDiskID == "d-bp1sampledisk05" },
		},
		"instance_id": {
			`instance_id = "i-bp1sampleinstance02"`, map[string]string{"InstanceId": "i-bp1sampleinstance02"},
			func(s ecstest.Snapshot) bool { return s.InstanceID == "i-bp1sampleinstance02" },
		},
		"snapshot_ids": {
			fmt.Sprintf(`snapshot_ids = [%q, %q, "s-unknown"]`, sample[9].SnapshotID, sample[3].SnapshotID), nil,
			func(s ecstest.Snapshot) bool {
				return s.SnapshotID == sample[9].SnapshotID || s.SnapshotID == sample[3].SnapshotID
			},
		},
		"snapshot_ids_empty": {`snapshot_ids = []`, nil, func(ecstest.Snapshot) bool { return false }},
		"snapshot_link_id": {
			`snapshot_link_id = "sl-bp1samplelink07"`, map[string]string{"SnapshotLinkId": "sl-bp1samplelink07"},
			func(s ecstest.Snapshot) bool { return s.SnapshotLinkID == "sl-bp1samplelink07" },
		},
		"snapshot_name": {
			`snapshot_name = "FinanceJoshua"`, map[string]string{"SnapshotName": "FinanceJoshua"},
			func(s ecstest.Snapshot) bool { return s.SnapshotName == "FinanceJoshua" },
		},
		"name_regex": {
			`name_regex = "^nightly-[0-9]+$"`, nil,
			func(s ecstest.Snapshot) bool { return strings.HasPrefix(s.SnapshotName, "nightly-") },
		},
		"snapshot_type": {
			`snapshot_type = "user"`, map[string]string{"SnapshotType": "user"},
			func(s ecstest.Snapshot) bool { return s.SnapshotType == "user" },
		},
		"source_disk_type": {
			`source_disk_type = "SYSTEM"`, map[string]string{"SourceDiskType": "System"},
			func(s ecstest.Snapshot) bool { return strings.EqualFold(s.SourceDiskType, "system") },
		},
		"status": {
			`status = "failed"`, map[string]string{"Status": "failed"},
			func(s ecstest.Snapshot) bool { return s.Status == "failed" },
		},
		"usage": {
			`usage = "image_disk"`, map[string]string{"Usage": "image_disk"},
			func(s ecstest.Snapshot) bool { return s.Usage == "image_disk" },
		},
		"category": {
			`category = "Archive"`, map[string]string{"Category": "archive"},
			func(s ecstest.Snapshot) bool { return s.Category == "archive" },
		},
		"encrypted_true": {
			`encrypted = true`, map[string]string{"Encrypted": "true"},
			func(s ecstest.Snapshot) bool { return s.Encrypted },
		},
		"encrypted_false": {
			`encrypted = false`, map[string]string{"Encrypted": "false"},
			func(s ecstest.Snapshot) bool { return !s.Encrypted },
		},
		"kms_key_id": {
			`kms_key_id = "0e478b7a-4262-4802-b8cb-00d3fb408206"`, map[string]string{"KMSKeyId": "0e478b7a-4262-4802-b8cb-00d3fb408206"},
			func(s ecstest.Snapshot) bool { return s.KMSKeyID == "0e478b7a-4262-4802-b8cb-00d3fb408206" },
		},
		"resource_group_id": {
			`resource_group_id = "rg-aek2sampleprod"`, map[string]string{"ResourceGroupId": "rg-aek2sampleprod"},
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
			`tags = { team = null }`, map[string]string{"Tag.1.Key": "team"},
			func(s ecstest.Snapshot) bool { _, ok := tagged(s, "team"); return ok },
		},
		"creation_start_time": {
			fmt.Sprintf(`creation_start_time = %q`, exact), nil, window(exact, ""),
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
			fmt.Sprintf(`creation_end_time = %q`, exact), nil,
			func(s ecstest.Snapshot) bool { return window("2000-01-01T00:00:00Z", exact)(s) },
		},
		"together": {
			`disk_id = "d-bp1sampledisk06"
			 status  = "accomplished"
			 tags    = { env = "prod" }`,
			map[string]string{"DiskId": "d-bp1sampledisk06", "Status": "accomplished", "Tag.1.Key": "env", "Tag.1.Value": "prod"},
			func(s ecstest.Snapshot) bool {
				env, _ := tagged(s, "env")
				return s.SourceDiskID == "d-bp1sampledisk06" && s.Status == "accomplished" && env == "prod"
			},
		},
		"nothing": {`disk_id = "d-unknown"`, nil, func(ecstest.Snapshot) bool { return false }},
	}
}

// Every argument, as a person writes it, through Terraform.
func TestArguments(t *testing.T) {
	t.Parallel()
	sample := ecstest.Sample(250)
	service := ecstest.Start(t, sample...)
	cases := argumentCases(sample)

	config := providerBlock(service)
	var checks []statecheck.StateCheck
	for name, test := range cases {
		config += fmt.Sprintf("data \"aliyun_ecs_snapshots\" %q {\n%s\n}\n", name, test.hcl)
		var ids []knownvalue.Check
		for _, id := range matching(sample, test.match) {
			ids = append(ids, knownvalue.StringExact(id))
		}
		if len(ids) == 0 && !strings.HasPrefix(name, "nothing") && !strings.HasSuffix(name, "_empty") {
			t.Fatalf("%s matches nothing in the sample: it would prove nothing", name)
		}
		address := "data.aliyun_ecs_snapshots." + name
		checks = append(checks,
			statecheck.ExpectKnownValue(address, tfjsonpath.New("ids"), knownvalue.ListExact(ids)),
			statecheck.ExpectKnownValue(address, tfjsonpath.New("snapshots"), knownvalue.ListSizeExact(len(ids))),
			statecheck.ExpectKnownValue(address, tfjsonpath.New("names"), knownvalue.ListSizeExact(len(ids))),
			statecheck.ExpectKnownValue(address, tfjsonpath.New("region_id"), knownvalue.StringExact("cn-hangzhou")),
		)
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories(),
		Steps:                    []resource.TestStep{{Config: config, ConfigStateChecks: checks}},
	})

	for name, test := range cases {
		if test.sent != nil && !wasSent(service, test.sent) {
			t.Errorf("%s: no request had just the parameters %v", name, test.sent)
		}
	}
}

// wasSent tells whether a request had the parameters, and no filter beside them.
func wasSent(service *ecstest.Server, want map[string]string) bool {
	common := []string{
		"AccessKeyId", "Action", "Format", "PageNumber", "PageSize", "RegionId", "Signature", "SignatureMethod",
		"SignatureNonce", "SignatureType", "SignatureVersion", "Timestamp", "Version",
	}
	for _, call := range service.Calls() {
		sent := map[string]string{}
		for name := range call.Params {
			if _, wanted := want[name]; wanted || !slices.Contains(common, name) {
				sent[name] = call.Params.Get(name)
			}
		}
		if cmp.Equal(sent, want) {
			return true
		}
	}
	return false
}

// The same filters stand in filter of aliyun_ecs_snapshot.
func TestFilterArguments(t *testing.T) {
	t.Parallel()
	sample := ecstest.Sample(250)
	service := ecstest.Start(t, sample...)
	config := providerBlock(service)
	var checks []statecheck.StateCheck
	for name, test := range argumentCases(sample) {
		ids := matching(sample, test.match)
		if len(ids) == 0 || name == "region_id" {
			continue
		}
		hcl := test.hcl
		if !strings.Contains(hcl, "status") {
			hcl += "\nstatus = \"all\"" // Unusable ones too, as the list gives them.
		}
		config += fmt.Sprintf("data \"aliyun_ecs_snapshot\" %q {\nmost_recent = true\nfilter = {\n%s\n}\n}\n", name, hcl)
		checks = append(checks, statecheck.ExpectKnownValue("data.aliyun_ecs_snapshot."+name, tfjsonpath.New("snapshot_id"), knownvalue.StringExact(ids[0])))
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories(),
		Steps:                    []resource.TestStep{{Config: config, ConfigStateChecks: checks}},
	})
}

func TestLimit(t *testing.T) {
	t.Parallel()
	sample := ecstest.Sample(250)
	h := newServiceHarness(t, ecstest.Start(t, sample...))
	all := matching(sample, func(ecstest.Snapshot) bool { return true })
	for _, limit := range []int{1, 2, 100, 249, 250, 251, 100000} {
		if diff := cmp.Diff(all[:min(limit, 250)], h.list(object{"limit": limit})); diff != "" {
			t.Errorf("limit %d (-want +got):\n%s", limit, diff)
		}
	}
	// What matches only here is counted after it has matched.
	nightly := matching(sample, func(s ecstest.Snapshot) bool { return strings.HasPrefix(s.SnapshotName, "nightly") })
	if diff := cmp.Diff(nightly[:3], h.list(object{"limit": 3, "name_regex": "^nightly"})); diff != "" {
		t.Errorf("limit with name_regex (-want +got):\n%s", diff)
	}
}

func TestManySnapshotIDs(t *testing.T) {
	t.Parallel()
	sample := ecstest.Sample(400)
	service := ecstest.Start(t, sample...)
	h := newServiceHarness(t, service)
	ids := matching(sample[:250], func(ecstest.Snapshot) bool { return true })
	if diff := cmp.Diff(ids, h.list(object{"snapshot_ids": ids})); diff != "" {
		t.Errorf("250 ids (-want +got):\n%s", diff)
	}
	if n := service.CallCount(ecstest.ActionDescribeSnapshots); n != 3 {
		t.Errorf("250 ids took %d calls, want 3", n)
	}
}

func TestEmptySnapshotIDsMakeNoCall(t *testing.T) {
	t.Parallel()
	service := ecstest.Start(t, ecstest.Sample(10)...)
	h := newServiceHarness(t, service)
	for _, config := range []object{
		{"snapshot_ids": []string{}},
		{"snapshot_ids": []string{}, "tags": map[string]any{"env": "prod"}, "disk_id": "d-x"},
	} {
		if got := h.list(config); len(got) != 0 {
			t.Errorf("got %v", got)
		}
	}
	if n := service.CallCount(ecstest.ActionDescribeSnapshots); n != 0 {
		t.Errorf("an empty set made %d calls", n)
	}
}

func TestPagesOf250(t *testing.T) {
	t.Parallel()
	service := ecstest.Start(t, ecstest.Sample(250)...)
	if got := newServiceHarness(t, service).list(object{}); len(got) != 250 {
		t.Errorf("got %d snapshots", len(got))
	}
	if n := service.CallCount(ecstest.ActionDescribeSnapshots); n != 3 {
		t.Errorf("250 snapshots took %d calls, want 3", n)
	}
}

// Nobody says whether the service's bounds take in the minutes they name.
func TestWindowIsExact(t *testing.T) {
	t.Parallel()
	var sample []ecstest.Snapshot
	for _, at := range []string{
		"2026-05-01T09:58:00Z", "2026-05-01T09:59:59Z", "2026-05-01T10:00:00Z", "2026-05-01T10:00:01Z", "2026-05-01T10:00Z",
		"2026-05-01T10:30:29Z", "2026-05-01T10:30:30Z", "2026-05-01T10:30:31Z", "2026-05-01T10:31:00Z", "",
	} {
		sample = append(sample, ecstest.Snapshot{SnapshotID: "s-" + at, CreationTime: at, Status: "accomplished"})
	}
	for _, bound := range []ecstest.Bound{ecstest.Inclusive, ecstest.Exclusive} {
		service := ecstest.Start(t, sample...)
		service.SetTimeBounds(bound, bound)
		h := newServiceHarness(t, service)
		for _, window := range [][2]string{
			{"2026-05-01T10:00:00Z", "2026-05-01T10:30:30Z"},
			{"2026-05-01T18:00:00+08:00", "2026-05-01T10:00:00Z"},
			{"2026-05-01T10:00:01Z", "2026-05-01T10:31:00Z"},
		} {
			from, to := utc(t, window[0]), utc(t, window[1])
			want := matching(sample, func(s ecstest.Snapshot) bool {
				at := created(s)
				return !at.IsZero() && !at.Before(from) && !at.After(to)
			})
			got := h.list(object{"creation_start_time": window[0], "creation_end_time": window[1]})
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("bounds %v, window %v (-want +got):\n%s", bound, window, diff)
			}
		}
	}
}

func TestDryRun(t *testing.T) {
	t.Parallel()
	service := ecstest.Start(t, ecstest.Sample(10)...)
	h := newServiceHarness(t, service)
	state, diags := h.read(t.Context(), "aliyun_ecs_snapshots", object{"dry_run": true})
	wantOne(t, diags, at("dry_run"), "WARNING", "Dry Run Passed", "Nothing was listed")
	if ids := texts(t, state["ids"]); len(ids) != 0 {
		t.Errorf("a dry run listed %v", ids)
	}
	service.Inject(ecstest.ErrorCode(403, "Forbidden.RAM", "User not authorized."))
	_, diags = h.read(t.Context(), "aliyun_ecs_snapshots", object{"dry_run": true})
	wantOne(t, diags, "", "ERROR", "Permission Denied")
}

// An empty tag value can't be sent, and still matches the empty value alone.
func TestEmptyTagValue(t *testing.T) {
	t.Parallel()
	h := newServiceHarness(t, ecstest.Start(t,
		ecstest.Snapshot{SnapshotID: "s-empty", Status: "accomplished", Tags: []ecstest.Tag{{Key: "env"}}},
		ecstest.Snapshot{SnapshotID: "s-prod", Status: "accomplished", Tags: []ecstest.Tag{{Key: "env", Value: "prod"}}},
		ecstest.Snapshot{SnapshotID: "s-none", Status: "accomplished"},
	))
	if diff := cmp.Diff([]string{"s-empty"}, h.list(object{"tags": map[string]any{"env": ""}})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"s-empty", "s-prod"}, h.list(object{"tags": map[string]any{"env": nil}})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A value that is known only after apply makes the read wait for it.
func TestUnknownArgument(t *testing.T) {
	t.Parallel()
	sample := ecstest.Sample(100)
	service := ecstest.Start(t, sample...)
	var want []knownvalue.Check
	for _, id := range matching(sample, func(s ecstest.Snapshot) bool { return s.SourceDiskID == "d-bp1sampledisk05" }) {
		want = append(want, knownvalue.StringExact(id))
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories(),
		Steps: []resource.TestStep{{
			Config: providerBlock(service) + `
resource "terraform_data" "disk" {
  input = "d-bp1sampledisk05"
}
data "aliyun_ecs_snapshots" "of_disk" {
  disk_id = terraform_data.disk.output
}
data "aliyun_ecs_snapshot" "newest" {
  most_recent = true
  filter      = { disk_id = terraform_data.disk.output }
}
`,
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("data.aliyun_ecs_snapshots.of_disk", tfjsonpath.New("ids"), knownvalue.ListExact(want)),
				statecheck.CompareValuePairs(
					"data.aliyun_ecs_snapshots.of_disk", tfjsonpath.New("latest").AtMapKey("snapshot_id"),
					"data.aliyun_ecs_snapshot.newest", tfjsonpath.New("snapshot_id"), equalValues{}),
			},
		}},
	})
}

type equalValues struct{}

func (equalValues) CompareValues(values ...any) error {
	if len(values) != 2 || !cmp.Equal(values[0], values[1]) {
		return fmt.Errorf("the values differ: %v", values)
	}
	return nil
}
