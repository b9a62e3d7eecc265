package provider

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// defaultReadTimeout is timeouts.read where it isn't set. A throttled minute or
// two fit into it.
const defaultReadTimeout = 10 * time.Minute

// filterModel is the filters that both data sources have.
type filterModel struct {
	DiskID            types.String      `tfsdk:"disk_id"`
	InstanceID        types.String      `tfsdk:"instance_id"`
	SnapshotIDs       types.Set         `tfsdk:"snapshot_ids"`
	SnapshotLinkID    types.String      `tfsdk:"snapshot_link_id"`
	SnapshotName      types.String      `tfsdk:"snapshot_name"`
	NameRegex         types.String      `tfsdk:"name_regex"`
	SnapshotType      types.String      `tfsdk:"snapshot_type"`
	SourceDiskType    types.String      `tfsdk:"source_disk_type"`
	Status            types.String      `tfsdk:"status"`
	Usage             types.String      `tfsdk:"usage"`
	Category          types.String      `tfsdk:"category"`
	Encrypted         types.Bool        `tfsdk:"encrypted"`
	KMSKeyID          types.String      `tfsdk:"kms_key_id"`
	ResourceGroupID   types.String      `tfsdk:"resource_group_id"`
	Tags              types.Map         `tfsdk:"tags"`
	CreationStartTime timetypes.RFC3339 `tfsdk:"creation_start_time"`
	CreationEndTime   timetypes.RFC3339 `tfsdk:"creation_end_time"`
}

// validateWindow refuses a window that ends before it starts.
func (m filterModel) validateWindow(at func(name string) path.Path) diag.Diagnostics {
	var diags diag.Diagnostics
	start, end := m.CreationStartTime, m.CreationEndTime
	from, fromDiags := start.ValueRFC3339Time()
	to, toDiags := end.ValueRFC3339Time()
	if fromDiags.HasError() || toDiags.HasError() {
		return diags // One is null or unknown, or the type has refused it already.
	}
	if to.Before(from) {
		diags.AddAttributeError(at("creation_end_time"), "Time Window Ends Before It Starts",
			"creation_end_time "+end.ValueString()+" is before creation_start_time "+start.ValueString()+
				". No snapshot can match. Exchange the two, or leave one out.")
	}
	return diags
}

// validateTimeout refuses times that leave none for a read.
func validateTimeout(value timeouts.Value) diag.Diagnostics {
	var diags diag.Diagnostics
	read, _ := value.Attributes()["read"].(types.String) // Null and unknown ones are empty, which is no duration.
	if d, err := time.ParseDuration(read.ValueString()); err == nil && d <= 0 {
		diags.AddAttributeError(path.Root("timeouts").AtName("read"), "Invalid Timeout",
			"timeouts.read is "+read.ValueString()+", which leaves no time for a read. It must be positive, such as \"30s\" or \"5m\".")
	}
	return diags
}
