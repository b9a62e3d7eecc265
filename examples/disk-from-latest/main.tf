terraform {
  required_version = ">= 1.2.7"

  required_providers {
    aliyun = {
      source  = "seed01464933/aliyun"
      version = "~> 0.1"
    }
    alicloud = {
      source = "aliyun/alicloud"
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
  description = "The disk whose newest snapshot is used; it may be deleted."
  type        = string
}

variable "size" {
  description = "The minimum size of the disks in GiB."
  type        = number
  default     = 40
}

data "aliyun_ecs_snapshots" "source" {
  disk_id = var.source_disk_id
}

locals {
  # Null in a new environment, where nothing has been backed up yet.
  latest = data.aliyun_ecs_snapshots.source.latest

  # A disk whose snapshot_id is null is created empty.
  snapshot_id = try(local.latest.snapshot_id, null)

  # A disk can't be smaller than the disk that the snapshot was taken from.
  size = try(max(var.size, local.latest.source_disk_size), var.size)
}

# Created from the newest snapshot at that time. It then keeps its own content.
resource "alicloud_ecs_disk" "kept" {
  zone_id     = var.zone_id
  category    = "cloud_essd"
  disk_name   = "kept"
  size        = local.size
  snapshot_id = local.snapshot_id

  lifecycle {
    # Without this, the next backup would replace the disk.
    ignore_changes = [snapshot_id, size]
  }
}

# Without ignore_changes: replaced, with its content, whenever there is a newer
# snapshot. Only for copies that nobody writes to, such as test data.
resource "alicloud_ecs_disk" "refreshed" {
  zone_id     = var.zone_id
  category    = "cloud_essd"
  disk_name   = "refreshed"
  size        = local.size
  snapshot_id = local.snapshot_id
}

output "disk_id" {
  description = "The disk that keeps its content."
  value       = alicloud_ecs_disk.kept.id
}
