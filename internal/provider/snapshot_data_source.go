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

// shown is the path to point at for one in filter: Terraform shows the line of an
// attribute, and only the data source's first line for what is within it.
func shown(at path.Path) path.Path {
	if len(at.Steps()) > 1 && at.Steps()[0].Equal(path.PathStepAttributeName("filter")) {
		return path.Root("filter")
	}
	return at
}

func (d *snapshotDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_ecs_snapshot"
}

func (d *snapshotDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := snapshotAttributes()
	attributes["region_id"] = regionAttribute()
	attributes["filter"] = schema.SingleNestedAttribute{
		Optional: true,
		MarkdownDescription: "What the snapshot must match. All filters are optional, and those that are set must all match. " +
			"Check the spelling of their names: Terraform silently ignores misspelled names in a nested attribute. Default: no filter.",
		Attributes: filterAttributes(),
	}
	attributes["most_recent"] = schema.BoolAttribute{
		Optional:            true,
		MarkdownDescription: "`true`: if several snapshots match, use the newest. `false`: several matches are an error. Default: `false`.",
	}
	attributes["timeouts"] = timeoutsAttribute(ctx)
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads exactly one ECS disk snapshot. Unless `filter.status` is set, it considers only usable snapshots, from which disks " +
			"and images can be created: `accomplished`, and not `available = false`. It is an error if none matches, or several match without `most_recent`.",
		Attributes: attributes,
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
	if !filter.IsNull() && allNull(filter) {
		resp.Diagnostics.AddAttributeWarning(path.Root("filter"), "Empty Filter",
			"filter sets no known argument, so every snapshot of the region matches. Terraform ignores misspelled names inside filter, and region_id, "+
				"which belongs outside it: check the names. To search without a filter, leave filter out.")
	}
	resp.Diagnostics.Append(model.filter.validateWindow(filterPath)...)
	resp.Diagnostics.Append(validateTimeout(model.timeouts)...)
}

// allNull tells whether an object has nothing in it.
func allNull(o types.Object) bool {
	for _, value := range o.Attributes() {
		if !value.IsNull() {
			return false
		}
	}
	return true
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
