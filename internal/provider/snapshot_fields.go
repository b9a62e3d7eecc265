package provider

import (
	"reflect"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecs"
)

// snapshotField is an attribute of the snapshot object: its schema, and where its
// value is. Everything that has snapshots has the object from snapshotFields.
type snapshotField struct {
	name   string
	schema schema.Attribute
	get    func(*ecs.Snapshot) any // Of a type that stateValue encodes.
}

// newField makes an attribute of the snapshot's field that has its name.
func newField(name string, attribute schema.Attribute) snapshotField {
	index := fieldNamed[ecs.Snapshot](name).Index[0]
	return snapshotField{name, attribute, func(s *ecs.Snapshot) any {
		return reflect.ValueOf(s).Elem().Field(index).Addr().Interface()
	}}
}

// fieldNamed is the field of a struct that has the name of an argument or attribute, such
// as KMSKeyID for kms_key_id.
func fieldNamed[T any](name string) reflect.StructField {
	field, _ := reflect.TypeFor[T]().FieldByNameFunc(func(field string) bool {
		return strings.EqualFold(field, strings.ReplaceAll(name, "_", ""))
	})
	return field
}

// from replaces where the value is.
func (f snapshotField) from(get func(*ecs.Snapshot) any) snapshotField {
	f.get = get
	return f
}

// nullRule is the rule for absent values, for the descriptions of data sources.
const nullRule = "Attributes of a snapshot that the API doesn't return, or returns empty, are null, except `snapshot_name`, `description` and `tags`, which are empty."

var snapshotFields = []snapshotField{
	text("snapshot_id", "ID of the snapshot. Never null."),
	text("snapshot_name", "Name of the snapshot. Empty if it has none, never null.").
		from(func(s *ecs.Snapshot) any { return (*string)(&s.SnapshotName) }),
	text("description", "Description of the snapshot. Empty if it has none, never null.").
		from(func(s *ecs.Snapshot) any { return (*string)(&s.Description) }),
	text("status", "Status: `progressing` (being created), `accomplished` (complete) or `failed`."),
	number("progress", "Progress of the snapshot's creation, in percent."),
	number("remain_time", "Remaining time until the snapshot is complete, in seconds. Null for a complete snapshot."),
	text("creation_time", "Creation time: RFC 3339 in UTC, with seconds. Null if the snapshot hasn't been taken yet."),
	text("last_modified_time", "Time of the last change: RFC 3339 in UTC, with seconds."),
	text("snapshot_type", "Type: `user` (created manually or through the API), or `auto` or `timer` (created by an automatic snapshot policy). The API's document also names `all`."),
	text("category", "Category: `standard`, `flash` (local snapshot) or `archive`."),
	flag("encrypted", "Whether the snapshot is encrypted."),
	text("kms_key_id", "ID of the KMS key that encrypts the snapshot. Null if there is none."),
	flag("available", "Whether disks can be created from the snapshot, whatever its `status`: new snapshots of ESSD disks are available while they are still `progressing`."),
	text("usage", "What the snapshot was used to create: `image`, `disk`, `image_disk` (both) or `none`."),
	text("product_code", "Product code inherited from an Alibaba Cloud Marketplace image. Null if there is none."),
	text("region_id", "Region of the snapshot."),
	text("resource_group_id", "ID of the resource group that the snapshot belongs to."),
	number("retention_days", "Number of days for which the snapshot is kept. Null for a snapshot that is kept until it is deleted."),
	flag("instant_access", "Deprecated in the API, where it no longer has an effect: whether instant access is enabled."),
	number("instant_access_retention_days", "Deprecated in the API, where it no longer has an effect: number of days for which instant access stays enabled."),
	text("source_disk_id", "ID of the disk that the snapshot was taken from. It stays the same after the disk is deleted."),
	number("source_disk_size", "Size of the source disk in GiB, the minimum size of a disk created from the snapshot."),
	text("source_disk_type", "Type of the source disk: `system` or `data`, always in lower case.").
		from(func(s *ecs.Snapshot) any { return new(ecs.Text(strings.ToLower(string(s.SourceDiskType)))) }),
	text("source_storage_type", "Deprecated in the API: storage type of the source disk, such as `disk`."),
	text("source_snapshot_id", "ID of the snapshot that this one is a copy of. Null if it isn't a copy."),
	text("source_region_id", "Region that this snapshot was copied from. Null if it isn't a copy."),
	text("snapshot_link_id", "ID of the chain that the snapshot belongs to."),
	text("snapshot_sn", "Serial number of the snapshot."),
	number("full_snapshot_size_in_bytes", "Size of the full snapshot in bytes."),
	newField("tags", schema.MapAttribute{
		Computed:            true,
		ElementType:         types.StringType,
		MarkdownDescription: "Tags of the snapshot, including the system's own (`acs:...`). Empty if it has none, never null.",
	}),
}

func text(name, description string) snapshotField {
	return newField(name, schema.StringAttribute{Computed: true, MarkdownDescription: description})
}

func number(name, description string) snapshotField {
	return newField(name, schema.Int64Attribute{Computed: true, MarkdownDescription: description})
}

func flag(name, description string) snapshotField {
	return newField(name, schema.BoolAttribute{Computed: true, MarkdownDescription: description})
}

func snapshotAttributes() map[string]schema.Attribute {
	attributes := make(map[string]schema.Attribute, len(snapshotFields))
	for _, field := range snapshotFields {
		attributes[field.name] = field.schema
	}
	return attributes
}
