package provider

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// What people see in Terraform when they get it wrong: the message, and the line
// that it is about.
func TestErrorsThroughTerraform(t *testing.T) {
	t.Parallel()
	service := ecstest.Start(t, ecstest.Sample(100)...)
	tests := map[string]struct{ config, want string }{
		"enumeration":   {`data "aliyun_ecs_snapshots" "x" { status = "done" }`, `(?s)Invalid status.*status = "done".*"accomplished"`},
		"empty filter":  {`data "aliyun_ecs_snapshots" "x" { disk_id = "" }`, `(?s)Invalid disk_id.*would ignore it and return\s+everything`},
		"tags":          {`data "aliyun_ecs_snapshots" "x" { tags = { "acs:x" = "y" } }`, `(?s)Invalid tags.*starts\s+with\s+"aliyun"\s+or\s+"acs:"`},
		"unknown chain": {`data "aliyun_ecs_snapshots" "x" { snapshot_link_id = "sl-unknown" }`, `(?s)Invalid snapshot_link_id.*InvalidSnapshotLinkId.NotFound.*request\s+ID`},
		"several":       {`data "aliyun_ecs_snapshot" "x" {}`, `(?s)Several Snapshots Found.*and \d+ more.*most_recent = true`},
		"none": {
			`data "aliyun_ecs_snapshot" "x" {
			   filter { disk_id = "d-unknown" }
			 }`, `(?s)No Snapshot Found.*matches\s+the\s+filters:\s+disk_id\.`,
		},
		"none usable": {
			`data "aliyun_ecs_snapshot" "x" {
			   filter { snapshot_ids = ["` + ecstest.Sample(10)[9].SnapshotID + `"] }
			 }`, `(?s)No Usable Snapshot Found.*status failed`,
		},
		"read only": {`data "aliyun_ecs_snapshots" "x" { ids = [] }`, `(?s)Read-Only Attribute.*data "aliyun_ecs_snapshots" "x"`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: factories(),
				Steps: []resource.TestStep{{
					Config:      providerBlock(service) + test.config,
					ExpectError: regexp.MustCompile(test.want),
					PlanOnly:    true,
				}},
			})
		})
	}
}
