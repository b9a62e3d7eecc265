package provider

import (
	"strings"
	"testing"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// A slip never picks another disk, or widens a session, without a word: Terraform names
// the slip, and its line.
func TestSlipsInBlocks(t *testing.T) {
	t.Parallel()
	const plain = "provider \"aliyun\" { region = \"cn-hangzhou\" }\n"
	for name, test := range map[string]struct {
		config string
		want   []string
	}{
		"a filter's name": {
			plain + "data \"aliyun_ecs_snapshot\" \"x\" {\n  most_recent = true\n  filter {\n    source_disk_id = \"d-04\"\n    status = \"accomplished\"\n  }\n}",
			[]string{`: source_disk_id = "d-04"`, `An argument named "source_disk_id" is not expected here`},
		},
		"a filter outside": {plain + "data \"aliyun_ecs_snapshot\" \"x\" {\n  disk_id = \"d-04\"\n}", []string{`: disk_id = "d-04"`, `"disk_id" is not expected here`}},
		"a filter outside that is an attribute": {
			plain + "data \"aliyun_ecs_snapshot\" \"x\" {\n  status = \"accomplished\"\n}", []string{`: status = "accomplished"`, "within filter { ... }"},
		},
		"a filter as an attribute": {
			plain + "data \"aliyun_ecs_snapshot\" \"x\" {\n  filter = { disk_id = \"d\" }\n}", []string{`: filter = { disk_id`, `define a block of type "filter"`},
		},
		"a bad value": {
			plain + "data \"aliyun_ecs_snapshot\" \"x\" {\n  filter {\n    disk_id = \"d\"\n    status = \"completed\"\n  }\n}",
			[]string{`: status = "completed"`, "Invalid filter.status", `Did you mean "accomplished"?`},
		},
		"a timeout's name":  {plain + "data \"aliyun_ecs_snapshots\" \"x\" {\n  timeouts {\n    raed = \"5m\"\n  }\n}", []string{`: raed = "5m"`, `Did you mean "read"?`}},
		"a bad timeout":     {plain + "data \"aliyun_ecs_snapshots\" \"x\" {\n  timeouts {\n    read = \"5\"\n  }\n}", []string{`: read = "5"`, `timeouts.read is "5"`}},
		"a policy's name":   {"provider \"aliyun\" {\n  assume_role {\n    role_arn = \"" + roleARN + "\"\n    polciy = \"{}\"\n  }\n}", []string{`: polciy = "{}"`, `Did you mean "policy"?`}},
		"an endpoint's":     {"provider \"aliyun\" {\n  endpoints {\n    esc = \"x\"\n  }\n}", []string{`: esc = "x"`, `Did you mean "ecs"?`}},
		"a session's name":  {"provider \"aliyun\" {\n  assume_role_with_oidc {\n    sesion_expiration = 900\n  }\n}", []string{`: sesion_expiration = 900`, `Did you mean "session_expiration"?`}},
		"two filter blocks": {plain + "data \"aliyun_ecs_snapshot\" \"x\" {\n  filter {\n  }\n  filter {\n  }\n}", []string{"Duplicate filter block"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, code := newCLI(t, test.config+"\ndata \"aliyun_ecs_snapshots\" \"all\" {}\n").run("validate")
			if code == 0 {
				t.Fatalf("it is valid:\n%s", text)
			}
			wantTexts(t, text, test.want...)
		})
	}

	t.Run("the service's error", func(t *testing.T) {
		t.Parallel()
		service := ecstest.Start(t)
		service.Inject(ecstest.ErrorCode(404, "InvalidDiskId.NotFound", "No such disk."))
		text, _ := newCLI(t, providerBlock(service)+"data \"aliyun_ecs_snapshot\" \"x\" {\n  filter {\n    status = \"all\"\n    disk_id = \"d-x\"\n  }\n}").run("plan")
		wantTexts(t, text, "Invalid disk_id", `disk_id = "d-x"`, "No such disk.", "Argument: filter.disk_id.", "Code: InvalidDiskId.NotFound")
	})
}

// No message comes twice in a run, be it a warning or an error.
func TestMessagesComeOnce(t *testing.T) {
	t.Parallel()
	service := ecstest.Start(t, ecstest.Sample(10)...)
	for name, test := range map[string]struct{ config, command, summary string }{
		"warning of a plan":   {`data "aliyun_ecs_snapshots" "x" { dry_run = true }`, "plan", "Dry Run Passed"},
		"warning of an apply": {`data "aliyun_ecs_snapshots" "x" { dry_run = true }`, "apply", "Dry Run Passed"},
		"bad value":           {`data "aliyun_ecs_snapshots" "x" { creation_start_time = "" }`, "plan", "creation_start_time is \"\""},
		"bad region":          {`data "aliyun_ecs_snapshots" "x" { region_id = "" }`, "plan", "Invalid region_id"},
		"window": {
			"data \"aliyun_ecs_snapshots\" \"x\" {\ncreation_start_time = \"2026-05-02T00:00:00Z\"\ncreation_end_time = \"2026-05-01T00:00:00Z\"\n}", "plan", "Ends Before It Starts",
		},
		"none found": {`data "aliyun_ecs_snapshot" "x" {
  filter { disk_id = "d-x" }
}`, "plan", "No Snapshot Found"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			arguments := []string{test.command}
			if test.command == "apply" {
				arguments = append(arguments, "-auto-approve")
			}
			text, _ := newCLI(t, providerBlock(service)+test.config).run(arguments...)
			if n := strings.Count(text, test.summary); n != 1 {
				t.Errorf("%q comes %d times:\n%s", test.summary, n, text)
			}
		})
	}
}
