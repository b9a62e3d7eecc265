package provider

import (
	"cmp"
	"os"
	"os/exec"
	"testing"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// exampleEngine is a command of the Terraform or OpenTofu that
// terraform-plugin-testing uses too.
func exampleEngine(t *testing.T, arguments ...string) *exec.Cmd {
	t.Helper()
	engine := cmp.Or(os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform")
	command := exec.CommandContext(t.Context(), engine, arguments...) //nolint:gosec // The engine is the developer's choice.
	command.Env = append(os.Environ(), "CHECKPOINT_DISABLE=1")
	return command
}

// withKeys runs commands with the built provider, and with the service's keys in the environment.
func withKeys(t *testing.T, config string) *cli {
	t.Helper()
	return newCLI(t, config, "ALIBABA_CLOUD_ACCESS_KEY_ID="+ecstest.AccessKeyID, "ALIBABA_CLOUD_ACCESS_KEY_SECRET="+ecstest.AccessKeySecret)
}

func TestExamplesFormatted(t *testing.T) {
	t.Parallel()
	out, err := exampleEngine(t, "fmt", "-check", "-recursive", "-diff", exampleDir).Output()
	if err != nil {
		t.Errorf("terraform fmt: %v\n%s", err, out)
	}
}

// testExampleProvider runs the built provider, since the framework serves all of a
// configuration's provider blocks by one instance.
func testExampleProvider(t *testing.T, file string) {
	own, backup := exampleBackup("s-own", "d-1", "2026-05-01T02:00:00Z"), exampleBackup("s-backup", "d-1", "2026-05-01T02:00:00Z")
	own.RegionID, backup.RegionID = "cn-hangzhou", "cn-beijing"
	service := ecstest.Start(t, own, backup)
	terraform := withKeys(t, exampleTwin(t, file, service)+`
data "aliyun_ecs_snapshots" "own" {}
data "aliyun_ecs_snapshots" "backup" { provider = aliyun.backup }
output "found" { value = join(" and ", concat(data.aliyun_ecs_snapshots.own.ids, data.aliyun_ecs_snapshots.backup.ids)) }
`)
	wantTexts(t, terraform.must("plan"), `found = "s-own and s-backup"`)
	if service.CallCount(ecstest.ActionAssumeRole) == 0 {
		t.Error("the role was not assumed")
	}
}
