package provider

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/vmihailenco/msgpack/v5"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecs"
)

// snapshotField is an attribute of the snapshot object, with its place in the
// schema and its encoding. The object exists once, as snapshotFields; everything
// that has snapshots has it from there.
//
// Absence has one rule: what the service left out or sent empty is null, but for
// the name, the description and the tags, on which people call functions.
type snapshotField struct {
	name   string
	schema schema.Attribute
	encode func(*msgpack.Encoder, *ecs.Snapshot) error
}

var snapshotFields = []snapshotField{
	text("snapshot_id", "ID of the snapshot. Never null.",
		func(s *ecs.Snapshot) ecs.Text { return s.SnapshotID }),
	textOrEmpty("snapshot_name", "Name of the snapshot. Empty if it has none, never null.",
		func(s *ecs.Snapshot) ecs.Text { return s.SnapshotName }),
	textOrEmpty("description", "Description of the snapshot. Empty if it has none, never null.",
		func(s *ecs.Snapshot) ecs.Text { return s.Description }),
	text("status", "Status: `progressing` (being created), `accomplished` (complete) or `failed`. Null if the service doesn't say.",
		func(s *ecs.Snapshot) ecs.Text { return s.Status }),
	number("progress", "Progress of the snapshot's creation, in percent. Null if the service doesn't say.",
		func(s *ecs.Snapshot) ecs.Int { return s.Progress }),
	number("remain_time", "Remaining time until the snapshot is complete, in seconds. Null if the service doesn't say, as for a complete snapshot.",
		func(s *ecs.Snapshot) ecs.Int { return s.RemainTime }),
	instant("creation_time", "Creation time: RFC 3339 in UTC, with seconds. Null if the snapshot hasn't been taken yet.",
		func(s *ecs.Snapshot) time.Time { return s.CreationTime.Time }),
	instant("last_modified_time", "Time of the last change: RFC 3339 in UTC, with seconds. Null if the service doesn't say.",
		func(s *ecs.Snapshot) time.Time { return s.LastModifiedTime.Time }),
	text("snapshot_type", "Type: `user` (created manually or through the API), or `auto` or `timer` (created by an automatic snapshot policy). Null if the service doesn't say.",
		func(s *ecs.Snapshot) ecs.Text { return s.SnapshotType }),
	text("category", "Category: `standard`, `flash` (local snapshot) or `archive`. Null if the service doesn't say.",
		func(s *ecs.Snapshot) ecs.Text { return s.Category }),
	truth("encrypted", "Whether the snapshot is encrypted. Null if the service doesn't say.",
		func(s *ecs.Snapshot) ecs.Bool { return s.Encrypted }),
	text("kms_key_id", "ID of the KMS key that encrypts the snapshot. Null if there is none.",
		func(s *ecs.Snapshot) ecs.Text { return s.KMSKeyID }),
	truth("available", "Whether the snapshot can be used. An `accomplished` snapshot can still be unavailable. Null if the service doesn't say.",
		func(s *ecs.Snapshot) ecs.Bool { return s.Available }),
	text("usage", "What the snapshot was used to create: `image`, `disk`, `image_disk` (both) or `none`. Null if the service doesn't say.",
		func(s *ecs.Snapshot) ecs.Text { return s.Usage }),
	text("product_code", "Product code inherited from an Alibaba Cloud Marketplace image. Null if there is none.",
		func(s *ecs.Snapshot) ecs.Text { return s.ProductCode }),
	text("region_id", "Region of the snapshot. Null if the service doesn't say.",
		func(s *ecs.Snapshot) ecs.Text { return s.RegionID }),
	text("resource_group_id", "ID of the resource group that the snapshot belongs to. Null if the service doesn't say.",
		func(s *ecs.Snapshot) ecs.Text { return s.ResourceGroupID }),
	number("retention_days", "Number of days for which the snapshot is kept. Null if the service doesn't say, as for a snapshot that is kept until it is deleted.",
		func(s *ecs.Snapshot) ecs.Int { return s.RetentionDays }),
	truth("instant_access", "Whether instant access is enabled. Null if the service doesn't say.",
		func(s *ecs.Snapshot) ecs.Bool { return s.InstantAccess }),
	number("instant_access_retention_days", "Number of days for which instant access stays enabled. Null if the service doesn't say.",
		func(s *ecs.Snapshot) ecs.Int { return s.InstantAccessRetentionDays }),
	text("source_disk_id", "ID of the disk that the snapshot was taken from. It stays the same after the disk is deleted. Null if the service doesn't say.",
		func(s *ecs.Snapshot) ecs.Text { return s.SourceDiskID }),
	number("source_disk_size", "Size of the source disk in GiB, the minimum size of a disk created from the snapshot. Null if the service doesn't say.",
		func(s *ecs.Snapshot) ecs.Int { return s.SourceDiskSize }),
	lowerText("source_disk_type", "Type of the source disk: `system` or `data`, always in lower case. Null if the service doesn't say.",
		func(s *ecs.Snapshot) ecs.Text { return s.SourceDiskType }),
	text("source_storage_type", "Storage type of the source disk, such as `disk`. The API plans to remove it. Null if the service doesn't say.",
		func(s *ecs.Snapshot) ecs.Text { return s.SourceStorageType }),
	text("source_snapshot_id", "ID of the snapshot that this one is a copy of. Null if it isn't a copy.",
		func(s *ecs.Snapshot) ecs.Text { return s.SourceSnapshotID }),
	text("source_region_id", "Region that this snapshot was copied from. Null if it isn't a copy.",
		func(s *ecs.Snapshot) ecs.Text { return s.SourceRegionID }),
	text("snapshot_link_id", "ID of the chain that the snapshot belongs to. Null if the service doesn't say.",
		func(s *ecs.Snapshot) ecs.Text { return s.SnapshotLinkID }),
	text("snapshot_sn", "Serial number of the snapshot. Null if the service doesn't say.",
		func(s *ecs.Snapshot) ecs.Text { return s.SnapshotSN }),
	number("full_snapshot_size_in_bytes", "Size of the full snapshot in bytes. Null if the service doesn't say.",
		func(s *ecs.Snapshot) ecs.Int { return s.FullSnapshotSizeInBytes }),
	{
		name: "tags",
		schema: schema.MapAttribute{
			Computed:            true,
			ElementType:         types.StringType,
			MarkdownDescription: "Tags of the snapshot, including the system's own (`acs:...`). Empty if it has none, never null.",
		},
		encode: func(e *msgpack.Encoder, s *ecs.Snapshot) error { return encodeTags(e, s.Tags) },
	},
}

