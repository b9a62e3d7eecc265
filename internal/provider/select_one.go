package provider

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecs"
)

// maxNamed is how many snapshots an error names.
const maxNamed = 5

// selectOne picks the one snapshot that is meant of those that match, newest
// first. Unusable ones don't count unless the query asks for a status.
func selectOne(matching []ecs.Snapshot, query ecs.Query, mostRecent bool) (*ecs.Snapshot, diag.Diagnostic) {
	candidates := matching
	var unusable []ecs.Snapshot
	if query.Status == "" {
		candidates = nil
		for _, s := range matching {
			if s.Usable() {
				candidates = append(candidates, s)
			} else {
				unusable = append(unusable, s)
			}
		}
	}
	switch {
	case len(candidates) == 0:
		return nil, noneFound(query, unusable)
	case len(candidates) > 1 && !mostRecent:
		return nil, severalFound(query, candidates)
	}
	return &candidates[0], nil
}

func noneFound(query ecs.Query, unusable []ecs.Snapshot) diag.Diagnostic {
	if len(unusable) == 0 {
		return diag.NewAttributeErrorDiagnostic(path.Root("filter"), "No Snapshot Found", fmt.Sprintf(
			"No snapshot in %s matches (%s).\n\nCheck the filters and the region. Where there may be none yet, "+
				"use data \"aliyun_ecs_snapshots\", whose latest is null then.", query.RegionID, describeFilters(query)))
	}
	return diag.NewAttributeErrorDiagnostic(path.Root("filter"), "No Usable Snapshot Found", fmt.Sprintf(
		"%s in %s (%s), but none of them can be used:\n\n%s\n\nWait until one is complete, or set filter.status to take one all the same.",
		counted(len(unusable), "snapshot was", "snapshots were")+" found", query.RegionID, describeFilters(query), named(unusable, unusableBecause)))
}

func severalFound(query ecs.Query, candidates []ecs.Snapshot) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("most_recent"), "Several Snapshots Found", fmt.Sprintf(
		"%d snapshots in %s match (%s), but exactly one is needed:\n\n%s\n\nSet most_recent = true to take the newest, or narrow the filter%s.",
		len(candidates), query.RegionID, describeFilters(query), named(candidates, nil), suggestFilters(query)))
}

// named lists the first few snapshots by id, name and time.
func named(snapshots []ecs.Snapshot, remark func(*ecs.Snapshot) string) string {
	var lines []string
	for i := range snapshots[:min(len(snapshots), maxNamed)] {
		s := &snapshots[i]
		line := fmt.Sprintf("  - %s %q", s.SnapshotID, s.SnapshotName)
		if !s.CreationTime.IsZero() {
			line += " created " + s.CreationTime.Format(time.RFC3339)
		}
		if remark != nil {
			line += ": " + remark(s)
		}
		lines = append(lines, line)
	}
	if more := len(snapshots) - maxNamed; more > 0 {
		lines = append(lines, fmt.Sprintf("  - and %d more", more))
	}
	return strings.Join(lines, "\n")
}

func unusableBecause(s *ecs.Snapshot) string {
	switch {
	case s.Status == ecs.StatusAccomplished:
		return "complete, but available = false"
	case s.Progress.Valid:
		return fmt.Sprintf("status %s, progress %d %%", s.Status, s.Progress.Value)
	}
	return "status " + string(s.Status)
}

// describeFilters names the filters of the query as they are written in HCL.
func describeFilters(q ecs.Query) string {
	var filters []string
	add := func(name, value string) {
		if value != "" {
			filters = append(filters, fmt.Sprintf("%s = %q", name, value))
		}
	}
	add("disk_id", q.DiskID)
	add("instance_id", q.InstanceID)
	if q.SnapshotIDs != nil {
		filters = append(filters, fmt.Sprintf("snapshot_ids with %s", counted(len(q.SnapshotIDs), "id", "ids")))
	}
	add("snapshot_link_id", q.SnapshotLinkID)
	add("snapshot_name", q.SnapshotName)
	if q.NameRegex != nil {
		add("name_regex", q.NameRegex.String())
	}
	add("snapshot_type", q.SnapshotType)
	add("source_disk_type", q.SourceDiskType)
	add("status", q.Status)
	add("usage", q.Usage)
	add("category", q.Category)
	if q.Encrypted != nil {
		filters = append(filters, fmt.Sprintf("encrypted = %t", *q.Encrypted))
	}
	add("kms_key_id", q.KMSKeyID)
	add("resource_group_id", q.ResourceGroupID)
	for _, key := range slices.Sorted(maps.Keys(q.Tags)) {
		if value := q.Tags[key]; value != nil {
			add("tags."+key, *value)
		} else {
			filters = append(filters, "tags."+key+" with any value")
		}
	}
	if !q.CreatedFrom.IsZero() {
		add("creation_start_time", q.CreatedFrom.Format(time.RFC3339))
	}
	if !q.CreatedTo.IsZero() {
		add("creation_end_time", q.CreatedTo.Format(time.RFC3339))
	}
	if len(filters) == 0 {
		return "no filter is set"
	}
	return strings.Join(filters, ", ")
}

// suggestFilters names filters that often single out a snapshot and aren't set.
func suggestFilters(q ecs.Query) string {
	var unset []string
	if q.DiskID == "" {
		unset = append(unset, "disk_id")
	}
	if len(q.Tags) == 0 {
		unset = append(unset, "tags")
	}
	if q.SnapshotName == "" && q.NameRegex == nil {
		unset = append(unset, "snapshot_name")
	}
	if len(unset) == 0 {
		return ""
	}
	return ", for example by " + strings.Join(unset, ", ")
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
