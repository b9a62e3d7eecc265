package provider

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// exampleTests has a test for each configuration under examples.
var exampleTests = map[string]func(t *testing.T, file string){
	"audits/main.tf": testExampleAudits,
	"data-sources/aliyun_ecs_snapshot/by_id.tf":        testExampleByID,
	"data-sources/aliyun_ecs_snapshot/data-source.tf":  testExampleSnapshot,
	"data-sources/aliyun_ecs_snapshot/for_image.tf":    testExampleForImage,
	"data-sources/aliyun_ecs_snapshots/by_disk.tf":     testExampleByDisk,
	"data-sources/aliyun_ecs_snapshots/data-source.tf": testExampleSnapshots,
	"data-sources/aliyun_ecs_snapshots/period.tf":      testExamplePeriod,
	"demo/main.tf":                    testExampleDemo,
	"disk-from-latest/main.tf":        testExampleDisk,
	"image-from-latest/main.tf":       testExampleImage,
	"migrating-from-alicloud/main.tf": testExampleMigrated,
	"module-tests/main.tf":            testExampleModule,
	"provider/provider.tf":            testExampleProvider,
	"quick-start/main.tf":             testExampleQuickStart,
	"restore-instance-disks/main.tf":  testExampleInstance,
	"restore-point/main.tf":           testExampleRestorePoint,
}

func TestExamples(t *testing.T) {
	t.Parallel()
	err := fs.WalkDir(os.DirFS(exampleDir), ".", func(file string, _ fs.DirEntry, err error) error {
		if err != nil || path.Ext(file) != ".tf" {
			return err
		}
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			test, ok := exampleTests[file]
			if !ok {
				t.Fatal("no test runs this example")
			}
			test(t, file)
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// exampleCase runs steps with Terraform of at least 1.4, which brought the
// terraform_data of twins.
func exampleCase(steps ...resource.TestStep) resource.TestCase {
	return resource.TestCase{
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_4_0)},
		ProtoV6ProviderFactories: factories(),
		Steps:                    steps,
	}
}

// exampleBackup is a usable snapshot of a data disk of 100 GiB.
func exampleBackup(id, disk, created string) ecstest.Snapshot {
	return ecstest.Snapshot{
		SnapshotID:     id,
		Status:         "accomplished",
		Progress:       "100%",
		CreationTime:   created,
		SnapshotType:   "auto",
		SourceDiskID:   disk,
		SourceDiskType: "data",
		SourceDiskSize: 100,
		Encrypted:      true,
	}
}

// given asserts what a resource's twin is given as an argument.
func given(twin, argument string, value knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(twin, tfjsonpath.New("output").AtMapKey(argument), value)
}

// nothing ends a case whose resources have for_each, which the framework can't
// destroy by itself.
var nothing = resource.TestStep{Config: "# Nothing."}

func action(twin string, kind plancheck.ResourceActionType) plancheck.PlanCheck {
	return plancheck.ExpectResourceAction(twin, kind)
}

func planned(checks ...plancheck.PlanCheck) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: checks}
}

func testExampleQuickStart(t *testing.T, file string) {
	service := ecstest.Start(t)
	twin := exampleTwin(t, file, service)
	resource.UnitTest(t, exampleCase(
		resource.TestStep{
			Config: twin,
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownOutputValue("snapshots", knownvalue.Int64Exact(0)),
				statecheck.ExpectKnownOutputValue("newest", knownvalue.StringExact("none yet")),
			},
		},
		resource.TestStep{
			PreConfig: func() { service.Put(exampleBackup("s-first", "d-1", "2026-05-01T02:00:00Z")) },
			Config:    twin,
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownOutputValue("snapshots", knownvalue.Int64Exact(1)),
				statecheck.ExpectKnownOutputValue("newest", knownvalue.StringExact("s-first")),
			},
		},
	))
}

// testExampleMigrated is what the migration guide ends with.
func testExampleMigrated(t *testing.T, file string) {
	nightly := exampleBackup("s-nightly", "d-bp1h0a2b3c4d5e6f7g8h", "2026-05-02T02:00:00Z")
	untagged := exampleBackup("s-untagged", "d-bp1h0a2b3c4d5e6f7g8h", "2026-05-03T02:00:00Z")
	nightly.Tags = []ecstest.Tag{{Key: "env", Value: "prod"}}
	service := ecstest.Start(t, nightly, untagged)
	step := resource.TestStep{Config: exampleTwin(t, file, service)}
	found, none := step, step
	found.ConfigStateChecks = []statecheck.StateCheck{statecheck.ExpectKnownOutputValue("latest", knownvalue.StringExact("s-nightly"))}
	none.PreConfig = func() { service.Delete("s-nightly") }
	none.ConfigStateChecks = []statecheck.StateCheck{statecheck.ExpectKnownOutputValue("latest", knownvalue.StringExact("none yet"))}
	resource.UnitTest(t, exampleCase(found, none))
}

func testExampleByDisk(t *testing.T, file string) {
	shop := exampleBackup("s-shop", "d-1", "2026-05-02T02:00:00Z")
	shop.Tags = []ecstest.Tag{{Key: "app", Value: "shop"}}
	service := ecstest.Start(t, shop, exampleBackup("s-other", "d-2", "2026-05-02T02:00:00Z"))
	resource.UnitTest(t, exampleCase(resource.TestStep{
		Config: providerBlock(service) + exampleTwin(t, file, service),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownOutputValue("latest_by_disk", knownvalue.ObjectExact(map[string]knownvalue.Check{"d-1": knownvalue.StringExact("s-shop")})),
		},
	}))
}

