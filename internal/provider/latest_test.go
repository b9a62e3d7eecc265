package provider

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// complete is a snapshot from which disks can be created.
func complete(id, disk, at string) ecstest.Snapshot {
	return ecstest.Snapshot{SnapshotID: id, SourceDiskID: disk, CreationTime: at, Status: "accomplished", Progress: "100%"}
}

// usable is the reference: what the service calls available, else what is complete.
func usable(s ecstest.Snapshot) bool {
	switch {
	case s.Status == "failed":
		return false
	case s.Available != nil:
		return *s.Available
	}
	return s.Status == "accomplished"
}

// usableLatest is the reference: the newest usable snapshot of each disk, and of
// all under "".
func usableLatest(sample []ecstest.Snapshot) map[string]string {
	byID := map[string]ecstest.Snapshot{}
	for _, s := range sample {
		byID[s.SnapshotID] = s
	}
	latest := map[string]string{}
	for _, id := range matching(sample, usable) {
		for _, disk := range []string{"", byID[id].SourceDiskID} { // No disk without an id has an entry of its own.
			if latest[disk] == "" {
				latest[disk] = id
			}
		}
	}
	return latest
}

func TestLatest(t *testing.T) {
	t.Parallel()
	inProgress := complete("s-9", "d-1", "2026-05-09T00:00:00Z")
	inProgress.Status, inProgress.Progress = "progressing", "45%"
	failed := complete("s-8", "d-1", "2026-05-08T00:00:00Z")
	failed.Status = "failed"
	unavailable := complete("s-7", "d-1", "2026-05-07T00:00:00Z")
	unavailable.Available = new(false)
	notCut := complete("s-0", "d-1", "")
	notCut.Status = "progressing"

	instant := complete("s-6", "d-1", "2026-05-06T00:00:00Z")
	instant.Status, instant.Progress, instant.Available = "progressing", "10%", new(true)
	failedAvailable := complete("s-5", "d-1", "2026-05-05T00:00:00Z")
	failedAvailable.Status, failedAvailable.Available = "failed", new(true)

	tests := map[string]struct {
		snapshots []ecstest.Snapshot
		order     ecstest.Order
	}{
		"usable while it progresses": {snapshots: []ecstest.Snapshot{inProgress, instant, complete("s-1", "d-1", "2026-05-01T00:00:00Z")}},
		"failed, never usable":       {snapshots: []ecstest.Snapshot{failedAvailable, complete("s-1", "d-1", "2026-05-01T00:00:00Z")}},
		"none at all":                {},
		"one":                        {snapshots: []ecstest.Snapshot{complete("s-1", "d-1", "2026-05-01T00:00:00Z")}},
		"only unusable ones":         {snapshots: []ecstest.Snapshot{inProgress, failed, unavailable, notCut}},
		"newest is unusable":         {snapshots: []ecstest.Snapshot{inProgress, failed, unavailable, notCut, complete("s-1", "d-1", "2026-05-01T00:00:00Z")}},
		"two at the same second": {snapshots: []ecstest.Snapshot{
			complete("s-b", "d-1", "2026-05-01T00:00:00Z"), complete("s-a", "d-1", "2026-05-01T00:00:00Z"), complete("s-c", "d-2", "2026-05-01T00:00Z"),
		}},
		// The service says nothing of whether a disk is still there.
		"a disk deleted since":    {snapshots: []ecstest.Snapshot{complete("s-2", "d-deleted", "2026-05-02T00:00:00Z"), complete("s-1", "d-deleted", "2026-05-01T00:00:00Z")}},
		"a disk without an id":    {snapshots: []ecstest.Snapshot{complete("s-1", "", "2026-05-01T00:00:00Z")}},
		"300, ties shuffled":      {snapshots: ecstest.Sample(300), order: ecstest.ShuffleTies(1)},
		"100, all shuffled":       {snapshots: ecstest.Sample(100), order: ecstest.ShuffleAll(2)},
		"300, all shuffled twice": {snapshots: ecstest.Sample(300), order: ecstest.ShuffleAll(3)},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := ecstest.Start(t, test.snapshots...)
			if test.order != nil {
				service.SetOrder(test.order)
			}
			h := newServiceHarness(t, service)
			for range 3 { // Whatever the service's order.
				state, diags := h.read(t.Context(), "aliyun_ecs_snapshots", object{})
				wantNoErrors(t, diags)
				all := matching(test.snapshots, func(ecstest.Snapshot) bool { return true })
				if diff := cmp.Diff(all, texts(t, state["ids"])); diff != "" {
					t.Errorf("ids (-want +got):\n%s", diff)
				}
				got := map[string]string{}
				if !state["latest"].IsNull() {
					got[""] = textOf(t, members(t, state["latest"])["snapshot_id"])
				}
				for disk, latest := range members(t, state["latest_by_disk"]) {
					got[disk] = textOf(t, members(t, latest)["snapshot_id"])
				}
				if diff := cmp.Diff(usableLatest(test.snapshots), got); diff != "" {
					t.Errorf("latest (-want +got):\n%s", diff)
				}
			}
		})
	}
}

