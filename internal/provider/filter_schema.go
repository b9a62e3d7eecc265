package provider

import (
	"context"
	"maps"

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
			MarkdownDescription: "Only snapshots of this disk, for example `d-bp1h0a2b3c4d5e6f7g8h`. The disk may have been deleted since.",
			Validators:          []validator.String{notEmpty()},
		},
		"instance_id": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Only snapshots of the disks that are attached to this instance, for example `i-bp1h0a2b3c4d5e6f7g8h`.",
			Validators:          []validator.String{notEmpty()},
		},
		"snapshot_ids": schema.SetAttribute{
			Optional:    true,
			ElementType: types.StringType,
			MarkdownDescription: "Only snapshots with these ids. Any number: more than 100 are asked for in several requests. " +
				"An id that doesn't exist is passed over. An **empty set matches nothing**, and makes no request.",
			Validators: []validator.Set{setvalidator.NoNullValues(), setvalidator.ValueStringsAre(notEmpty())},
		},
		"snapshot_link_id": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Only snapshots of this snapshot chain, for example `sl-bp1h0a2b3c4d5e6f7g8h`. An unknown chain is an error.",
			Validators:          []validator.String{notEmpty()},
		},
		"snapshot_name": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Only snapshots with exactly this name. See `name_regex` for patterns.",
			Validators:          []validator.String{notEmpty()},
		},
		"name_regex": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Only snapshots whose name matches this [RE2 regular expression](https://github.com/google/re2/wiki/Syntax), " +
				"anywhere in the name unless it is anchored by `^` and `$`. The provider applies it, not the service: " +
				"combine it with other filters where there are many snapshots.",
			Validators: []validator.String{notEmpty(), regularExpression()},
		},
		"snapshot_type": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Only snapshots made this way: `auto` (by an automatic snapshot policy), `user` (by hand or by API), " +
				"or `all`. Default: `all`.",
			Validators: []validator.String{stringvalidator.OneOf(snapshotTypes...)},
		},
		"source_disk_type": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Only snapshots of disks of this type: `System` or `Data`, in any case. Default: both.",
			Validators:          []validator.String{stringvalidator.OneOfCaseInsensitive(sourceDiskTypes...)},
		},
		"status": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Only snapshots in this status: `progressing` (being created), `accomplished` (complete), `failed`, " +
				"or `all`. Default: `all`.",
			Validators: []validator.String{stringvalidator.OneOf(statuses...)},
		},
		"usage": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Only snapshots from which these were created: `image` (a custom image), `disk` (a disk), " +
				"`image_disk` (both), or `none` (neither).",
			Validators: []validator.String{stringvalidator.OneOf(usages...)},
		},
		"category": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Only snapshots of this category: `standard`, `flash` (local snapshots) or `archive`, in any case.",
			Validators:          []validator.String{stringvalidator.OneOfCaseInsensitive(categories...)},
		},
		"encrypted": schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "`true`: only encrypted snapshots. `false`: only unencrypted ones " +
				"(the service itself reads `false` as \"no filter\"; the provider applies it); one of which the service doesn't say counts as unencrypted. Default: both.",
		},
		"kms_key_id": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Only snapshots encrypted by this KMS key.",
			Validators:          []validator.String{notEmpty()},
		},
		"resource_group_id": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Only snapshots of this resource group, for example `rg-bp67acfmxazb4p`.",
			Validators:          []validator.String{notEmpty()},
		},
		"tags": schema.MapAttribute{
			Optional:    true,
			ElementType: types.StringType,
			MarkdownDescription: "Only snapshots with all of these tags, 1 to 20 of them. A `null` value matches any value of that key. " +
				"Keys have 1 to 64 characters, values 0 to 128; neither may start with `aliyun` or `acs:`, or contain `http://` or `https://`.",
			Validators: []validator.Map{tagFilters()},
		},
		"creation_start_time": schema.StringAttribute{
			CustomType: timetypes.RFC3339Type{},
			Optional:   true,
			MarkdownDescription: "Only snapshots created at or after this time: an RFC 3339 time with any offset, for example " +
				"`2026-05-01T00:00:00+08:00`. Exact to the second. Snapshots without a creation time are left out.",
		},
		"creation_end_time": schema.StringAttribute{
			CustomType: timetypes.RFC3339Type{},
			Optional:   true,
			MarkdownDescription: "Only snapshots created at or before this time: an RFC 3339 time with any offset. Exact to the second. " +
				"Not before `creation_start_time`. Snapshots without a creation time are left out.",
		},
	}
}

// listFilterAttributes are the filters of the list.
func listFilterAttributes() map[string]schema.Attribute {
	attributes := filterAttributes()
	maps.Copy(attributes, map[string]schema.Attribute{
		"dry_run": schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "`true`: only let the service check the request (keys, permission, parameters) without listing anything. " +
				"A check that passes gives an empty result and a warning that says so. Default: `false`.",
		},
		"limit": schema.NumberAttribute{ // Not Int64: the framework calls a fraction a bug of the provider's.
			Optional: true,
			MarkdownDescription: "Keep only the newest so many snapshots, 1 or more. All of them are read all the same, since the service " +
				"promises no order. Default: keep all.",
			Validators: []validator.Number{countingNumber{}},
		},
	})
	return attributes
}

// regionAttribute is region_id of both data sources.
func regionAttribute() schema.Attribute {
	return schema.StringAttribute{
		Optional:            true,
		Computed:            true,
		MarkdownDescription: "The region to look in, for example `cn-hangzhou`. Default: the provider's `region`.",
		Validators:          []validator.String{regionID()},
	}
}

// timeoutsAttribute is timeouts of both data sources.
func timeoutsAttribute(ctx context.Context) schema.Attribute {
	return timeouts.AttributesWithOpts(ctx, timeouts.Opts{
		ReadDescription: "The most time for a read, waits for a throttling service among it, as a duration such as `\"30s\"` or `\"1h30m\"`. " +
			"Default: `\"10m\"`.",
	})
}
