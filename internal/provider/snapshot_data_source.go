package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var (
	_ datasource.DataSourceWithConfigure      = (*snapshotDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*snapshotDataSource)(nil)
)

// snapshotDataSource is aliyun_ecs_snapshot: exactly one snapshot.
type snapshotDataSource struct{ reader }

func newSnapshotDataSource() datasource.DataSource { return &snapshotDataSource{} }

// snapshotModel is the arguments. The snapshot's attributes are written to state
// without it.
type snapshotModel struct {
	regionID   types.String
	filter     *filterModel
	mostRecent types.Bool
	timeouts   timeouts.Value
}

func filterPath(argument string) path.Path { return path.Root("filter").AtName(argument) }

func (d *snapshotDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_ecs_snapshot"
}

func (d *snapshotDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := snapshotAttributes()
	attributes["region_id"] = regionAttribute()
	attributes["most_recent"] = schema.BoolAttribute{
		Optional:            true,
		MarkdownDescription: "`true`: if several snapshots match, use the newest. `false`: several matches are an error. Default: `false`.",
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads exactly one ECS disk snapshot. Unless `filter.status` is set, it considers only usable snapshots, from which disks " +
			"and images can be created: `accomplished`, and not `available = false`. It is an error if none matches, or several match without `most_recent`.",
		Attributes: attributes,
		Blocks: map[string]schema.Block{
			"filter": schema.SingleNestedBlock{
				MarkdownDescription: "What the snapshot must match. All filters are optional, and those that are set must all match. Default: no filter.",
				Attributes:          filterAttributes(),
			},
			"timeouts": timeoutsBlock(ctx),
		},
	}
}

// get reads the arguments one by one: all else in the configuration is null.
func (m *snapshotModel) get(ctx context.Context, config tfsdk.Config) diag.Diagnostics {
	var diags diag.Diagnostics
	for name, target := range map[string]any{
		"region_id": &m.regionID, "filter": &m.filter, "most_recent": &m.mostRecent, "timeouts": &m.timeouts,
	} {
		diags.Append(config.GetAttribute(ctx, path.Root(name), target)...)
	}
	if m.filter == nil {
		m.filter = &filterModel{}
	}
	return diags
}

func (d *snapshotDataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var filter types.Object
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("filter"), &filter)...)
	if resp.Diagnostics.HasError() || filter.IsUnknown() {
		return
	}
	var model snapshotModel
	resp.Diagnostics.Append(model.get(ctx, req.Config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(model.filter.validateWindow(filterPath)...)
	resp.Diagnostics.Append(validateTimeout(model.timeouts)...)
}

func (d *snapshotDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model snapshotModel
	resp.Diagnostics.Append(model.get(ctx, req.Config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	query, diags := expand(ctx, *model.filter, d.region(model.regionID))
	resp.Diagnostics.Append(diags...)
	result, diags := d.read(ctx, query, model.timeouts, filterPath)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	snapshot, err := selectOne(result.Snapshots, query, model.mostRecent.ValueBool())
	if err != nil {
		resp.Diagnostics.Append(err)
		return
	}
	setResults(ctx, query.RegionID, flattenSnapshot(snapshot))
}
