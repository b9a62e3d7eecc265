package provider

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecs"
)

// filter is a filter of both data sources, with all that this package knows of it. A
// new filter is a row in filters, and in internal/ecs a field of the query, a parameter
// of the request and a line of the predicate.
type filter struct {
	name      string // The argument.
	parameter string // The request parameter, as the API's messages name it; "" for none.
	attribute schema.Attribute
	// read sets the query's field. It is called only if the argument is set.
	read   func(arguments, *ecs.Query) error
	codes  string // The beginnings of the API's error codes about it, with blanks between them. Default: "Invalid", and the parameter.
	remedy string // What to do on such a code. Default: to check the value.
}

var filters = []filter{
	textFilter("disk_id", "Only snapshots of this disk, for example `d-bp1h0a2b3c4d5e6f7g8h`. The disk itself may have been deleted."),
	textFilter("instance_id", "Only snapshots of the disks currently attached to this instance, for example `i-bp1h0a2b3c4d5e6f7g8h`."),
	{
		name: "snapshot_ids", parameter: "SnapshotIds",
		attribute: schema.SetAttribute{
			Optional:    true,
			ElementType: types.StringType,
			MarkdownDescription: "Only snapshots with these IDs. Any number is allowed: more than 100 are sent in several requests. " +
				"Unknown IDs are ignored. An **empty set matches nothing** and makes no request; `null` turns the filter off.",
			Validators: []validator.Set{
				setvalidator.NoNullValues(),
				setvalidator.ValueStringsAre(notEmpty("has an empty ID. Remove it, in a list for example by compact().")),
			},
		},
		read: func(a arguments, q *ecs.Query) error {
			q.SnapshotIDs = []string{} // Which matches nothing, unlike nil.
			ids, _ := a["snapshot_ids"].(types.Set)
			for _, id := range ids.Elements() {
				q.SnapshotIDs = append(q.SnapshotIDs, stringOf(id))
			}
			return nil
		},
		remedy: "Check that each ID is a snapshot's, such as s-bp1h0a2b3c4d5e6f7g8h.",
	},
	textFilter("snapshot_link_id", "Only snapshots of this snapshot chain, for example `sl-bp1h0a2b3c4d5e6f7g8h`. An unknown chain is an error."),
	textFilter("snapshot_name", "Only snapshots with exactly this name, including case. For patterns, use `name_regex`."),
	stringFilter("name_regex", "Only snapshots whose name matches this [RE2 regular expression](https://github.com/google/re2/wiki/Syntax). "+
		"It matches anywhere in the name unless anchored with `^` and `$`. The provider applies it, not the API: "+
		"to read fewer snapshots, add other filters.", regularExpression, regexp.Compile),
	enumerationFilter("snapshot_type", enumeration{values: []string{"auto", "user", "all"}},
		"Only snapshots of this type: `auto` (created by an automatic snapshot policy), `user` (created manually or through the API) or `all`. Default: `all`."),
	enumerationFilter("source_disk_type", enumeration{values: []string{"System", "Data"}, anyCase: true},
		"Only snapshots of disks of this type: `System` or `Data`, in any case. Default: any."),
	enumerationFilter("status", enumeration{values: []string{"progressing", "accomplished", "failed", "all"}},
		"Only snapshots in this status: `progressing` (being created), `accomplished` (complete), `failed` or `all`. "+
			"Default: `all`; `aliyun_ecs_snapshot` considers only usable snapshots unless this is `progressing`, `failed` or `all`."),
	enumerationFilter("usage", enumeration{values: []string{"image", "disk", "image_disk", "none"}},
		"Only snapshots that were used to create: `image` (a custom image), `disk` (a disk), `image_disk` (both) or `none` (neither). Default: any."),
	enumerationFilter("category", enumeration{values: []string{"standard", "flash", "archive"}, anyCase: true},
		"Only snapshots of this category: `standard`, `flash` (local snapshots) or `archive`, in any case. Default: any.").refusedAs("InvalidSnapshotCategory InvalidCategory"),
	{
		name: "encrypted", parameter: "Encrypted",
		attribute: schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "`true`: only encrypted snapshots. `false`: only unencrypted ones, applied by the provider because the API " +
				"treats `false` as \"no filter\"; a snapshot without this information counts as unencrypted. Default: any.",
		},
		read: func(a arguments, q *ecs.Query) error {
			q.Encrypted = new(a.flag("encrypted"))
			return nil
		},
		remedy: "Leave encrypted out, and filter the result in HCL.",
	},
	textFilter("kms_key_id", "Only snapshots encrypted with the KMS key that has this ID, for example `0e478b7a-4262-4802-b8cb-00d3fb40826X`."),
	textFilter("resource_group_id", "Only snapshots in this resource group, for example `rg-bp67acfmxazb4p`.").refusedAs("InvalidResourceGroup"),
	{
		name: "tags", parameter: "Tag",
		attribute: schema.MapAttribute{
			Optional:    true,
			ElementType: types.StringType,
			MarkdownDescription: "Only snapshots that have all of these tags, 1 to 20 of them. A `null` value matches any value of that key. " +
				"Keys have 1 to 128 characters, don't start with `aliyun` or `acs:`, and don't contain `http://` or `https://`; values have 0 to 128 characters.",
			Validators: []validator.Map{
				mapvalidator.SizeBetween(1, 20),
				mapvalidator.KeysAre(stringvalidator.UTF8LengthBetween(1, 128), stringRule(tagKey)),
				mapvalidator.ValueStringsAre(stringvalidator.UTF8LengthAtMost(128)),
			},
		},
		read: func(a arguments, q *ecs.Query) error {
			tags, _ := a["tags"].(types.Map)
			q.Tags = map[string]*string{}
			for key, value := range tags.Elements() {
				q.Tags[key] = nil // Any value.
				if !value.IsNull() {
					q.Tags[key] = new(stringOf(value))
				}
			}
			return nil
		},
		remedy: "Check the tags: 1 to 20 of them, keys of 1 to 128 and values of at most 128 characters. If the API wants a value for each key, replace null with the value.",
	},
	timeFilter("creation_start_time", "Only snapshots created at or after this time: RFC 3339 with any UTC offset, for example `2026-05-01T00:00:00+08:00`. ").
		refusedAs("InvalidFilterKey InvalidFilterValue"), // Or the end time: the codes don't say.
	timeFilter("creation_end_time", "Only snapshots created at or before this time: RFC 3339 with any UTC offset, not earlier than `creation_start_time`. "),
}

