package provider

import (
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

// nullRule is the rule for absent values, for the descriptions of data sources.
const nullRule = "Attributes of a snapshot that the API doesn't return, or returns empty, are null, except `snapshot_name`, `description` and `tags`, which are empty."

var snapshotFields = []snapshotField{
	text("snapshot_id", "ID of the snapshot. Never null.",
		func(s *ecs.Snapshot) any { return s.SnapshotID }),
	text("snapshot_name", "Name of the snapshot. Empty if it has none, never null.",
		func(s *ecs.Snapshot) any { return string(s.SnapshotName) }),
	text("description", "Description of the snapshot. Empty if it has none, never null.",
		func(s *ecs.Snapshot) any { return string(s.Description) }),
	text("status", "Status: `progressing` (being created), `accomplished` (complete) or `failed`.",
		func(s *ecs.Snapshot) any { return s.Status }),
	number("progress", "Progress of the snapshot's creation, in percent.",
		func(s *ecs.Snapshot) any { return s.Progress }),
	number("remain_time", "Remaining time until the snapshot is complete, in seconds. Null for a complete snapshot.",
		func(s *ecs.Snapshot) any { return s.RemainTime }),
	text("creation_time", "Creation time: RFC 3339 in UTC, with seconds. Null if the snapshot hasn't been taken yet.",
		func(s *ecs.Snapshot) any { return s.CreationTime }),
	text("last_modified_time", "Time of the last change: RFC 3339 in UTC, with seconds.",
		func(s *ecs.Snapshot) any { return s.LastModifiedTime }),
	text("snapshot_type", "Type: `user` (created manually or through the API), or `auto` or `timer` (created by an automatic snapshot policy). The API's document also names `all`.",
		func(s *ecs.Snapshot) any { return s.SnapshotType }),
	text("category", "Category: `standard`, `flash` (local snapshot) or `archive`.",
		func(s *ecs.Snapshot) any { return s.Category }),
	flag("encrypted", "Whether the snapshot is encrypted.",
		func(s *ecs.Snapshot) any { return s.Encrypted }),
	text("kms_key_id", "ID of the KMS key that encrypts the snapshot. Null if there is none.",
		func(s *ecs.Snapshot) any { return s.KMSKeyID }),
	flag("available", "Whether disks can be created from the snapshot, whatever its `status`: new snapshots of ESSD disks are available while they are still `progressing`.",
		func(s *ecs.Snapshot) any { return s.Available }),
	text("usage", "What the snapshot was used to create: `image`, `disk`, `image_disk` (both) or `none`.",
		func(s *ecs.Snapshot) any { return s.Usage }),
	text("product_code", "Product code inherited from an Alibaba Cloud Marketplace image. Null if there is none.",
		func(s *ecs.Snapshot) any { return s.ProductCode }),
	text("region_id", "Region of the snapshot.",
		func(s *ecs.Snapshot) any { return s.RegionID }),
	text("resource_group_id", "ID of the resource group that the snapshot belongs to.",
		func(s *ecs.Snapshot) any { return s.ResourceGroupID }),
	number("retention_days", "Number of days for which the snapshot is kept. Null for a snapshot that is kept until it is deleted.",
		func(s *ecs.Snapshot) any { return s.RetentionDays }),
	flag("instant_access", "Deprecated in the API, where it no longer has an effect: whether instant access is enabled.",
		func(s *ecs.Snapshot) any { return s.InstantAccess }),
	number("instant_access_retention_days", "Deprecated in the API, where it no longer has an effect: number of days for which instant access stays enabled.",
		func(s *ecs.Snapshot) any { return s.InstantAccessRetentionDays }),
	text("source_disk_id", "ID of the disk that the snapshot was taken from. It stays the same after the disk is deleted.",
		func(s *ecs.Snapshot) any { return s.SourceDiskID }),
	number("source_disk_size", "Size of the source disk in GiB, the minimum size of a disk created from the snapshot.",
		func(s *ecs.Snapshot) any { return s.SourceDiskSize }),
	text("source_disk_type", "Type of the source disk: `system` or `data`, always in lower case.",
		func(s *ecs.Snapshot) any { return ecs.Text(strings.ToLower(string(s.SourceDiskType))) }),
	text("source_storage_type", "Deprecated in the API: storage type of the source disk, such as `disk`.",
		func(s *ecs.Snapshot) any { return s.SourceStorageType }),
	text("source_snapshot_id", "ID of the snapshot that this one is a copy of. Null if it isn't a copy.",
		func(s *ecs.Snapshot) any { return s.SourceSnapshotID }),
	text("source_region_id", "Region that this snapshot was copied from. Null if it isn't a copy.",
		func(s *ecs.Snapshot) any { return s.SourceRegionID }),
	text("snapshot_link_id", "ID of the chain that the snapshot belongs to.",
		func(s *ecs.Snapshot) any { return s.SnapshotLinkID }),
	text("snapshot_sn", "Serial number of the snapshot.",
		func(s *ecs.Snapshot) any { return s.SnapshotSN }),
	number("full_snapshot_size_in_bytes", "Size of the full snapshot in bytes.",
		func(s *ecs.Snapshot) any { return s.FullSnapshotSizeInBytes }),
	{
		"tags",
		schema.MapAttribute{
			Computed:            true,
			ElementType:         types.StringType,
			MarkdownDescription: "Tags of the snapshot, including the system's own (`acs:...`). Empty if it has none, never null.",
		},
		func(s *ecs.Snapshot) any { return s.Tags },
	},
}

func text(name, description string, get func(*ecs.Snapshot) any) snapshotField {
	return snapshotField{name, schema.StringAttribute{Computed: true, MarkdownDescription: description}, get}
}

func number(name, description string, get func(*ecs.Snapshot) any) snapshotField {
	return snapshotField{name, schema.Int64Attribute{Computed: true, MarkdownDescription: description}, get}
}

func flag(name, description string, get func(*ecs.Snapshot) any) snapshotField {
	return snapshotField{name, schema.BoolAttribute{Computed: true, MarkdownDescription: description}, get}
}

// snapshotAttributes is the schema of the snapshot object.
func snapshotAttributes() map[string]schema.Attribute {
	attributes := make(map[string]schema.Attribute, len(snapshotFields))
	for _, field := range snapshotFields {
		attributes[field.name] = field.schema
	}
	return attributes
}
