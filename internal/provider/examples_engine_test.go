package provider

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
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

// buildExampleProvider builds the provider into a folder, beside the CLI
// configuration that makes Terraform take it from there.
func buildExampleProvider(ctx context.Context, dir string) error {
	build := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-o", dir, ".") //nolint:gosec // A test's own folder.
	build.Dir = "../.."
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, out)
	}
	return os.WriteFile(filepath.Join(dir, "cli.tfrc"), fmt.Appendf(nil, `provider_installation {
  dev_overrides {
    "registry.terraform.io/seed01464933/aliyun" = %[1]q
    "registry.opentofu.org/seed01464933/aliyun" = %[1]q
  }
  direct {}
}
`, dir), 0o600)
}

func writeExampleFile(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// runBuilt runs a command with the built provider, and with the service's keys in
// the environment.
func (x example) runBuilt(t *testing.T, work string, arguments ...string) string {
	t.Helper()
	if err := x.build(); err != nil {
		t.Fatal(err)
	}
	command := exampleEngine(t, append(arguments, "-no-color")...)
	command.Dir = work
	command.Env = append(command.Env, "TF_CLI_CONFIG_FILE="+filepath.Join(x.provider, "cli.tfrc"),
		"ALIBABA_CLOUD_ACCESS_KEY_ID="+ecstest.AccessKeyID, "ALIBABA_CLOUD_ACCESS_KEY_SECRET="+ecstest.AccessKeySecret, "ALIBABA_CLOUD_SECURITY_TOKEN=")
	out, err := command.CombinedOutput()
	if err != nil {
		t.Errorf("terraform %s: %v\n%s", arguments[0], err, out)
	}
	return string(out)
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
func testExampleProvider(t *testing.T, x example) {
	own, backup := exampleBackup("s-own", "d-1", "2026-05-01T02:00:00Z"), exampleBackup("s-backup", "d-1", "2026-05-01T02:00:00Z")
	own.RegionID, backup.RegionID = "cn-hangzhou", "cn-beijing"
	service := ecstest.Start(t, own, backup)
	work := t.TempDir()
	writeExampleFile(t, work, "main.tf", exampleTwin(t, x.file, service)+`
terraform {
  required_providers {
    aliyun = { source = "seed01464933/aliyun" }
  }
}
data "aliyun_ecs_snapshots" "own" {}
data "aliyun_ecs_snapshots" "backup" { provider = aliyun.backup }
output "found" { value = join(" and ", concat(data.aliyun_ecs_snapshots.own.ids, data.aliyun_ecs_snapshots.backup.ids)) }
`)
	if out := x.runBuilt(t, work, "plan"); !strings.Contains(out, `found = "s-own and s-backup"`) {
		t.Errorf("each region's snapshot must be found:\n%s", out)
	}
	if service.CallCount(ecstest.ActionAssumeRole) == 0 {
		t.Error("the role was not assumed")
	}
}
