package provider

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// Every argument, as a person writes it, through Terraform.
func TestArguments(t *testing.T) {
	t.Parallel()
	sample := ecstest.Sample(110)
	service := ecstest.Start(t, sample...)
	cases := argumentCases(sample)
	for _, filter := range filters {
		written := regexp.MustCompile(`\b` + filter.name + `\s*=`)
		if !slices.ContainsFunc(slices.Collect(maps.Values(cases)), func(test argumentCase) bool { return written.MatchString(test.hcl) }) {
			t.Errorf("argumentCases has no row for the filter %s", filter.name)
		}
	}

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

// The same filters stand in filter of aliyun_ecs_snapshot. The newest snapshot of all
// matches none of them, as far as that is possible, so that each has to count.
func TestFilterArguments(t *testing.T) {
	t.Parallel()
	newest := ecstest.Snapshot{
		SnapshotID: "s-newest", SnapshotName: "other", SourceDiskID: "d-other", SourceDiskType: "data", Status: "accomplished", SnapshotType: "auto",
		Category: "flash", Usage: "disk", Encrypted: true, KMSKeyID: "other", ResourceGroupID: "rg-other", CreationTime: "2024-12-31T00:00:00Z",
	}
	sample := append(ecstest.Sample(110), newest)
	service := ecstest.Start(t, sample...)
	config := providerBlock(service)
	var checks []statecheck.StateCheck
	for name, test := range argumentCases(sample) {
		ids := matching(sample, test.match)
		if len(ids) == 0 || name == "region_id" {
			continue
		}
		if ids[0] == newest.SnapshotID && name != "none" && name != "encrypted_true" && name != "creation_start_time" {
			t.Fatalf("%s matches the newest snapshot of all: it would prove nothing", name)
		}
		hcl := test.hcl
		if !strings.Contains(hcl, "status") {
			hcl += "\nstatus = \"all\"" // Unusable ones too, as the list gives them.
		}
		config += fmt.Sprintf("data \"aliyun_ecs_snapshot\" %q {\nmost_recent = true\nfilter {\n%s\n}\n}\n", name, hcl)
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
	_, diags := h.read(t.Context(), "aliyun_ecs_snapshot", object{"filter": object{"snapshot_ids": []string{}}})
	wantOne(t, diags, at("filter"), "No Snapshot Found", "matches the filters: snapshot_ids.")
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
	_, diags = h.read(t.Context(), "aliyun_ecs_snapshots", object{"dry_run": true, "snapshot_ids": []string{}})
	wantOne(t, diags, at("dry_run"), "WARNING", "Nothing Was Checked")
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
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_4_0)}, // terraform_data
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
  filter { disk_id = terraform_data.disk.output }
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