func text(name, description string, get func(*ecs.Snapshot) ecs.Text) snapshotField {
	return snapshotField{
		name:   name,
		schema: schema.StringAttribute{Computed: true, MarkdownDescription: description},
		encode: func(e *msgpack.Encoder, s *ecs.Snapshot) error { return encodeText(e, get(s)) },
	}
}

func textOrEmpty(name, description string, get func(*ecs.Snapshot) ecs.Text) snapshotField {
	field := text(name, description, get)
	field.encode = func(e *msgpack.Encoder, s *ecs.Snapshot) error { return e.EncodeString(string(get(s))) }
	return field
}

func lowerText(name, description string, get func(*ecs.Snapshot) ecs.Text) snapshotField {
	field := text(name, description, get)
	field.encode = func(e *msgpack.Encoder, s *ecs.Snapshot) error { return encodeText(e, lower(get(s))) }
	return field
}

func instant(name, description string, get func(*ecs.Snapshot) time.Time) snapshotField {
	field := text(name, description, nil)
	field.encode = func(e *msgpack.Encoder, s *ecs.Snapshot) error { return encodeTime(e, get(s)) }
	return field
}

func number(name, description string, get func(*ecs.Snapshot) ecs.Int) snapshotField {
	return snapshotField{
		name:   name,
		schema: schema.Int64Attribute{Computed: true, MarkdownDescription: description},
		encode: func(e *msgpack.Encoder, s *ecs.Snapshot) error { return encodeInt(e, get(s)) },
	}
}

func truth(name, description string, get func(*ecs.Snapshot) ecs.Bool) snapshotField {
	return snapshotField{
		name:   name,
		schema: schema.BoolAttribute{Computed: true, MarkdownDescription: description},
		encode: func(e *msgpack.Encoder, s *ecs.Snapshot) error { return encodeBool(e, get(s)) },
	}
}

// snapshotAttributes is the schema of the snapshot object.
func snapshotAttributes() map[string]schema.Attribute {
	attributes := make(map[string]schema.Attribute, len(snapshotFields))
	for _, field := range snapshotFields {
		attributes[field.name] = field.schema
	}
	return attributes
}
