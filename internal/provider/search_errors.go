package provider

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecs"
	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// wanted is what the search for exactly one snapshot looks for.
func (r read) wanted() string {
	if r.query.UsableOnly {
		return "usable snapshot"
	}
	return "snapshot"
}

func (r read) noneFound(unusable []ecs.Snapshot) diag.Diagnostic {
	found := fmt.Sprintf("%s has no %ss.", r.query.RegionID, r.wanted())
	if set := describeFilters(r.filters); set != "" {
		found = fmt.Sprintf("No %s in %s matches the filters: %s.", r.wanted(), r.query.RegionID, set)
	}
	if len(unusable) > 0 {
		return newError(path.Root("filter"), "No Usable Snapshot Found", found,
			"These match, but can't be used:", r.named(unusable, len(unusable), unusableBecause),
			"Wait until one can be used, or set filter.status to take one in that status.")
	}
	return newError(path.Root("filter"), "No Snapshot Found", found,
		"Check the filters and the region. If there may be none yet, use data \"aliyun_ecs_snapshots\": its latest is null then.")
}

func (r read) severalFound(result ecs.Result) diag.Diagnostic {
	count := fmt.Sprint(result.Count)
	if result.AtLeast {
		count = "At least " + count
	}
	return newError(path.Root("most_recent"), "Several Snapshots Found",
		fmt.Sprintf("%s %ss in %s match (%s), but exactly one is needed:", count, r.wanted(), r.query.RegionID, cmp.Or(describeFilters(r.filters), "no filter is set")),
		r.named(result.Snapshots, result.Count, func(*ecs.Snapshot) string { return "" }),
		"Set most_recent = true to take the newest, or narrow the filter, for example by disk_id, tags or snapshot_name.")
}

// named lists the first five of so many snapshots, with a remark on each. A name that the filter asks
// for stays out: it is the filter's value, which may be sensitive.
func (r read) named(snapshots []ecs.Snapshot, total int, remark func(*ecs.Snapshot) string) string {
	var lines []string
	for i := range snapshots[:min(len(snapshots), 5)] {
		snapshot := &snapshots[i]
		line := string(snapshot.SnapshotID)
		if snapshot.SnapshotName != "" && !r.filters.isSet("snapshot_name") {
			line += fmt.Sprintf(" %q", snapshot.SnapshotName)
		}
		if !snapshot.CreationTime.Value.IsZero() {
			line += " created " + snapshot.CreationTime.Value.Format(time.RFC3339)
		}
		lines = append(lines, "  - "+rpc.Redact(line+remark(snapshot))) // A hostile server's texts may be long.
	}
	if more := total - len(lines); more > 0 {
		lines = append(lines, fmt.Sprintf("  - and %d more", more))
	}
	return strings.Join(lines, "\n")
}

func unusableBecause(s *ecs.Snapshot) string {
	state := ": status " + string(s.Status)
	if s.Progress.Valid && s.Status != ecs.StatusAccomplished {
		state += fmt.Sprintf(", progress %d %%", s.Progress.Value)
	}
	if s.Available.Valid && !s.Available.Value {
		state += ", not available"
	}
	return state
}
