package provider

import (
	"archive/zip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// needEngine skips where the engine is neither a Terraform nor an OpenTofu of at
// least the minor version, which is 0 where none has what is tested.
func needEngine(t *testing.T, terraform, tofu int) {
	t.Helper()
	out, err := exampleEngine(t, "version").Output()
	if err != nil {
		t.Fatal(err)
	}
	var name string
	var minor int
	if _, err := fmt.Sscanf(string(out), "%s v1.%d", &name, &minor); err != nil {
		t.Fatalf("the engine's version is %q: %v", out, err)
	}
	least := map[string]int{"Terraform": terraform, "OpenTofu": tofu}[name]
	if least == 0 || minor < least {
		t.Skipf("%s 1.%d doesn't have it", name, minor)
	}
}

// An instance of the provider for each region.
func TestProviderForEach(t *testing.T) {
	t.Parallel()
	needEngine(t, 0, 9)
	snapshots := ecstest.Sample(2)
	snapshots[1].RegionID = "cn-beijing"
	terraform := newCLI(t, fmt.Sprintf(`
locals { regions = toset([%q, "cn-beijing"]) }
provider "aliyun" {
  alias    = "in"
  for_each = local.regions
  region   = each.value
  access_key = %q
  secret_key = %q
  endpoints { ecs = %q }
}
data "aliyun_ecs_snapshots" "in" {
  for_each = toset([for region in local.regions : region if region != "cn-shanghai"])
  provider = aliyun.in[each.value]
}
output "ids" { value = { for region, found in data.aliyun_ecs_snapshots.in : region => found.ids } }
`, ecstest.SampleRegion, ecstest.AccessKeyID, ecstest.AccessKeySecret, ecstest.Start(t, snapshots...).URL))
	terraform.must("apply", "-auto-approve")
	var got map[string][]string
	terraform.output("ids", &got)
	want := map[string][]string{ecstest.SampleRegion: {snapshots[0].SnapshotID}, "cn-beijing": {snapshots[1].SnapshotID}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("wrong snapshots (-want +got):\n%s", diff)
	}
}

func TestEncryptedState(t *testing.T) {
	t.Parallel()
	needEngine(t, 0, 7)
	sample := ecstest.Sample(3)
	terraform := newCLI(t, providerBlock(ecstest.Start(t, sample...))+`
terraform {
  encryption {
    key_provider "pbkdf2" "key" {
      passphrase = "a passphrase for a test"
    }
    method "aes_gcm" "state" {
      keys = key_provider.pbkdf2.key
    }
    state {
      method = method.aes_gcm.state
    }
  }
}
data "aliyun_ecs_snapshots" "all" {}
output "ids" { value = data.aliyun_ecs_snapshots.all.ids }
`)
	terraform.must("apply", "-auto-approve")
	state, err := os.ReadFile(filepath.Join(terraform.folder, "terraform.tfstate"))
	if err != nil {
		t.Fatal(err)
	}
	if text := string(state); !strings.Contains(text, "encrypted_data") || strings.Contains(text, sample[0].SnapshotID) {
		t.Errorf("the state is not encrypted:\n%s", text)
	}
	if text, code := terraform.run("plan", "-detailed-exitcode"); code != 0 {
		t.Errorf("the second plan ended with %d:\n%s", code, text)
	}
}

// What is excluded is not read.
func TestExclude(t *testing.T) {
	t.Parallel()
	needEngine(t, 0, 9)
	service := ecstest.Start(t, ecstest.Sample(3)...)
	newCLI(t, providerBlock(service)+`
data "aliyun_ecs_snapshots" "all" {}
data "aliyun_ecs_snapshots" "complete" { status = "accomplished" }
`).must("plan", "-exclude=data.aliyun_ecs_snapshots.complete")
	if n := service.CallCount(ecstest.ActionDescribeSnapshots); n != 1 {
		t.Errorf("the plan made %d requests, want 1", n)
	}
}

// A key in an ephemeral variable is in no saved plan, nor in the state.
func TestEphemeralKeys(t *testing.T) {
	t.Parallel()
	needEngine(t, 10, 11)
	terraform := newCLI(t, fmt.Sprintf(`
variable "secret_key" {
  type      = string
  ephemeral = true
}
provider "aliyun" {
  region     = %q
  access_key = %q
  secret_key = var.secret_key
  endpoints { ecs = %q }
}
data "aliyun_ecs_snapshots" "all" {}
output "count" { value = length(data.aliyun_ecs_snapshots.all.ids) }
`, ecstest.SampleRegion, ecstest.AccessKeyID, ecstest.Start(t, ecstest.Sample(3)...).URL))
	key := "-var=secret_key=" + ecstest.AccessKeySecret
	terraform.must("plan", "-out=plan", key)
	terraform.must("apply", key, "plan")

	plan, err := zip.OpenReader(filepath.Join(terraform.folder, "plan"))
	if err != nil {
		t.Fatal(err)
	}
	defer plan.Close() //nolint:errcheck // It is only read.
	for _, file := range plan.File {
		content, err := plan.Open(file.Name)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(content)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), ecstest.AccessKeySecret) {
			t.Errorf("the plan has the key in %s", file.Name)
		}
	}
	state, err := os.ReadFile(filepath.Join(terraform.folder, "terraform.tfstate"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(state), ecstest.AccessKeySecret) {
		t.Error("the state has the key")
	}
}
