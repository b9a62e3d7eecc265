package provider

import (
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// What people run beside plan and apply works with the data sources' states.
func TestCommands(t *testing.T) {
	t.Parallel()
	sample := ecstest.Sample(30)
	terraform := newCLI(t, providerBlock(ecstest.Start(t, sample...))+`
data "aliyun_ecs_snapshots" "all" {}
data "aliyun_ecs_snapshot" "newest" {
  most_recent = true
  filter { disk_id = data.aliyun_ecs_snapshots.all.latest.source_disk_id }
}
output "newest" { value = data.aliyun_ecs_snapshot.newest.snapshot_id }
`)
	newest := usableLatest(sample)[""]
	wantTexts(t, terraform.must("validate"), "The configuration is valid")
	wantTexts(t, terraform.must("apply", "-auto-approve"), "newest = \""+newest+"\"")
	terraform.must("refresh")
	wantTexts(t, terraform.must("output", "-json"), newest)
	wantTexts(t, terraform.must("state", "list"), "data.aliyun_ecs_snapshot.newest", "data.aliyun_ecs_snapshots.all")
	wantTexts(t, terraform.must("graph"), "data.aliyun_ecs_snapshot.newest")

	terraform.stdin = "length(data.aliyun_ecs_snapshots.all.ids)\n"
	if text := strings.TrimSpace(terraform.must("console")); !strings.HasSuffix(text, "30") {
		t.Errorf("the console says %q", text)
	}
	if diff := shownValue(t, terraform.must("show", "-json"), "data.aliyun_ecs_snapshot.newest", "snapshot_id"); diff != newest {
		t.Errorf("show says %q, want %q", diff, newest)
	}
}

// The official provider's block, as its documentation writes it, is valid here for all that both have.
func TestOfficialProvidersBlock(t *testing.T) {
	t.Parallel()
	terraform := newCLI(t, `
variable "access_key" {
  type    = string
  default = "LTAI0000"
}
provider "aliyun" {
  region                  = "cn-hangzhou"
  access_key              = var.access_key
  secret_key              = "secret"
  security_token          = "token"
  profile                 = "customprofile"
  shared_credentials_file = "/Users/tf_user/.aliyun/creds"
  ecs_role_name           = "terraform-provider-alicloud"
  credentials_uri         = "http://127.0.0.1:6666/uri"
  assume_role {
    role_arn           = "acs:ram::123456789012****:role/ROLE_NAME"
    policy             = "{\"Version\": \"1\", \"Statement\": []}"
    session_name       = "SESSION_NAME"
    session_expiration = 999
    external_id        = "EXTERNAL_ID"
  }
  assume_role_with_oidc {
    oidc_provider_arn  = "acs:ram::123456789012****:oidc-provider/name"
    role_arn           = "acs:ram::123456789012****:role/name"
    oidc_token_file    = "/Users/tf_user/secrets/oidc-token"
    policy             = "{\"Version\": \"1\", \"Statement\": []}"
    role_session_name  = "SESSION_NAME"
    session_expiration = 3600
  }
  endpoints {
    ecs = "ecs.cn-hangzhou.aliyuncs.com"
    sts = "sts.cn-hangzhou.aliyuncs.com"
  }
}
data "aliyun_ecs_snapshots" "all" {}
`)
	wantTexts(t, terraform.must("validate"), "The configuration is valid")
}

// A state that version 0.1.0 wrote is still read, and means the same: the plan is
// empty. Attributes that came later are in none of its outputs.
func TestStateOfAnEarlierVersion(t *testing.T) {
	t.Parallel()
	state, err := os.ReadFile("testdata/0.1.0.tfstate")
	if err != nil {
		t.Fatal(err)
	}
	terraform := newCLI(t, providerBlock(ecstest.Start(t, ecstest.Sample(5)...))+`
data "aliyun_ecs_snapshots" "all" {}
data "aliyun_ecs_snapshot" "newest" { most_recent = true }
output "ids" { value = data.aliyun_ecs_snapshots.all.ids }
output "latest" { value = data.aliyun_ecs_snapshots.all.latest.snapshot_id }
output "newest" { value = data.aliyun_ecs_snapshot.newest.snapshot_id }
`)
	host := cmp.Or(os.Getenv("TF_ACC_PROVIDER_HOST"), "registry.terraform.io") // OpenTofu has its own.
	writeFile(t, filepath.Join(terraform.folder, "terraform.tfstate"), strings.ReplaceAll(string(state), "registry.terraform.io", host))
	if shown := shownValue(t, terraform.must("show", "-json"), "data.aliyun_ecs_snapshot.newest", "snapshot_id"); shown != usableLatest(ecstest.Sample(5))[""] {
		t.Errorf("show says %q", shown)
	}
	if text, code := terraform.run("plan", "-detailed-exitcode"); code != 0 {
		t.Errorf("the plan ended with %d:\n%s", code, text)
	}
}

// shownValue is an attribute's value in what show -json prints.
func shownValue(t *testing.T, text, address, attribute string) any {
	t.Helper()
	var shown struct {
		Values struct {
			RootModule struct {
				Resources []struct {
					Address string
					Values  map[string]any
				}
			} `json:"root_module"`
		}
	}
	if err := json.Unmarshal([]byte(text[strings.IndexByte(text, '{'):]), &shown); err != nil {
		t.Fatalf("%v:\n%s", err, text)
	}
	for _, resource := range shown.Values.RootModule.Resources {
		if resource.Address == address {
			return resource.Values[attribute]
		}
	}
	return nil
}
