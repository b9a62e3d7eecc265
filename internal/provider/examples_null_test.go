package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// TestExamplesOfNull asserts the migration guide's table of expressions on values
// that the response lacks.
func TestExamplesOfNull(t *testing.T) {
	t.Parallel()
	const fails = "an error"
	expressions := []struct{ expression, want string }{
		{`s.retention_days == 0`, "false"},
		{`s.retention_days == null`, "true"},
		{`s.resource_group_id != ""`, "true"},
		{`s.resource_group_id != null`, "false"},
		{`s.retention_days < 7`, fails},
		{`s.retention_days > 7`, fails},
		{`s.retention_days + 1`, fails},
		{`max(s.retention_days, 1)`, fails},
		{`coalesce(s.retention_days, 0) < 7`, "true"},
		{`length([for x in [s] : x if x.encrypted])`, fails},
		{`!s.encrypted`, fails},
		{`s.encrypted == true`, "false"},
		{`s.encrypted != true`, "true"},
		{`"used by ${s.usage}"`, fails},
		{`length(s.usage)`, fails},
		{`s.usage == null ? "" : s.usage`, ""},
		{`s.snapshot_name == "" && s.description == "" && length(s.tags) == 0`, "true"},
	}
	service := ecstest.Start(t, ecstest.Snapshot{SnapshotID: "s-1", Status: "accomplished", CreationTime: "2026-05-01T02:00:00Z", Raw: map[string]any{"Encrypted": ecstest.Absent}})
	source := providerBlock(service) + `
data "aliyun_ecs_snapshots" "all" {}
locals { s = data.aliyun_ecs_snapshots.all.snapshots[0] }
output "values" {
  value = [for s in [local.s] : [
`
	want := []knownvalue.Check{}
	for _, e := range expressions {
		source += "    try(tostring(" + e.expression + `), "` + fails + "\"),\n"
		want = append(want, knownvalue.StringExact(e.want))
	}
	source += "  ]][0]\n}\n"
	resource.UnitTest(t, exampleCase(resource.TestStep{
		Config:            source,
		ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownOutputValue("values", knownvalue.TupleExact(want))},
	}))
}
