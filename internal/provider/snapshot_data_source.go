package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecs"
)

var (
	_ datasource.DataSourceWithConfigure      = (*snapshotDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*snapshotDataSource)(nil)
)

// snapshotDataSource is aliyun_ecs_snapshot: exactly one snapshot.
type snapshotDataSource struct{ dataSourceBase }

func newSnapshotDataSource() datasource.DataSource {
	return &snapshotDataSource{dataSourceBase{block: "filter"}}
}

func (d *snapshotDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_ecs_snapshot"
}

func (d *snapshotDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := snapshotAttributes()
	attributes["id"] = schema.StringAttribute{
		Computed:            true,
		MarkdownDescription: "ID of the snapshot, the same as `snapshot_id`.",
	}
	attributes["region_id"] = regionAttribute()
	attributes["most_recent"] = schema.BoolAttribute{
		Optional:            true,
		MarkdownDescription: "`true`: if several snapshots match, use the newest. `false`: several matches are an error. Default: `false`.",
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads exactly one ECS disk snapshot. It fails if no snapshot matches, or if several match and `most_recent` is not true. " +
			"It considers only usable snapshots, from which a disk can be created: those that are `available`, or, where the API doesn't say, `accomplished`; never `failed` ones. " +
			"With `filter.status = \"accomplished\"`, they are complete too, as an image needs them; with any other `filter.status`, it takes what has that status. " + nullRule,
		Attributes: attributes,
		Blocks: map[string]schema.Block{
			"filter": schema.SingleNestedBlock{
				MarkdownDescription: "What the snapshot must match. All filters are optional, and those that are set must all match.",
				Attributes:          filterAttributes(),
			},
			"timeouts": timeoutsBlock(),
		},
	}
}

func (d *snapshotDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	read, config := d.newRead(ctx, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	query, mostRecent := &read.query, config.flag("most_recent")
	query.UsableOnly = query.Status == "" || query.Status == ecs.StatusAccomplished
	query.Unique = !mostRecent
	if mostRecent {
		query.Limit = 1
	}
	result := read.list(ctx, &resp.Diagnostics)
	switch {
	case resp.Diagnostics.HasError():
	case len(result.Snapshots) == 0:
		resp.Diagnostics.Append(read.noneFound(result.Unusable))
	case len(result.Snapshots) > 1 && !mostRecent:
		resp.Diagnostics.Append(read.severalFound(result))
	default:
		setResults(ctx, query.RegionID, oneResult(&result.Snapshots[0]))
	}
}