func (f filter) refusedAs(codes string) filter {
	f.codes = codes
	return f
}

// stringFilter is a filter whose value, parsed, goes into the field of the query that has
// its name.
func stringFilter[T any](name, description string, rule stringRule, parse func(string) (T, error)) filter {
	field := fieldNamed[ecs.Query](name)
	return filter{
		name: name, parameter: field.Tag.Get("parameter"),
		attribute: schema.StringAttribute{Optional: true, MarkdownDescription: description, Validators: []validator.String{rule}},
		read: func(a arguments, q *ecs.Query) error {
			value, err := parse(a.text(name))
			reflect.ValueOf(q).Elem().FieldByIndex(field.Index).Set(reflect.ValueOf(value))
			return err
		},
	}
}

func textFilter(name, description string) filter {
	return stringFilter(name, description, emptyFilter, func(value string) (string, error) { return value, nil })
}

func enumerationFilter(name string, values enumeration, description string) filter {
	f := stringFilter(name, description, values.problem, func(value string) (string, error) { return values.canonical(value), nil })
	f.remedy = "The API doesn't take the value here. It documents " + strings.Join(values.values, ", ") + ", and not every region and account has them all."
	return f
}

func timeFilter(name, description string) filter {
	description += "Exact to the second. Excludes snapshots without a creation time. `timestamp()` puts the read off until apply: use `plantimestamp()`."
	f := stringFilter(name, description, timestamp, func(value string) (time.Time, error) { return time.Parse(time.RFC3339, value) })
	f.remedy = "Leave creation_start_time or creation_end_time out to see which one the API refuses; leave both out and filter the result in HCL if it refuses either."
	return f
}

func filterAttributes() map[string]schema.Attribute {
	attributes := make(map[string]schema.Attribute, len(filters))
	for _, f := range filters {
		attributes[f.name] = f.attribute
	}
	return attributes
}

// newQuery makes a query of filters that are known: Terraform reads a data source only
// then. They are at the paths that at returns.
func newQuery(a arguments, region string, at func(string) path.Path, diags *diag.Diagnostics) ecs.Query {
	query := ecs.Query{RegionID: region}
	for _, f := range filters {
		if !a.isSet(f.name) {
			continue
		}
		if err := f.read(a, &query); err != nil {
			diags.Append(invalidArgument(at(f.name), "can't be used: "+err.Error()))
		}
	}
	return query
}

// validateWindow refuses times of which the end is before the start.
func validateWindow(a arguments, at func(string) path.Path, diags *diag.Diagnostics) {
	start, end := a.text("creation_start_time"), a.text("creation_end_time")
	from, startErr := time.Parse(time.RFC3339, start)
	to, endErr := time.Parse(time.RFC3339, end)
	if startErr != nil || endErr != nil || !to.Before(from) {
		return // Null, unknown, or refused by the attribute's own validator.
	}
	diags.AddAttributeError(at("creation_end_time"), "Time Window Ends Before It Starts",
		fmt.Sprintf("creation_end_time %s is before creation_start_time %s. No snapshot can match. Exchange the two, or leave one out.", end, start))
}

// describeFilters names the filters that are set; "" for none. Values stay out: they may
// come from sensitive variables, which a provider can't see.
func describeFilters(a arguments) string {
	var set []string
	for _, f := range filters {
		if a.isSet(f.name) {
			set = append(set, f.name)
		}
	}
	return strings.Join(set, ", ")
}