// A plan is empty though the service's order changed, and after a new snapshot
// it shows just what follows from it.
func TestPlansChangeWithSnapshotsOnly(t *testing.T) {
	t.Parallel()
	service := ecstest.Start(t, ecstest.Sample(60)...)
	service.SetOrder(ecstest.ShuffleTies(4))
	config := providerBlock(service) + `
data "aliyun_ecs_snapshots" "all" {}

resource "terraform_data" "disk" {
  input = data.aliyun_ecs_snapshots.all.latest.snapshot_id
}
resource "terraform_data" "restored_05" {
  input = data.aliyun_ecs_snapshots.all.latest_by_disk["d-bp1sampledisk05"].snapshot_id
}
resource "terraform_data" "restored_09" {
  input = data.aliyun_ecs_snapshots.all.latest_by_disk["d-bp1sampledisk09"].snapshot_id
}
`
	resource.UnitTest(t, resource.TestCase{
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_4_0)}, // terraform_data
		ProtoV6ProviderFactories: factories(),
		Steps: []resource.TestStep{
			{Config: config},
			{Config: config, ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}},
			{
				PreConfig: func() { service.Put(complete("s-new", "d-bp1sampledisk05", "2026-05-01T00:00:00Z")) },
				Config:    config,
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction("terraform_data.disk", plancheck.ResourceActionUpdate),
					plancheck.ExpectResourceAction("terraform_data.restored_05", plancheck.ResourceActionUpdate),
					plancheck.ExpectResourceAction("terraform_data.restored_09", plancheck.ResourceActionNoop),
				}},
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue("terraform_data.disk", tfjsonpath.New("output"), knownvalue.StringExact("s-new")),
				},
			},
		},
	})
}

