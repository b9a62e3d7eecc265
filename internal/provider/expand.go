package provider

import (
	"context"
	"regexp"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecs"
)

// expand makes a query of the filters. Values are known and valid: Terraform
// reads a data source only then.
func expand(ctx context.Context, m filterModel, region string) (ecs.Query, diag.Diagnostics) {
	var diags diag.Diagnostics
	q := ecs.Query{
		RegionID:        region,
		DiskID:          m.DiskID.ValueString(),
		InstanceID:      m.InstanceID.ValueString(),
		SnapshotLinkID:  m.SnapshotLinkID.ValueString(),
		SnapshotName:    m.SnapshotName.ValueString(),
		SnapshotType:    m.SnapshotType.ValueString(),
		SourceDiskType:  canonical(m.SourceDiskType, sourceDiskTypes),
		Status:          m.Status.ValueString(),
		Usage:           m.Usage.ValueString(),
		Category:        canonical(m.Category, categories),
		Encrypted:       m.Encrypted.ValueBoolPointer(),
		KMSKeyID:        m.KMSKeyID.ValueString(),
		ResourceGroupID: m.ResourceGroupID.ValueString(),
	}
	if !m.SnapshotIDs.IsNull() { // An empty set gives an empty slice, not nil.
		diags.Append(m.SnapshotIDs.ElementsAs(ctx, &q.SnapshotIDs, false)...)
	}
	if !m.Tags.IsNull() {
		diags.Append(m.Tags.ElementsAs(ctx, &q.Tags, false)...)
	}
	if pattern := m.NameRegex.ValueString(); pattern != "" {
		regex, err := regexp.Compile(pattern)
		if err != nil {
			diags.AddError("Invalid Regular Expression", err.Error())
		}
		q.NameRegex = regex
	}
	q.CreatedFrom = expandTime(m.CreationStartTime, &diags)
	q.CreatedTo = expandTime(m.CreationEndTime, &diags)
	return q, diags
}

// canonical writes a value that is taken in any case as the service has it.
func canonical(value types.String, allowed []string) string {
	for _, a := range allowed {
		if strings.EqualFold(a, value.ValueString()) {
			return a
		}
	}
	return ""
}

// expandTime gives the zero time for null.
func expandTime(value timetypes.RFC3339, diags *diag.Diagnostics) time.Time {
	if value.IsNull() {
		return time.Time{}
	}
	t, timeDiags := value.ValueRFC3339Time()
	diags.Append(timeDiags...)
	return t
}
