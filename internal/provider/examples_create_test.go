package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// Examples that create disks and images. Where the real resource would be
// replaced, its twin is updated.

func testExampleDisk(t *testing.T, x example) {
	const (
		kept      = "terraform_data.ecs_disk_kept"
		refreshed = "terraform_data.ecs_disk_refreshed"
	)
	unfinished := exampleBackup("s-unfinished", "d-source", "2026-05-03T02:00:00Z")
	unfinished.Status, unfinished.Progress = "progressing", "45%"

	service := ecstest.Start(t)
	twin := exampleTwin(t, x.file, service)
	step := func(change func(), checks ...statecheck.StateCheck) resource.TestStep {
		return resource.TestStep{
			PreConfig:         change,
			Config:            twin,
			ConfigVariables:   config.Variables{"source_disk_id": config.StringVariable("d-source")},
			ConfigStateChecks: checks,
		}
	}
	first := step(nil,
		given(kept, "snapshot_id", knownvalue.Null()), given(kept, "size", knownvalue.Int64Exact(40)),
		given(refreshed, "snapshot_id", knownvalue.Null()), given(refreshed, "size", knownvalue.Int64Exact(40)),
	)
	backedUp := step(func() { service.Put(exampleBackup("s-1", "d-source", "2026-05-01T02:00:00Z")) },
		given(refreshed, "snapshot_id", knownvalue.StringExact("s-1")), given(refreshed, "size", knownvalue.Int64Exact(100)),
	)
	backedUp.ConfigPlanChecks = planned(action(kept, plancheck.ResourceActionNoop), action(refreshed, plancheck.ResourceActionUpdate))
	backingUp := step(func() { service.Put(unfinished) })
	backingUp.ConfigPlanChecks = planned(plancheck.ExpectEmptyPlan())
	expired := step(func() { service.Delete("s-1", "s-unfinished") })
	expired.ConfigPlanChecks = planned(action(kept, plancheck.ResourceActionNoop))
	resource.UnitTest(t, exampleCase(first, backedUp, backingUp, expired))

	service.Put(exampleBackup("s-2", "d-source", "2026-05-02T02:00:00Z"))
	resource.UnitTest(t, exampleCase(step(nil,
		given(kept, "snapshot_id", knownvalue.StringExact("s-2")), given(kept, "size", knownvalue.Int64Exact(100)),
	)))
}

func testExampleInstance(t *testing.T, x example) {
	snapshots := []ecstest.Snapshot{
		exampleBackup("s-a-1", "d-a", "2026-05-01T02:00:00Z"),
		exampleBackup("s-a-2", "d-a", "2026-05-02T02:00:00Z"),
		exampleBackup("s-a-3", "d-a", "2026-05-03T02:00:00Z"),
		exampleBackup("s-b-1", "d-b", "2026-05-01T02:00:00Z"),
		exampleBackup("s-system", "d-system", "2026-05-01T02:00:00Z"),
		exampleBackup("s-other", "d-other", "2026-05-01T02:00:00Z"),
	}
	for i := range snapshots {
		snapshots[i].InstanceID = "i-source"
	}
	snapshots[2].Status = "failed"
	snapshots[4].SourceDiskType = "system"
	snapshots[5].InstanceID = "i-other"
	service := ecstest.Start(t, snapshots...)

	const diskA, diskB = `terraform_data.ecs_disk_restored["d-a"]`, `terraform_data.ecs_disk_restored["d-b"]`
	const attachment = `terraform_data.ecs_disk_attachment_restored["d-a"]`
	const image = `terraform_data.image_system["d-system"]`
	restored := func(a string) statecheck.StateCheck {
		return statecheck.ExpectKnownOutputValue("restored", knownvalue.ObjectExact(map[string]knownvalue.Check{
			"d-a":      knownvalue.StringExact(a),
			"d-b":      knownvalue.StringExact("s-b-1 of 2026-05-01T02:00:00Z"),
			"d-system": knownvalue.StringExact("s-system of 2026-05-01T02:00:00Z"),
		}))
	}
	variables := config.Variables{
		"source_instance_id": config.StringVariable("i-source"),
		"target_instance_id": config.StringVariable("i-target"),
	}
	atPoint := config.Variables{"restore_point": config.StringVariable("2026-05-01T23:59:59Z")}
	for name, value := range variables {
		atPoint[name] = value
	}
	twin := exampleTwin(t, x.file, service)
	resource.UnitTest(t, exampleCase(
		resource.TestStep{
			Config:          twin,
			ConfigVariables: variables,
			ConfigStateChecks: []statecheck.StateCheck{
				given(diskA, "snapshot_id", knownvalue.StringExact("s-a-2")),
				given(diskB, "snapshot_id", knownvalue.StringExact("s-b-1")),
				given(attachment, "disk_id", knownvalue.NotNull()),
				given(attachment, "instance_id", knownvalue.StringExact("i-target")),
				given(image, "snapshot_id", knownvalue.StringExact("s-system")),
				statecheck.ExpectKnownOutputValue("image_id", knownvalue.NotNull()),
				restored("s-a-2 of 2026-05-02T02:00:00Z"),
			},
		},
		resource.TestStep{
			Config:            twin,
			ConfigVariables:   atPoint,
			ConfigPlanChecks:  planned(action(diskA, plancheck.ResourceActionNoop), action(diskB, plancheck.ResourceActionNoop), action(image, plancheck.ResourceActionNoop)),
			ConfigStateChecks: []statecheck.StateCheck{restored("s-a-1 of 2026-05-01T02:00:00Z")},
		},
		nothing,
	))
}

