package provider

import (
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// Examples that create disks and images. Each goes through what happens to
// snapshots later: the source instance is released, there is a newer snapshot,
// the snapshot expires that was used, and the last one expires. None of these
// may change a disk or an image that somebody uses.

// history is the snapshots of an example's disks, and what happens to them.
type history struct {
	service   *ecstest.Server
	snapshots []ecstest.Snapshot
}

// newHistory starts a service with an instance's snapshots.
func newHistory(t *testing.T, snapshots ...ecstest.Snapshot) *history {
	t.Helper()
	for i := range snapshots {
		snapshots[i].InstanceID = "i-source"
	}
	return &history{ecstest.Start(t, snapshots...), snapshots}
}

func (h *history) releaseInstance() {
	for i := range h.snapshots {
		h.snapshots[i].InstanceID = ""
	}
	h.service.Put(h.snapshots...)
}

func (h *history) add(snapshots ...ecstest.Snapshot) func() {
	return func() {
		h.snapshots = append(h.snapshots, snapshots...)
		h.service.Put(snapshots...)
	}
}

func (h *history) expire(ids ...string) func() {
	return func() {
		h.snapshots = slices.DeleteFunc(h.snapshots, func(s ecstest.Snapshot) bool { return slices.Contains(ids, s.SnapshotID) })
		h.service.Delete(ids...)
	}
}

func (h *history) expireAll() {
	for _, s := range slices.Clone(h.snapshots) {
		h.expire(s.SnapshotID)()
	}
}

// after is a step that plans again after a change.
func after(change func(), step resource.TestStep, checks ...plancheck.PlanCheck) resource.TestStep {
	step.PreConfig, step.ConfigStateChecks, step.ConfigPlanChecks = change, nil, planned(checks...)
	return step
}

// unchanged is a step whose plan has to be empty, with the outputs, after a change.
func unchanged(change func(), step resource.TestStep) resource.TestStep {
	step.PreConfig, step.ConfigStateChecks, step.PlanOnly = change, nil, true
	return step
}

func testExampleDisk(t *testing.T, file string) {
	const (
		kept      = "terraform_data.ecs_disk_kept"
		refreshed = "terraform_data.ecs_disk_refreshed"
	)
	h := newHistory(t, exampleBackup("s-1", "d-source", "2026-05-01T02:00:00Z"))
	step := resource.TestStep{
		Config:          exampleTwin(t, file, h.service),
		ConfigVariables: config.Variables{"source_disk_id": config.StringVariable("d-source")},
	}
	first := step
	first.ConfigStateChecks = []statecheck.StateCheck{
		given(kept, "snapshot_id", knownvalue.StringExact("s-1")), given(kept, "size", knownvalue.Int64Exact(100)),
		given(refreshed, "snapshot_id", knownvalue.StringExact("s-1")), given(refreshed, "size", knownvalue.Int64Exact(100)),
	}
	// Where the real disk would be replaced, its twin is updated.
	newer := after(h.add(exampleBackup("s-2", "d-source", "2026-05-02T02:00:00Z")), step,
		action(kept, plancheck.ResourceActionNoop), action(refreshed, plancheck.ResourceActionUpdate))
	resource.UnitTest(t, exampleCase(
		first,
		unchanged(h.releaseInstance, step),
		newer,
		after(h.expire("s-2"), step, action(kept, plancheck.ResourceActionNoop)),
		after(h.expireAll, step, action(kept, plancheck.ResourceActionNoop)),
	))

	never := step
	never.ConfigStateChecks = []statecheck.StateCheck{
		given(kept, "snapshot_id", knownvalue.Null()), given(kept, "size", knownvalue.Int64Exact(40)),
	}
	resource.UnitTest(t, exampleCase(never))
}

func testExampleInstance(t *testing.T, file string) {
	failed := exampleBackup("s-a-3", "d-a", "2026-05-03T02:00:00Z")
	failed.Status = "failed"
	system := exampleBackup("s-system", "d-system", "2026-05-01T02:00:00Z")
	system.SourceDiskType = "system"
	unfinished := system
	unfinished.SnapshotID, unfinished.CreationTime, unfinished.Status, unfinished.Available = "s-unfinished", "2026-05-02T02:00:00Z", "progressing", new(true)
	h := newHistory(
		t,
		exampleBackup("s-a-1", "d-a", "2026-05-01T02:00:00Z"),
		exampleBackup("s-a-2", "d-a", "2026-05-02T02:00:00Z"),
		failed,
		exampleBackup("s-b-1", "d-b", "2026-05-01T02:00:00Z"),
		system,
		unfinished,
	)
	const (
		diskA      = `terraform_data.ecs_disk_restored["d-a"]`
		diskB      = `terraform_data.ecs_disk_restored["d-b"]`
		attachment = `terraform_data.ecs_disk_attachment_restored["d-a"]`
		image      = `terraform_data.image_system[0]`
	)
	variables := func(disks ...string) config.Variables {
		ids := make([]config.Variable, len(disks))
		for i, disk := range disks {
			ids[i] = config.StringVariable(disk)
		}
		return config.Variables{
			"disk_ids":           config.SetVariable(ids...),
			"system_disk_id":     config.StringVariable("d-system"),
			"target_instance_id": config.StringVariable("i-target"),
		}
	}
	step := resource.TestStep{Config: exampleTwin(t, file, h.service), ConfigVariables: variables("d-a", "d-b")}
	first, earlier := step, step
	first.ConfigStateChecks = []statecheck.StateCheck{
		given(diskA, "snapshot_id", knownvalue.StringExact("s-a-2")),
		given(diskA, "size", knownvalue.Int64Exact(100)),
		given(diskB, "snapshot_id", knownvalue.StringExact("s-b-1")),
		given(attachment, "disk_id", knownvalue.NotNull()),
		given(attachment, "instance_id", knownvalue.StringExact("i-target")),
		given(image, "snapshot_id", knownvalue.StringExact("s-system")),
		statecheck.ExpectKnownOutputValue("image_id", knownvalue.NotNull()),
		statecheck.ExpectKnownOutputValue("disk_ids", knownvalue.MapSizeExact(2)),
	}
	earlier.ConfigVariables = variables("d-a", "d-b")
	earlier.ConfigVariables["restore_point"] = config.StringVariable("2026-05-01T23:59:59Z")
	newerSystem := system
	newerSystem.SnapshotID, newerSystem.CreationTime = "s-system-2", "2026-05-04T02:00:00Z"
	newer := h.add(exampleBackup("s-a-4", "d-a", "2026-05-04T02:00:00Z"), exampleBackup("s-b-2", "d-b", "2026-05-04T02:00:00Z"), newerSystem)
	resource.UnitTest(t, exampleCase(
		first,
		unchanged(h.releaseInstance, step),
		unchanged(newer, step),
		unchanged(nil, earlier),
		unchanged(h.expire("s-a-2", "s-b-1", "s-system"), step),
		unchanged(h.expireAll, step),
		nothing,
	))

	h.add(exampleBackup("s-a-1", "d-a", "2026-05-01T02:00:00Z"), exampleBackup("s-a-2", "d-a", "2026-05-02T02:00:00Z"))()
	earlier.ConfigVariables["disk_ids"] = config.SetVariable(config.StringVariable("d-a"), config.StringVariable("d-never"))
	earlier.ConfigStateChecks = []statecheck.StateCheck{
		given(diskA, "snapshot_id", knownvalue.StringExact("s-a-1")),
		// ECS refuses a disk with neither, so that none is created empty.
		given(`terraform_data.ecs_disk_restored["d-never"]`, "snapshot_id", knownvalue.Null()),
		given(`terraform_data.ecs_disk_restored["d-never"]`, "size", knownvalue.Null()),
	}
	resource.UnitTest(t, exampleCase(earlier, nothing))
}

func testExampleImage(t *testing.T, file string) {
	system := func(id, created string) ecstest.Snapshot {
		s := exampleBackup(id, "d-system", created)
		s.SourceDiskType = "System"
		return s
	}
	unavailable, unfinished := system("s-unavailable", "2026-05-03T00:30:00Z"), system("s-unfinished", "2026-05-04T03:00:00Z")
	unavailable.Available = new(false)
	// A disk can be created from it, an image can't.
	unfinished.Status, unfinished.Progress, unfinished.Available = "progressing", "45%", new(true)
	h := newHistory(
		t,
		system("s-1", "2026-05-01T02:00:00Z"),
		unavailable,
		system("s-3-morning", "2026-05-03T02:00:00Z"),
		system("s-3-evening", "2026-05-03T20:00:00Z"),
		system("s-4", "2026-05-04T02:00:00Z"),
		unfinished,
	)
	const kept, daily = "terraform_data.image_kept", `terraform_data.image_daily["2026-05-03"]`
	step := resource.TestStep{
		Config: exampleTwin(t, file, h.service),
		ConfigVariables: config.Variables{
			"system_disk_id": config.StringVariable("d-system"),
			"days":           config.SetVariable(config.StringVariable("2026-05-03")),
		},
	}
	first := step
	first.ConfigStateChecks = []statecheck.StateCheck{
		given(kept, "snapshot_id", knownvalue.StringExact("s-4")),
		given(kept, "image_name", knownvalue.StringExact("golden-20260504-020000")),
		given(daily, "snapshot_id", knownvalue.StringExact("s-3-morning")),
		statecheck.ExpectKnownOutputValue("image_id", knownvalue.NotNull()),
		statecheck.ExpectKnownOutputValue("daily", knownvalue.MapSizeExact(1)),
	}
	// As with terraform apply -replace.
	replaced := after(nil, step, action(kept, plancheck.ResourceActionCreateBeforeDestroy), action(daily, plancheck.ResourceActionNoop))
	replaced.Taint = []string{kept}
	replaced.ConfigStateChecks = []statecheck.StateCheck{given(kept, "snapshot_id", knownvalue.StringExact("s-5"))}
	resource.UnitTest(t, exampleCase(
		first,
		unchanged(h.releaseInstance, step),
		unchanged(h.add(system("s-5", "2026-05-05T02:00:00Z"), system("s-3-night", "2026-05-03T01:00:00Z")), step),
		replaced,
		unchanged(h.expire("s-5", "s-3-morning"), step),
		unchanged(h.expireAll, step),
		nothing,
	))
}

// testExampleSnapshots is the disk on the reference page of aliyun_ecs_snapshots.
func testExampleSnapshots(t *testing.T, file string) {
	const disk = "terraform_data.ecs_disk_restored"
	backup := func(id, created string) ecstest.Snapshot {
		s := exampleBackup(id, "d-bp1h0a2b3c4d5e6f7g8h", created)
		s.Tags = []ecstest.Tag{{Key: "env", Value: "prod"}}
		return s
	}
	h := newHistory(t, backup("s-1", "2026-05-01T02:00:00Z"))
	step := resource.TestStep{Config: providerBlock(h.service) + exampleTwin(t, file, h.service)}
	first, never := step, step
	first.ConfigStateChecks = []statecheck.StateCheck{
		given(disk, "snapshot_id", knownvalue.StringExact("s-1")),
		given(disk, "size", knownvalue.Int64Exact(100)),
	}
	resource.UnitTest(t, exampleCase(
		first,
		unchanged(h.releaseInstance, step),
		unchanged(h.add(backup("s-2", "2026-05-02T02:00:00Z")), step),
		unchanged(h.expire("s-1"), step),
		unchanged(h.expireAll, step),
	))

	never.ConfigStateChecks = []statecheck.StateCheck{
		given(disk, "snapshot_id", knownvalue.Null()),
		given(disk, "size", knownvalue.Int64Exact(40)),
	}
	resource.UnitTest(t, exampleCase(never))
}
