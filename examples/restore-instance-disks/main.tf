terraform {
  required_version = ">= 1.2.7"

  required_providers {
    aliyun = {
      source  = "seed01464933/aliyun"
      version = "~> 0.1"
    }
    alicloud = {
      source  = "aliyun/alicloud"
      version = ">= 1.227.0"
    }
  }
}

# Both providers read ALIBABA_CLOUD_ACCESS_KEY_ID and
# ALIBABA_CLOUD_ACCESS_KEY_SECRET.
provider "aliyun" {
  region = var.region
}

provider "alicloud" {
  region = var.region
}

variable "region" {
  description = "The region of the snapshots and of the target instance."
  type        = string
  default     = "cn-hangzhou"
}

variable "zone_id" {
  description = "The zone of the target instance."
  type        = string
  default     = "cn-hangzhou-i"
}

variable "disk_ids" {
  description = "The IDs of the data disks to restore; they may be deleted."
  type        = set(string)
}

variable "system_disk_id" {
  description = "The ID of the system disk to restore. Null: none."
  type        = string
  default     = null
}

variable "target_instance_id" {
  description = "The instance to attach the data disks to. Not the source."
  type        = string
}

variable "restore_point" {
  description = "Restore the state at this RFC 3339 time. Null: the newest."
  type        = string
  default     = null
}

# One read for each disk. By the disk's own ID, because snapshots keep it even
# after the disk and its instance have been deleted.
data "aliyun_ecs_snapshots" "data" {
  for_each = var.disk_ids

  disk_id           = each.key
  creation_end_time = var.restore_point
}

locals {
  # Null for a disk without a usable snapshot.
  latest = {
    for disk_id, found in data.aliyun_ecs_snapshots.data :
    disk_id => found.latest
  }
}

# The keys come from the configuration, only the values from the data source: no
# change of the snapshots can add or destroy a disk.
resource "alicloud_ecs_disk" "restored" {
  for_each = var.disk_ids

  zone_id   = var.zone_id
  category  = "cloud_essd"
  disk_name = "restored-${each.key}"

  # ECS refuses to create a disk with neither a snapshot nor a size, so no empty
  # disk stands in for a missing backup.
  snapshot_id = try(local.latest[each.key].snapshot_id, null)
  size        = try(local.latest[each.key].source_disk_size, null)

  lifecycle {
    # Without this, the next backup would replace the disk.
    ignore_changes = [snapshot_id, size]
  }
}

resource "alicloud_ecs_disk_attachment" "restored" {
  for_each = var.disk_ids

  disk_id     = alicloud_ecs_disk.restored[each.key].id
  instance_id = var.target_instance_id
}

# An instance gets its system disk from an image, and an image needs a complete
# snapshot.
data "aliyun_ecs_snapshots" "system" {
  count = var.system_disk_id == null ? 0 : 1

  disk_id           = var.system_disk_id
  status            = "accomplished"
  creation_end_time = var.restore_point
}

resource "alicloud_image" "system" {
  count = var.system_disk_id == null ? 0 : 1

  image_name  = "restored-${var.system_disk_id}"
  snapshot_id = try(data.aliyun_ecs_snapshots.system[0].latest.snapshot_id, null)

  lifecycle {
    # An image keeps its content even if snapshot_id changes.
    ignore_changes = [snapshot_id]
  }
}

output "disk_ids" {
  description = "The ID of the restored disk, by the ID of its source."
  value = {
    for source, disk in alicloud_ecs_disk.restored : source => disk.id
  }
}

output "image_id" {
  description = "The image_id for an alicloud_instance with the system disk."
  value       = one(alicloud_image.system[*].id)
}