func testExampleImage(t *testing.T, x example) {
	system := func(id, created string) ecstest.Snapshot {
		s := exampleBackup(id, "d-system", created)
		s.SourceDiskType, s.InstanceID = "System", "i-pattern"
		return s
	}
	unusable := system("s-unusable", "2026-05-04T00:30:00Z")
	unavailable := false
	unusable.Available = &unavailable
	service := ecstest.Start(
		t,
		system("s-1", "2026-05-01T02:00:00Z"),
		system("s-2", "2026-05-02T02:00:00Z"),
		system("s-3-morning", "2026-05-03T02:00:00Z"),
		system("s-3-evening", "2026-05-03T20:00:00Z"),
		system("s-4", "2026-05-04T02:00:00Z"),
		unusable,
	)
	const latest = "terraform_data.image_latest"
	daily := func(day string) string { return `terraform_data.image_daily["` + day + `"]` }
	days := func(snapshots map[string]string) statecheck.StateCheck {
		want := map[string]knownvalue.Check{}
		for day, snapshot := range snapshots {
			want[day] = knownvalue.StringExact(snapshot)
		}
		return statecheck.ExpectKnownOutputValue("daily", knownvalue.ObjectExact(want))
	}
	step := resource.TestStep{
		Config:          exampleTwin(t, x.file, service),
		ConfigVariables: config.Variables{"instance_id": config.StringVariable("i-pattern")},
	}
	first, nextDay := step, step
	first.ConfigStateChecks = []statecheck.StateCheck{
		given(latest, "snapshot_id", knownvalue.StringExact("s-4")),
		given(latest, "image_name", knownvalue.StringExact("golden-20260504-020000")),
		given(daily("20260503"), "snapshot_id", knownvalue.StringExact("s-3-morning")),
		days(map[string]string{"20260502": "s-2", "20260503": "s-3-morning", "20260504": "s-4"}),
	}
	nextDay.PreConfig = func() { service.Put(system("s-5", "2026-05-05T02:00:00Z")) }
	nextDay.ConfigPlanChecks = planned(
		action(latest, plancheck.ResourceActionCreateBeforeDestroy),
		action(daily("20260502"), plancheck.ResourceActionDestroy),
		action(daily("20260503"), plancheck.ResourceActionNoop),
		action(daily("20260505"), plancheck.ResourceActionCreate),
	)
	nextDay.ConfigStateChecks = []statecheck.StateCheck{
		given(latest, "snapshot_id", knownvalue.StringExact("s-5")),
		days(map[string]string{"20260503": "s-3-morning", "20260504": "s-4", "20260505": "s-5"}),
	}
	resource.UnitTest(t, exampleCase(first, nextDay, nothing))
}
