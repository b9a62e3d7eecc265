package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var (
	_ datasource.DataSourceWithConfigure      = (*snapshotsDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*snapshotsDataSource)(nil)
)

// snapshotsDataSource is aliyun_ecs_snapshots: all snapshots that match.
type snapshotsDataSource struct{ reader }

func newSnapshotsDataSource() datasource.DataSource { return &snapshotsDataSource{} }

// snapshotsModel is the configuration. The results are written to state without
// it; they stand here because the framework wants a place for every attribute.
type snapshotsModel struct {
	RegionID types.String `tfsdk:"region_id"`
	filterModel
	DryRun   types.Bool     `tfsdk:"dry_run"`
	Limit    types.Number   `tfsdk:"limit"`
	Timeouts timeouts.Value `tfsdk:"timeouts"`

	IDs          types.List   `tfsdk:"ids"`
	Names        types.List   `tfsdk:"names"`
	Snapshots    types.List   `tfsdk:"snapshots"`
	Latest       types.Object `tfsdk:"latest"`
	LatestByDisk types.Map    `tfsdk:"latest_by_disk"`
}

func (d *snapshotsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_ecs_snapshots"
}

func (d *snapshotsDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := listFilterAttributes()
	attributes["region_id"] = regionAttribute()
	attributes["ids"] = schema.ListAttribute{
		Computed:            true,
		ElementType:         types.StringType,
		MarkdownDescription: "IDs of `snapshots`, in the same order. Never null.",
	}
	attributes["names"] = schema.ListAttribute{
		Computed:            true,
		ElementType:         types.StringType,
		MarkdownDescription: "Names of `snapshots`, in the same order; an empty string for a snapshot without a name. Never null.",
	}
	attributes["snapshots"] = schema.ListNestedAttribute{
		Computed: true,
		MarkdownDescription: "All snapshots that match, newest first. Snapshots with the same creation time are sorted by `snapshot_id`; those " +
			"without one come last. Empty if none matches, never null.",
		NestedObject: schema.NestedAttributeObject{Attributes: snapshotAttributes()},
	}
	attributes["latest"] = schema.SingleNestedAttribute{
		Computed: true,
		MarkdownDescription: "The newest usable snapshot in `snapshots`, from which disks and images can be created: " +
			"`accomplished`, and not `available = false`. Null if there is none.",
		Attributes: snapshotAttributes(),
	}
	attributes["latest_by_disk"] = schema.MapNestedAttribute{
		Computed:            true,
		MarkdownDescription: "The newest usable snapshot in `snapshots` for each disk, by `source_disk_id`. Empty if there is none, never null.",
		NestedObject:        schema.NestedAttributeObject{Attributes: snapshotAttributes()},
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads all ECS disk snapshots that match the filters of the DescribeSnapshots API, newest first. " +
			"All filters are optional, and those that are set must all match. Without filters, it reads all snapshots in the region.",
		Attributes: attributes,
		Blocks:     map[string]schema.Block{"timeouts": timeoutsBlock(ctx)},
	}
}

func (d *snapshotsDataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var window filterModel
	var limits timeouts.Value
	for name, target := range map[string]any{
		"creation_start_time": &window.CreationStartTime, "creation_end_time": &window.CreationEndTime, "timeouts": &limits,
	} {
		resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root(name), target)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(window.validateWindow(path.Root)...)
	resp.Diagnostics.Append(validateTimeout(limits)...)
}

func (d *snapshotsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model snapshotsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	query, diags := expand(ctx, model.filterModel, d.region(model.RegionID))
	resp.Diagnostics.Append(diags...)
	query.DryRun = model.DryRun.ValueBool()
	query.Limit = whole(model.Limit)

	result, diags := d.read(ctx, query, model.Timeouts, path.Root)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	switch {
	case query.DryRun && !result.DryRunPassed:
		resp.Diagnostics.AddAttributeWarning(path.Root("dry_run"), "Nothing Was Checked",
			"snapshot_ids is empty and matches nothing, so no request was made, and none was checked.")
	case result.DryRunPassed:
		resp.Diagnostics.AddAttributeWarning(path.Root("dry_run"), "Dry Run Passed",
			"The service checked the request and would have carried it out: keys, permission and parameters are in order. "+
				"Nothing was listed. Remove dry_run to list the snapshots.")
	}
	setResults(ctx, query.RegionID, flattenSnapshots(result.Snapshots))
}
