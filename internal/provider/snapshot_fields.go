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
	text("snapshot_id", "The snapshot's id.",
		func(s *ecs.Snapshot) ecs.Text { return s.SnapshotID }),
	textOrEmpty("snapshot_name", "The snapshot's name. Empty where it has none, never null.",
		func(s *ecs.Snapshot) ecs.Text { return s.SnapshotName }),
	textOrEmpty("description", "The snapshot's description. Empty where it has none, never null.",
		func(s *ecs.Snapshot) ecs.Text { return s.Description }),
	text("status", "`progressing`, `accomplished` or `failed`.",
		func(s *ecs.Snapshot) ecs.Text { return s.Status }),
	number("progress", "How much of the snapshot has been created, in percent.",
		func(s *ecs.Snapshot) ecs.Int { return s.Progress }),
	number("remain_time", "The time until the snapshot is complete, in seconds. Null unless it is being created.",
		func(s *ecs.Snapshot) ecs.Int { return s.RemainTime }),
	instant("creation_time", "When the snapshot was created: an RFC 3339 time in UTC with seconds. Null for one that is not cut yet.",
		func(s *ecs.Snapshot) time.Time { return s.CreationTime.Time }),
	instant("last_modified_time", "When the snapshot was last changed: an RFC 3339 time in UTC with seconds.",
		func(s *ecs.Snapshot) time.Time { return s.LastModifiedTime.Time }),
	text("snapshot_type", "`user` (made by hand or by API) or `auto` or `timer` (made by an automatic snapshot policy).",
		func(s *ecs.Snapshot) ecs.Text { return s.SnapshotType }),
	text("category", "`standard`, `flash` or `archive`.",
		func(s *ecs.Snapshot) ecs.Text { return s.Category }),
	truth("encrypted", "Whether the snapshot is encrypted.",
		func(s *ecs.Snapshot) ecs.Bool { return s.Encrypted }),
	text("kms_key_id", "The KMS key that encrypts the snapshot. Null where none does.",
		func(s *ecs.Snapshot) ecs.Text { return s.KMSKeyID }),
	truth("available", "Whether the snapshot can be used. An `accomplished` snapshot may still be unusable. Null where the service doesn't say.",
		func(s *ecs.Snapshot) ecs.Bool { return s.Available }),
	text("usage", "What was created from the snapshot: `image`, `disk`, `image_disk` (both) or `none`.",
		func(s *ecs.Snapshot) ecs.Text { return s.Usage }),
	text("product_code", "The product code that the snapshot inherited from an image of the marketplace. Null where there is none.",
		func(s *ecs.Snapshot) ecs.Text { return s.ProductCode }),
	text("region_id", "The region that the snapshot is in, as the service gives it.",
		func(s *ecs.Snapshot) ecs.Text { return s.RegionID }),
	text("resource_group_id", "The resource group that the snapshot belongs to.",
		func(s *ecs.Snapshot) ecs.Text { return s.ResourceGroupID }),
	number("retention_days", "For how many days the snapshot is kept. Null where it is kept until it is deleted.",
		func(s *ecs.Snapshot) ecs.Int { return s.RetentionDays }),
	truth("instant_access", "Whether instant access is on.",
		func(s *ecs.Snapshot) ecs.Bool { return s.InstantAccess }),
	number("instant_access_retention_days", "For how many days instant access stays on.",
		func(s *ecs.Snapshot) ecs.Int { return s.InstantAccessRetentionDays }),
	text("source_disk_id", "The disk that the snapshot was made of. It is kept when the disk is deleted.",
		func(s *ecs.Snapshot) ecs.Text { return s.SourceDiskID }),
	number("source_disk_size", "The size of that disk in GiB: the least size of a disk created from the snapshot.",
		func(s *ecs.Snapshot) ecs.Int { return s.SourceDiskSize }),
	lowerText("source_disk_type", "`system` or `data`, in lower case whatever the service's.",
		func(s *ecs.Snapshot) ecs.Text { return s.SourceDiskType }),
	text("source_storage_type", "The storage type of that disk, such as `disk`. The service means to drop it.",
		func(s *ecs.Snapshot) ecs.Text { return s.SourceStorageType }),
	text("source_snapshot_id", "The snapshot that this one is a copy of. Null where it is none.",
		func(s *ecs.Snapshot) ecs.Text { return s.SourceSnapshotID }),
	text("source_region_id", "The region that this one was copied from. Null where it is no copy.",
		func(s *ecs.Snapshot) ecs.Text { return s.SourceRegionID }),
	text("snapshot_link_id", "The chain that the snapshot belongs to.",
		func(s *ecs.Snapshot) ecs.Text { return s.SnapshotLinkID }),
	text("snapshot_sn", "The snapshot's serial number.",
		func(s *ecs.Snapshot) ecs.Text { return s.SnapshotSN }),
	number("full_snapshot_size_in_bytes", "The size of the whole snapshot in bytes.",
		func(s *ecs.Snapshot) ecs.Int { return s.FullSnapshotSizeInBytes }),
	{
		name: "tags",
		schema: schema.MapAttribute{
			Computed:            true,
			ElementType:         types.StringType,
			MarkdownDescription: "The snapshot's tags, the system's own (`acs:...`) among them. Empty where it has none, never null.",
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