// Every attribute, through Terraform, of a reply as it was once seen.
func TestAttributes(t *testing.T) {
	t.Parallel()
	service := ecstest.Start(t,
		ecstest.Snapshot{
			SnapshotID: "s-full", SnapshotName: "nightly", Description: `每日 <b>&"`, SnapshotSN: "64472-1", Status: "accomplished", Progress: "100%",
			RemainTime: new(0), Available: new(true), CreationTime: "2026-05-01T00:00:05Z", LastModifiedTime: "2026-05-01T00:05Z", SnapshotType: "timer",
			Category: "standard", Usage: "image_disk", ProductCode: "jxsc000204", RegionID: "cn-hangzhou", ResourceGroupID: "rg-1", RetentionDays: new(30),
			Tags: []ecstest.Tag{{Key: "env", Value: "prod"}, {Key: "acs:x", Value: ""}}, Encrypted: true, KMSKeyID: "k-1", InstantAccess: new(true),
			InstantAccessRetentionDays: new(1), SourceDiskID: "d-1", SourceDiskType: "DATA", SourceDiskSize: 2000, SourceDiskSizeAsString: true,
			SourceStorageType: "disk", SourceSnapshotID: "s-0", SourceRegionID: "cn-beijing", SnapshotLinkID: "sl-1", FullSnapshotSizeInBytes: new(int64(1 << 40)),
		},
		ecstest.Snapshot{ // From a public issue of 2018.
			SnapshotID: "s-gw890iev8ynwk9l6ry61", SourceDiskID: "d-gw88owuii37is8s6u0h5", SourceDiskSize: 40, SourceDiskType: "system", Usage: "image",
			CreationTime: "2018-10-03T11:57:05Z", SourceStorageType: "disk", Status: "accomplished", Progress: "100%",
		},
	)
	text, number := knownvalue.StringExact, knownvalue.Int64Exact
	full := map[string]knownvalue.Check{
		"snapshot_id": text("s-full"), "snapshot_name": text("nightly"), "description": text(`每日 <b>&"`), "status": text("accomplished"),
		"progress": number(100), "remain_time": number(0), "creation_time": text("2026-05-01T00:00:05Z"), "last_modified_time": text("2026-05-01T00:05:00Z"),
		"snapshot_type": text("timer"), "category": text("standard"), "encrypted": knownvalue.Bool(true), "kms_key_id": text("k-1"),
		"available": knownvalue.Bool(true), "usage": text("image_disk"), "product_code": text("jxsc000204"), "region_id": text("cn-hangzhou"),
		"resource_group_id": text("rg-1"), "retention_days": number(30), "instant_access": knownvalue.Bool(true), "instant_access_retention_days": number(1),
		"source_disk_id": text("d-1"), "source_disk_size": number(2000), "source_disk_type": text("data"), "source_storage_type": text("disk"),
		"source_snapshot_id": text("s-0"), "source_region_id": text("cn-beijing"), "snapshot_link_id": text("sl-1"), "snapshot_sn": text("64472-1"),
		"full_snapshot_size_in_bytes": number(1 << 40),
		"tags":                        knownvalue.MapExact(map[string]knownvalue.Check{"env": text("prod"), "acs:x": text("")}),
	}
	old := map[string]knownvalue.Check{
		"snapshot_id": text("s-gw890iev8ynwk9l6ry61"), "snapshot_name": text(""), "description": text(""), "status": text("accomplished"),
		"progress": number(100), "creation_time": text("2018-10-03T11:57:05Z"), "encrypted": knownvalue.Bool(false), "usage": text("image"),
		"source_disk_id": text("d-gw88owuii37is8s6u0h5"), "source_disk_size": number(40), "source_disk_type": text("system"),
		"source_storage_type": text("disk"), "tags": knownvalue.MapExact(map[string]knownvalue.Check{}),
	}
	for _, field := range snapshotFields {
		if _, ok := old[field.name]; !ok {
			old[field.name] = knownvalue.Null()
		}
	}
	list, one := "data.aliyun_ecs_snapshots.all", "data.aliyun_ecs_snapshot.full"
	checks := []statecheck.StateCheck{
		statecheck.ExpectKnownValue(list, tfjsonpath.New("snapshots"), knownvalue.ListExact([]knownvalue.Check{
			knownvalue.ObjectExact(full), knownvalue.ObjectExact(old),
		})),
		statecheck.ExpectKnownValue(list, tfjsonpath.New("ids"), knownvalue.ListExact([]knownvalue.Check{text("s-full"), text("s-gw890iev8ynwk9l6ry61")})),
		statecheck.ExpectKnownValue(list, tfjsonpath.New("names"), knownvalue.ListExact([]knownvalue.Check{text("nightly"), text("")})),
		statecheck.ExpectKnownValue(list, tfjsonpath.New("latest"), knownvalue.ObjectExact(full)),
		statecheck.ExpectKnownValue(list, tfjsonpath.New("latest_by_disk"), knownvalue.MapExact(map[string]knownvalue.Check{
			"d-1": knownvalue.ObjectExact(full), "d-gw88owuii37is8s6u0h5": knownvalue.ObjectExact(old),
		})),
		statecheck.ExpectKnownValue("data.aliyun_ecs_snapshots.none", tfjsonpath.New("latest"), knownvalue.Null()),
		statecheck.ExpectKnownValue("data.aliyun_ecs_snapshots.none", tfjsonpath.New("latest_by_disk"), knownvalue.MapExact(nil)),
		statecheck.ExpectKnownValue("data.aliyun_ecs_snapshots.none", tfjsonpath.New("snapshots"), knownvalue.ListExact(nil)),
	}
	checks = append(checks, statecheck.ExpectKnownValue(one, tfjsonpath.New("id"), text("s-full")))
	for name, check := range full {
		checks = append(checks, statecheck.ExpectKnownValue(one, tfjsonpath.New(name), check))
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories(),
		Steps: []resource.TestStep{{
			Config: providerBlock(service) + `
data "aliyun_ecs_snapshots" "all" {}
data "aliyun_ecs_snapshots" "none" { disk_id = "d-unknown" }
data "aliyun_ecs_snapshot" "full" {
  filter { snapshot_ids = ["s-full"] }
}
`,
			ConfigStateChecks: checks,
		}},
	})
}
