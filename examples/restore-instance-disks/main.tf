terraform {
  required_version = ">= 1.0"

  required_providers {
    aliyun = {
      source = "seed01464933/aliyun"
    }
    alicloud = {
      source = "aliyun/alicloud"
    }
  }
}

# Both take their keys from ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET.
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
  description = "The zone of the target instance, where the disks have to be."
  type        = string
  default     = "cn-hangzhou-i"
}

variable "source_instance_id" {
  description = "The instance whose data disks are restored."
  type        = string
}

variable "target_instance_id" {
  description = "The instance that the restored disks are attached to. Not the source: its own snapshots would count next time."
  type        = string
}

variable "restore_point" {
  description = "Restore the disks as they were at this time, as RFC 3339. Null: as they are in the newest snapshots."
  type        = string
  default     = null
}

data "aliyun_ecs_snapshots" "source" {
  instance_id       = var.source_instance_id
  source_disk_type  = "data"
  creation_end_time = var.restore_point
}

# One disk for each that has a usable snapshot, by the id of the disk it was.
resource "alicloud_ecs_disk" "restored" {
  for_each = data.aliyun_ecs_snapshots.source.latest_by_disk

  zone_id     = var.zone_id
  category    = "cloud_essd"
  disk_name   = "restored-${each.key}"
  size        = each.value.source_disk_size
  snapshot_id = each.value.snapshot_id

  tags = {
    restored_from = each.value.snapshot_id
  }

  lifecycle {
    # The next backup of the source would replace the disk otherwise.
    ignore_changes = [size, snapshot_id, tags]
  }
}

resource "alicloud_ecs_disk_attachment" "restored" {
  for_each = alicloud_ecs_disk.restored

  disk_id     = each.value.id
  instance_id = var.target_instance_id
}

output "restored" {
  description = "The newest usable snapshot of each disk, by the disk's id."
  value = {
    for disk_id, snapshot in data.aliyun_ecs_snapshots.source.latest_by_disk :
    disk_id => "${snapshot.snapshot_id} of ${snapshot.creation_time}"
  }
}