func testExamplePeriod(t *testing.T, file string) {
	may := exampleBackup("s-may", "d-2", "2026-05-31T15:59:59Z")
	may.SnapshotName = "before-upgrade-2"
	june := exampleBackup("s-june", "d-2", "2026-05-31T16:00:00Z")
	june.SnapshotName = "before-upgrade-3"
	service := ecstest.Start(t, may, june)
	resource.UnitTest(t, exampleCase(resource.TestStep{
		Config: providerBlock(service) + exampleTwin(t, file, service),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownOutputValue("may_names", knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact("before-upgrade-2")})),
		},
	}))
}

// oneSnapshot tests an example of aliyun_ecs_snapshot: the output where there is
// the snapshot, and the error where there is none.
func oneSnapshot(t *testing.T, file string, output string, want knownvalue.Check, snapshots ...ecstest.Snapshot) {
	t.Helper()
	service := ecstest.Start(t, snapshots...)
	found := resource.TestStep{
		Config:            providerBlock(service) + exampleTwin(t, file, service),
		ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownOutputValue(output, want)},
	}
	none := resource.TestStep{
		PreConfig: func() {
			for _, s := range snapshots {
				service.Delete(s.SnapshotID)
			}
		},
		Config:      found.Config,
		ExpectError: regexp.MustCompile("No Snapshot Found"),
	}
	resource.UnitTest(t, exampleCase(found, none))
}

func testExampleSnapshot(t *testing.T, file string) {
	const disk = "d-bp1h0a2b3c4d5e6f7g8h"
	older, newer, manual := exampleBackup("s-older", disk, "2026-05-01T02:00:00Z"), exampleBackup("s-newer", disk, "2026-05-02T02:00:00Z"), exampleBackup("s-manual", disk, "2026-05-03T02:00:00Z")
	manual.SnapshotType = "user"
	oneSnapshot(t, file, "nightly", knownvalue.StringExact("s-newer"), older, newer, manual)
}

func testExampleByID(t *testing.T, file string) {
	oneSnapshot(t, file, "release_size", knownvalue.Int64Exact(100),
		exampleBackup("s-bp1h0a2b3c4d5e6f7g8h", "d-1", "2026-05-01T02:00:00Z"), exampleBackup("s-other", "d-1", "2026-05-02T02:00:00Z"))
}

func testExampleForImage(t *testing.T, file string) {
	complete := exampleBackup("s-complete", "d-1", "2026-05-01T02:00:00Z")
	complete.SourceDiskType, complete.Tags = "System", []ecstest.Tag{{Key: "app", Value: "shop"}}
	unfinished := complete
	unfinished.SnapshotID, unfinished.CreationTime, unfinished.Status, unfinished.Available = "s-unfinished", "2026-05-02T02:00:00Z", "progressing", new(true)
	oneSnapshot(t, file, "image_from", knownvalue.StringExact("s-complete"), complete, unfinished)
}

func testExampleDemo(t *testing.T, file string) {
	demo := exampleTwin(t, file, ecstest.Start(t, ecstest.Sample(300)...))
	resource.UnitTest(t, exampleCase(
		resource.TestStep{
			Config: demo,
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownOutputValue("disk_from", knownvalue.StringRegexp(regexp.MustCompile(`^snapshot_id = s-\w+, size = \d+$`))),
				statecheck.ExpectKnownOutputValue("image_from", knownvalue.StringRegexp(regexp.MustCompile(`^snapshot_id = s-\w+$`))),
			},
		},
		resource.TestStep{
			Config:          demo,
			ConfigVariables: config.Variables{"region": config.StringVariable("cn-beijing")},
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownOutputValue("newest", knownvalue.StringExact("none")),
				statecheck.ExpectKnownOutputValue("disk_from", knownvalue.StringExact("none")),
				statecheck.ExpectKnownOutputValue("image_from", knownvalue.StringExact("none")),
			},
		},
	))
}

func testExampleRestorePoint(t *testing.T, file string) {
	snapshots := []ecstest.Snapshot{
		exampleBackup("s-before", "d-db", "2026-05-01T02:00:00Z"),
		exampleBackup("s-at", "d-db", "2026-05-02T02:00:00Z"),
		exampleBackup("s-after", "d-db", "2026-05-02T02:00:01Z"),
		exampleBackup("s-beijing", "d-web", "2026-04-30T02:00:00Z"),
	}
	for i := range snapshots {
		snapshots[i].RegionID = "cn-hangzhou"
		snapshots[i].Tags = []ecstest.Tag{{Key: "app", Value: "shop"}}
	}
	snapshots[3].RegionID = "cn-beijing"
	service := ecstest.Start(t, snapshots...)

	resource.UnitTest(t, exampleCase(resource.TestStep{
		Config: exampleTwin(t, file, service),
		ConfigVariables: config.Variables{
			"restore_point": config.StringVariable("2026-05-02T10:00:00+08:00"),
			"disk_id":       config.StringVariable("d-db"),
		},
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownOutputValue("disk", knownvalue.StringExact("s-at of 2026-05-02T02:00:00Z")),
			statecheck.ExpectKnownOutputValue("application", knownvalue.ObjectExact(map[string]knownvalue.Check{
				"cn-hangzhou": knownvalue.ObjectExact(map[string]knownvalue.Check{"d-db": knownvalue.StringExact("s-at of 2026-05-02T02:00:00Z")}),
				"cn-beijing":  knownvalue.ObjectExact(map[string]knownvalue.Check{"d-web": knownvalue.StringExact("s-beijing of 2026-04-30T02:00:00Z")}),
			})),
		},
	}, nothing))
}
