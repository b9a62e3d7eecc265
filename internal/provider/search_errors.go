package provider

import (
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecs"
	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// maxNamed is how many snapshots an error names.
const maxNamed = 5

// search is a search for exactly one snapshot that found none or several.
type search struct {
	region     string
	filters    arguments
	usableOnly bool
	result     ecs.Result
}

func (s search) noneFound() diag.Diagnostic {
	wanted := "snapshot"
	if s.usableOnly {
		wanted = "usable snapshot"
	}
	set := describeFilters(s.filters)
	found := fmt.Sprintf("No %s in %s matches %s.", wanted, s.region, set)
	if set == "" {
		found = fmt.Sprintf("%s has no %ss.", s.region, wanted)
	}
	if len(s.result.Unusable) > 0 {
		return diag.NewAttributeErrorDiagnostic(path.Root("filter"), "No Usable Snapshot Found", detail(
			found, "These match, but can't be used:", s.named(s.result.Unusable, len(s.result.Unusable), unusableBecause),
			"Wait until one can be used, or set filter.status to take one in that status."))
	}
	return diag.NewAttributeErrorDiagnostic(path.Root("filter"), "No Snapshot Found", detail(
		found, "Check the filters and the region. If there may be none yet, use data \"aliyun_ecs_snapshots\": its latest is null then."))
}

func (s search) severalFound() diag.Diagnostic {
	count := fmt.Sprint(s.result.Count)
	if s.result.AtLeast {
		count = "At least " + count
	}
	wanted, set := "snapshots", describeFilters(s.filters)
	if s.usableOnly {
		wanted = "usable snapshots"
	}
	if set == "" {
		set = "no filter is set"
	}
	return diag.NewAttributeErrorDiagnostic(path.Root("most_recent"), "Several Snapshots Found", detail(
		fmt.Sprintf("%s %s in %s match (%s), but exactly one is needed:", count, wanted, s.region, set),
		s.named(s.result.Snapshots, s.result.Count, nil),
		fmt.Sprintf("Set most_recent = true to take the newest, or narrow the filter%s.", s.suggestion())))
}

// named lists the first few of so many snapshots, with a remark on each. A name that the filter asks
// for stays out: it is the filter's value, which may be sensitive.
func (s search) named(snapshots []ecs.Snapshot, total int, remark func(*ecs.Snapshot) string) string {
	var lines []string
	for i := range snapshots[:min(len(snapshots), maxNamed)] {
		snapshot := &snapshots[i]
		line := string(snapshot.SnapshotID)
		if snapshot.SnapshotName != "" && !s.filters.isSet("snapshot_name") {
			line += fmt.Sprintf(" %q", snapshot.SnapshotName)
		}
		if !snapshot.CreationTime.IsZero() {
			line += " created " + snapshot.CreationTime.Format(time.RFC3339)
		}
		if remark != nil {
			line += ": " + remark(snapshot)
		}
		lines = append(lines, "  - "+rpc.Redact(line)) // A hostile server's texts may be long.
	}
	if more := total - len(lines); more > 0 {
		lines = append(lines, fmt.Sprintf("  - and %d more", more))
	}
	return strings.Join(lines, "\n")
}

func unusableBecause(s *ecs.Snapshot) string {
	state := "status " + string(s.Status)
	if s.Progress.Valid && s.Status != ecs.StatusAccomplished {
		state += fmt.Sprintf(", progress %d %%", s.Progress.Value)
	}
	if s.Available.Valid && !s.Available.Value {
		state += ", not available"
	}
	return state
}

// suggestion names filters that often single out a snapshot and aren't set.
func (s search) suggestion() string {
	var unset []string
	for _, name := range []string{"disk_id", "tags", "snapshot_name"} {
		if !s.filters.isSet(name) && (name != "snapshot_name" || !s.filters.isSet("name_regex")) {
			unset = append(unset, name)
		}
	}
	if len(unset) == 0 {
		return ""
	}
	return ", for example by " + strings.Join(unset, ", ")
}
