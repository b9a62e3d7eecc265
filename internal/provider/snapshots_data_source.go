package provider

import (
	"context"
	"maps"
	"math"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var (
	_ datasource.DataSourceWithConfigure      = (*snapshotsDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*snapshotsDataSource)(nil)
)

// snapshotsDataSource is aliyun_ecs_snapshots: all snapshots that match.
type snapshotsDataSource struct{ dataSourceBase }

func newSnapshotsDataSource() datasource.DataSource { return &snapshotsDataSource{} }

func (d *snapshotsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_ecs_snapshots"
}

func (d *snapshotsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := filterAttributes()
	maps.Copy(attributes, map[string]schema.Attribute{
		"region_id": regionAttribute(),
		"dry_run": schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "`true`: the API only checks the request (credentials, permission, parameters) and lists nothing. " +
				"If the check passes, the result is empty, with a warning that says so. Default: `false`.",
		},
		"limit": schema.NumberAttribute{
			Optional: true,
			MarkdownDescription: "Keep only this many snapshots, the newest ones: a whole number, 1 or more. The provider reads no more pages than it takes " +
				"to know them. Default: no limit.",
			Validators: []validator.Number{wholeNumber{min: 1, max: math.MaxInt32}},
		},
		"ids": schema.ListAttribute{
			Computed:            true,
			ElementType:         types.StringType,
			MarkdownDescription: "IDs of `snapshots`, in the same order. Never null.",
		},
		"names": schema.ListAttribute{
			Computed:            true,
			ElementType:         types.StringType,
			MarkdownDescription: "Names of `snapshots`, in the same order; an empty string for a snapshot without a name. Never null.",
		},
		"snapshots": schema.ListNestedAttribute{
			Computed: true,
			MarkdownDescription: "All snapshots that match, newest first. Snapshots with the same creation time are sorted by `snapshot_id`; those " +
				"without one come last. Empty if none matches, never null.",
			NestedObject: schema.NestedAttributeObject{Attributes: snapshotAttributes()},
		},
		"latest": schema.SingleNestedAttribute{
			Computed: true,
			MarkdownDescription: "The newest usable snapshot in `snapshots`, from which a disk can be created: one that is `available`, or, " +
				"where the API doesn't say, `accomplished`; never a `failed` one. It may still be `progressing`; an image needs a complete one: " +
				"set `status = \"accomplished\"`. Null if there is none.",
			Attributes: snapshotAttributes(),
		},
		"latest_by_disk": schema.MapNestedAttribute{
			Computed:            true,
			MarkdownDescription: "The newest usable snapshot in `snapshots` of each disk, by `source_disk_id`; usable as for `latest`. Empty if there is none, never null.",
			NestedObject:        schema.NestedAttributeObject{Attributes: snapshotAttributes()},
		},
	})
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads all ECS disk snapshots that match the filters, newest first. " +
			"All filters are optional, and those that are set must all match. Without filters, it reads all snapshots in the region. " + nullRule,
		Attributes: attributes,
		Blocks:     map[string]schema.Block{"timeouts": timeoutsBlock()},
	}
}

func (d *snapshotsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	read, config := d.newRead(ctx, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	read.query.DryRun = config.flag("dry_run")
	read.query.Limit = config.number("limit")
	result := read.list(ctx, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	switch {
	case result.DryRunPassed:
		resp.Diagnostics.AddAttributeWarning(path.Root("dry_run"), "Dry Run Passed",
			"The API checked the request and would have carried it out: credentials, permission and parameters are in order. "+
				"Nothing was listed. Remove dry_run to list the snapshots.")
	case read.query.DryRun:
		resp.Diagnostics.AddAttributeWarning(path.Root("dry_run"), "Nothing Was Checked",
			"snapshot_ids is empty and matches nothing, so the provider made no request that the API could check.")
	}
	setResults(ctx, read.query.RegionID, listResults(result.Snapshots))
}
