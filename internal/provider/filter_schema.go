package provider

import (
	"context"
	"maps"
	"math"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Enumerations of DescribeSnapshots. Those that the API's document writes in more
// than one case are taken in any.
var (
	snapshotTypes   = []string{"auto", "user", "all"}
	sourceDiskTypes = []string{"System", "Data"}
	statuses        = []string{"progressing", "accomplished", "failed", "all"}
	usages          = []string{"image", "disk", "image_disk", "none"}
	categories      = []string{"standard", "flash", "archive"}
)

// filterAttributes are the filters that both data sources have.
func filterAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"disk_id": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Only snapshots of this disk, for example `d-bp1h0a2b3c4d5e6f7g8h`. The disk itself may have been deleted.",
			Validators:          []validator.String{notEmpty()},
		},
		"instance_id": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Only snapshots of the disks currently attached to this instance, for example `i-bp1h0a2b3c4d5e6f7g8h`.",
			Validators:          []validator.String{notEmpty()},
		},
		"snapshot_ids": schema.SetAttribute{
			Optional:    true,
			ElementType: types.StringType,
			MarkdownDescription: "Only snapshots with these IDs. Any number is allowed: more than 100 are sent in several requests. " +
				"Unknown IDs are ignored. An **empty set matches nothing** and makes no request; `null` does not filter.",
			Validators: []validator.Set{setvalidator.NoNullValues(), setvalidator.ValueStringsAre(notEmptyID())},
		},
		"snapshot_link_id": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Only snapshots of this snapshot chain, for example `sl-bp1h0a2b3c4d5e6f7g8h`. An unknown chain is an error.",
			Validators:          []validator.String{notEmpty()},
		},
		"snapshot_name": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Only snapshots with exactly this name, including case. For patterns, use `name_regex`.",
			Validators:          []validator.String{notEmpty()},
		},
		"name_regex": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Only snapshots whose name matches this [RE2 regular expression](https://github.com/google/re2/wiki/Syntax). " +
				"It matches anywhere in the name unless anchored with `^` and `$`. The provider applies it, not the service: " +
				"to read fewer snapshots, add other filters.",
			Validators: []validator.String{notEmpty(), regularExpression()},
		},
		"snapshot_type": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Only snapshots of this type: `auto` (created by an automatic snapshot policy), `user` (created manually or " +
				"through the API) or `all`. Default: `all`.",
			Validators: []validator.String{stringvalidator.OneOf(snapshotTypes...)},
		},
		"source_disk_type": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Only snapshots of disks of this type: `System` or `Data`, in any case. Default: any.",
			Validators:          []validator.String{stringvalidator.OneOfCaseInsensitive(sourceDiskTypes...)},
		},
		"status": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Only snapshots in this status: `progressing` (being created), `accomplished` (complete), `failed` or `all`. " +
				"Default: `all`; `aliyun_ecs_snapshot` considers only usable snapshots unless this is set.",
			Validators: []validator.String{stringvalidator.OneOf(statuses...)},
		},
		"usage": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Only snapshots that were used to create: `image` (a custom image), `disk` (a disk), " +
				"`image_disk` (both) or `none` (neither). Default: any.",
			Validators: []validator.String{stringvalidator.OneOf(usages...)},
		},
		"category": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Only snapshots of this category: `standard`, `flash` (local snapshots) or `archive`, in any case. Default: any.",
			Validators:          []validator.String{stringvalidator.OneOfCaseInsensitive(categories...)},
		},
		"encrypted": schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "`true`: only encrypted snapshots. `false`: only unencrypted ones, applied by the provider because the API " +
				"treats `false` as \"no filter\"; a snapshot without this information counts as unencrypted. Default: any.",
		},
		"kms_key_id": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Only snapshots encrypted with the KMS key that has this ID, for example `0e478b7a-4262-4802-b8cb-00d3fb40826X`.",
			Validators:          []validator.String{notEmpty()},
		},
		"resource_group_id": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Only snapshots in this resource group, for example `rg-bp67acfmxazb4p`.",
			Validators:          []validator.String{notEmpty()},
		},
		"tags": schema.MapAttribute{
			Optional:    true,
			ElementType: types.StringType,
			MarkdownDescription: "Only snapshots that have all of these tags, 1 to 20 of them. A `null` value matches any value of that key. " +
				"Keys have 1 to 64 characters, values 0 to 128; neither may start with `aliyun` or `acs:`, or contain `http://` or `https://`.",
			Validators: []validator.Map{tagFilters()},
		},
		"creation_start_time": schema.StringAttribute{
			CustomType: timetypes.RFC3339Type{},
			Optional:   true,
			MarkdownDescription: "Only snapshots created at or after this time: RFC 3339 with any UTC offset, for example " +
				"`2026-05-01T00:00:00+08:00`. Exact to the second. Excludes snapshots without a creation time.",
		},
		"creation_end_time": schema.StringAttribute{
			CustomType: timetypes.RFC3339Type{},
			Optional:   true,
			MarkdownDescription: "Only snapshots created at or before this time: RFC 3339 with any UTC offset, not earlier than " +
				"`creation_start_time`. Exact to the second. Excludes snapshots without a creation time.",
		},
	}
}

// listFilterAttributes are the filters of the list.
func listFilterAttributes() map[string]schema.Attribute {
	attributes := filterAttributes()
	maps.Copy(attributes, map[string]schema.Attribute{
		"dry_run": schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "`true`: the service only checks the request (keys, permission, parameters) and lists nothing. " +
				"If the check passes, the result is empty, with a warning that says so. Default: `false`.",
		},
		"limit": schema.NumberAttribute{
			Optional: true,
			MarkdownDescription: "Keep at most this many snapshots, the newest ones: a whole number from 1 to 2147483647. The provider still " +
				"reads all matches because the API guarantees no order. Default: no limit.",
			Validators: []validator.Number{wholeNumber{1, math.MaxInt32}},
		},
	})
	return attributes
}

// regionAttribute is region_id of both data sources.
func regionAttribute() schema.Attribute {
	return schema.StringAttribute{
		Optional:            true,
		Computed:            true,
		MarkdownDescription: "Region to read from, for example `cn-hangzhou`. Default: the provider's region.",
		Validators:          []validator.String{regionID()},
	}
}

// timeoutsBlock is timeouts of both data sources.
func timeoutsBlock(ctx context.Context) schema.Block {
	block := timeouts.BlockWithOpts(ctx, timeouts.Opts{
		ReadDescription: "Maximum duration of a read, including the time spent waiting while the service throttles: a number with a unit, " +
			"such as `\"30s\"` or `\"1h30m\"`. Default: `\"10m\"`.",
	})
	// The library has no option for the description of the block itself.
	if nested, ok := block.(schema.SingleNestedBlock); ok {
		nested.MarkdownDescription = "Time limits."
		return nested
	}
	return block
}
