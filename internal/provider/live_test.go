package provider

import (
	"os"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
)

// liveProvider is for tests against a real account. They only read. They run
// with TF_ACC=1, a region in the environment, and credentials wherever the
// provider finds them.
func liveProvider(t *testing.T) map[string]func() (tfprotov6.ProviderServer, error) {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("reads a real account's snapshots: set TF_ACC=1, ALIBABA_CLOUD_REGION and credentials, or run make testacc-live")
	}
	return map[string]func() (tfprotov6.ProviderServer, error){
		"aliyun": func() (tfprotov6.ProviderServer, error) { return NewServer("test"), nil },
	}
}

// The list and its parts agree, whatever the account has.
func TestAccLiveSnapshots(t *testing.T) {
	t.Parallel()
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: liveProvider(t),
		Steps: []resource.TestStep{{
			Config: `
data "aliyun_ecs_snapshots" "all" {}
data "aliyun_ecs_snapshots" "accomplished" { status = "accomplished" }
data "aliyun_ecs_snapshots" "unencrypted" { encrypted = false }
data "aliyun_ecs_snapshots" "encrypted" { encrypted = true }
data "aliyun_ecs_snapshots" "newest" { limit = 1 }

output "consistent" {
  value = alltrue([
    length(data.aliyun_ecs_snapshots.all.ids) == length(data.aliyun_ecs_snapshots.all.snapshots),
    length(setsubtract(data.aliyun_ecs_snapshots.accomplished.ids, data.aliyun_ecs_snapshots.all.ids)) == 0,
    length(setintersection(data.aliyun_ecs_snapshots.unencrypted.ids, data.aliyun_ecs_snapshots.encrypted.ids)) == 0,
    length(data.aliyun_ecs_snapshots.newest.ids) == min(1, length(data.aliyun_ecs_snapshots.all.ids)),
  ])
}
`,
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownOutputValue("consistent", knownvalue.Bool(true)),
				statecheck.ExpectKnownValue("data.aliyun_ecs_snapshots.all", tfjsonpath.New("region_id"), knownvalue.NotNull()),
			},
		}},
	})
}

// A dry run tells whether keys and permission are right, and lists nothing.
func TestAccLiveDryRun(t *testing.T) {
	t.Parallel()
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: liveProvider(t),
		Steps: []resource.TestStep{{
			Config: `data "aliyun_ecs_snapshots" "check" { dry_run = true }`,
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("data.aliyun_ecs_snapshots.check", tfjsonpath.New("ids"), knownvalue.ListExact(nil)),
			},
		}},
	})
}
