terraform {
  required_version = ">= 1.0"

  required_providers {
    aliyun = {
      source = "seed01464933/aliyun"
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
  description = "The region of both instances."
  type        = string
  default     = "cn-hangzhou"
}

variable "zone_id" {
  description = "The zone of the target instance."
  type        = string
  default     = "cn-hangzhou-i"
}

variable "source_instance_id" {
  description = "The instance whose disks are restored."
  type        = string
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

data "aliyun_ecs_snapshots" "data_disks" {
  instance_id       = var.source_instance_id
  source_disk_type  = "data"
  creation_end_time = var.restore_point
}

# One disk for each data disk that has a usable snapshot.
resource "alicloud_ecs_disk" "restored" {
  for_each = data.aliyun_ecs_snapshots.data_disks.latest_by_disk

  zone_id     = var.zone_id
  category    = "cloud_essd"
  disk_name   = "restored-${each.key}"
  size        = each.value.source_disk_size
  snapshot_id = each.value.snapshot_id

  tags = {
    restored_from = each.value.snapshot_id
  }

  lifecycle {
    # Without this, the next backup would replace the disk.
    ignore_changes = [snapshot_id, size, tags]
  }
}

resource "alicloud_ecs_disk_attachment" "restored" {
  for_each = alicloud_ecs_disk.restored

  disk_id     = each.value.id
  instance_id = var.target_instance_id
}

# An instance gets its system disk from an image.
data "aliyun_ecs_snapshots" "system_disk" {
  instance_id       = var.source_instance_id
  source_disk_type  = "system"
  creation_end_time = var.restore_point
}

# One image, or none if the system disk has no usable snapshot.
resource "alicloud_image" "system" {
  for_each = data.aliyun_ecs_snapshots.system_disk.latest_by_disk

  image_name  = "restored-${each.key}"
  snapshot_id = each.value.snapshot_id

  lifecycle {
    # An image keeps its content even if snapshot_id changes.
    ignore_changes = [snapshot_id]
  }
}

output "image_id" {
  description = "The image_id for an alicloud_instance with the system disk."
  value       = one([for image in alicloud_image.system : image.id])
}

output "restored" {
  description = "The newest usable snapshot of each disk, by disk ID."
  value = {
    for disk_id, snapshot in merge(
      data.aliyun_ecs_snapshots.data_disks.latest_by_disk,
      data.aliyun_ecs_snapshots.system_disk.latest_by_disk,
    ) :
    disk_id => "${snapshot.snapshot_id} of ${snapshot.creation_time}"
  }
}
