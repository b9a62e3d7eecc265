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
  description = "The region of the snapshots and of the disks."
  type        = string
  default     = "cn-hangzhou"
}

variable "zone_id" {
  description = "The zone of the disks."
  type        = string
  default     = "cn-hangzhou-i"
}

variable "source_disk_id" {
  description = "The disk whose newest snapshot is taken. It may have been deleted since."
  type        = string
}

variable "size" {
  description = "The least size of the disks in GiB."
  type        = number
  default     = 40
}

data "aliyun_ecs_snapshots" "source" {
  disk_id = var.source_disk_id
}

locals {
  # Null in the first environment, where nothing has been backed up yet. A disk
  # whose snapshot_id is null is created empty.
  snapshot_id = try(data.aliyun_ecs_snapshots.source.latest.snapshot_id, null)

  # A disk can't be smaller than the one that its snapshot was made of.
  size = max(var.size, try(data.aliyun_ecs_snapshots.source.latest.source_disk_size, 0))
}

# Starts from the newest snapshot there is when it is created, and keeps its own
# content from then on.
resource "alicloud_ecs_disk" "kept" {
  zone_id     = var.zone_id
  category    = "cloud_essd"
  disk_name   = "kept"
  size        = local.size
  snapshot_id = local.snapshot_id

  lifecycle {
    # Another snapshot_id replaces a disk, and so does a smaller size, which this
    # is when the snapshots have expired.
    ignore_changes = [snapshot_id, size]
  }
}

# Is replaced, content and all, whenever there is a newer snapshot: for copies
# that nobody writes to, such as the data of a staging environment.
resource "alicloud_ecs_disk" "refreshed" {
  zone_id     = var.zone_id
  category    = "cloud_essd"
  disk_name   = "refreshed"
  size        = local.size
  snapshot_id = local.snapshot_id
}

output "snapshot_id" {
  description = "The snapshot that a disk created now starts from. Null: it starts empty."
  value       = local.snapshot_id
}
