package provider

import (
	"context"
	"fmt"
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// checkResults asserts how the check blocks came out: "pass", or the messages.
type checkResults map[string]string

func (want checkResults) CheckState(_ context.Context, req statecheck.CheckStateRequest, resp *statecheck.CheckStateResponse) {
	got := checkResults{}
	for _, check := range req.State.Checks {
		if check.Address.Kind != "check" {
			continue
		}
		got[check.Address.Name] = string(check.Status)
		for _, instance := range check.Instances {
			for _, problem := range instance.Problems {
				got[check.Address.Name] = problem.Message
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		resp.Error = fmt.Errorf("check blocks (-want +got):\n%s", diff)
	}
}

func testExampleAudits(t *testing.T, file string) {
	// The example's ages are counted from Terraform's own clock.
	backup := func(id, disk string, age time.Duration) ecstest.Snapshot {
		return exampleBackup(id, disk, time.Now().Add(-age).UTC().Format("2006-01-02T15:04:05Z"))
	}
	plain := backup("s-plain", "d-1", time.Hour)
	plain.Encrypted = false
	failed := backup("s-failed", "d-1", time.Hour)
	failed.Status = "failed"
	copied := backup("s-copy", "d-1", time.Hour)
	copied.SourceRegionID = "cn-beijing"
	service := ecstest.Start(t, backup("s-1", "d-critical", 25*time.Hour))

	ids := func(ids ...string) knownvalue.Check {
		list := []knownvalue.Check{}
		for _, id := range ids {
			list = append(list, knownvalue.StringExact(id))
		}
		return knownvalue.ListExact(list)
	}
	step := resource.TestStep{
		Config:          exampleTwin(t, file, service),
		ConfigVariables: config.Variables{"critical_disk_id": config.StringVariable("d-critical")},
	}
	clean, dirty, late, never := step, step, step, step
	clean.ConfigStateChecks = []statecheck.StateCheck{
		checkResults{"no_old_snapshots": "pass", "all_encrypted": "pass", "none_failed": "pass", "no_copies": "pass"},
		statecheck.ExpectKnownOutputValue("critical_backup", knownvalue.StringExact("s-1")),
	}
	dirty.PreConfig = func() {
		for day := range 6 {
			service.Put(backup(fmt.Sprintf("s-old-%d", day), "d-1", time.Duration(91+day)*24*time.Hour))
		}
		service.Put(plain, failed, copied)
	}
	dirty.ConfigStateChecks = []statecheck.StateCheck{
		checkResults{
			"no_old_snapshots": "Older than 90 days: 6 (s-old-0, s-old-1, s-old-2, s-old-3, s-old-4, ...).",
			"all_encrypted":    "Not encrypted: 1 (s-plain).",
			"none_failed":      "Failed: 1 (s-failed).",
			"no_copies":        "Copies of other regions: 1 (s-copy).",
		},
		statecheck.ExpectKnownOutputValue("old", ids("s-old-0", "s-old-1", "s-old-2", "s-old-3", "s-old-4", "s-old-5")),
		statecheck.ExpectKnownOutputValue("unencrypted", ids("s-plain")),
		statecheck.ExpectKnownOutputValue("failed", ids("s-failed")),
		statecheck.ExpectKnownOutputValue("copies", knownvalue.ObjectExact(map[string]knownvalue.Check{"s-copy": knownvalue.StringExact("cn-beijing")})),
	}
	tooLate := regexp.MustCompile(`No backup of d-critical in the last 26\s+hours`)
	late.PreConfig = func() { service.Put(backup("s-1", "d-critical", 27*time.Hour)) }
	late.ExpectError = tooLate
	never.PreConfig = func() { service.Delete("s-1") }
	never.ExpectError = tooLate

	audits := exampleCase(clean, dirty, late, never)
	audits.TerraformVersionChecks = []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_5_0)}
	resource.UnitTest(t, audits)
}
