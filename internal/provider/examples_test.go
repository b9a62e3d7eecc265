package provider

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"sync"
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

// example is a configuration under examples, and what its test runs it with.
type example struct {
	file string
	// build builds the provider into the folder, once for all: for what needs several
	// instances of it, or a command other than plan and apply.
	build    func() error
	provider string
}

// exampleTests has a test for each configuration under examples.
var exampleTests = map[string]func(*testing.T, example){
	"audits/main.tf": testExampleAudits,
	"data-sources/aliyun_ecs_snapshot/data-source.tf":  testExampleSnapshot,
	"data-sources/aliyun_ecs_snapshots/data-source.tf": testExampleSnapshots,
	"demo/main.tf":                   testExampleDemo,
	"disk-from-latest/main.tf":       testExampleDisk,
	"image-from-latest/main.tf":      testExampleImage,
	"module-tests/main.tf":           testExampleModule,
	"provider/provider.tf":           testExampleProvider,
	"quick-start/main.tf":            testExampleQuickStart,
	"restore-instance-disks/main.tf": testExampleInstance,
	"restore-point/main.tf":          testExampleRestorePoint,
}

func TestExamples(t *testing.T) {
	t.Parallel()
	provider := t.TempDir()
	build := sync.OnceValue(func() error { return buildExampleProvider(t.Context(), provider) })
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
			test(t, example{file: file, build: build, provider: provider})
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

func testExampleQuickStart(t *testing.T, x example) {
	service := ecstest.Start(t)
	twin := exampleTwin(t, x.file, service)
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

func testExampleSnapshots(t *testing.T, x example) {
	nightly := exampleBackup("s-nightly", "d-bp1h0a2b3c4d5e6f7g8h", "2026-05-02T02:00:00Z")
	nightly.InstanceID, nightly.Tags = "i-bp1h0a2b3c4d5e6f7g8h", []ecstest.Tag{{Key: "env", Value: "prod"}}
	may := exampleBackup("s-may", "d-2", "2026-05-31T15:59:59Z")
	may.SnapshotName = "before-upgrade-2"
	june := exampleBackup("s-june", "d-2", "2026-05-31T16:00:00Z")
	june.SnapshotName = "before-upgrade-3"
	service := ecstest.Start(t, nightly, may, june)

	resource.UnitTest(t, exampleCase(resource.TestStep{
		Config: providerBlock(service) + exampleTwin(t, x.file, service),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownOutputValue("latest_id", knownvalue.StringExact("s-nightly")),
			statecheck.ExpectKnownOutputValue("latest_by_disk", knownvalue.ObjectExact(map[string]knownvalue.Check{
				"d-bp1h0a2b3c4d5e6f7g8h": knownvalue.StringExact("s-nightly"),
			})),
			statecheck.ExpectKnownOutputValue("may_names", knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact("before-upgrade-2")})),
		},
	}))
}

func testExampleSnapshot(t *testing.T, x example) {
	const disk = "d-bp1h0a2b3c4d5e6f7g8h"
	prod := []ecstest.Tag{{Key: "env", Value: "prod"}}
	older, newer := exampleBackup("s-older", disk, "2026-05-01T02:00:00Z"), exampleBackup("s-newer", disk, "2026-05-02T02:00:00Z")
	older.Tags, newer.Tags = prod, prod
	service := ecstest.Start(t, older, newer, exampleBackup("s-untagged", disk, "2026-05-03T02:00:00Z"))

	resource.UnitTest(t, exampleCase(resource.TestStep{
		Config: providerBlock(service) + exampleTwin(t, x.file, service),
		ConfigStateChecks: []statecheck.StateCheck{
			given("terraform_data.ecs_disk_restored", "snapshot_id", knownvalue.StringExact("s-newer")),
			given("terraform_data.ecs_disk_restored", "size", knownvalue.Int64Exact(100)),
		},
	}))
}

func testExampleDemo(t *testing.T, x example) {
	demo := exampleTwin(t, x.file, ecstest.Start(t, ecstest.Sample(300)...))
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

func testExampleRestorePoint(t *testing.T, x example) {
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
		Config: exampleTwin(t, x.file, service),
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
