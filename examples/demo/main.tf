terraform {
  required_version = ">= 1.0"

  required_providers {
    aliyun = {
      source = "seed01464933/aliyun"
    }
  }
}

# The keys come from ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET.
provider "aliyun" {
  region = var.region

  endpoints = {
    ecs = var.ecs_endpoint
  }
}

variable "region" {
  description = "The region whose snapshots are read."
  type        = string
  default     = "cn-hangzhou"
}

variable "ecs_endpoint" {
  description = "Where ECS answers: `make demo` names the local service. Null: the region's own endpoint."
  type        = string
  default     = null
}

# Every usable snapshot of production, and the newest one of each disk.
data "aliyun_ecs_snapshots" "prod" {
  status = "accomplished"

  tags = {
    env = "prod"
  }
}

# The last ten of the disk that was backed up last.
data "aliyun_ecs_snapshots" "disk" {
  disk_id = data.aliyun_ecs_snapshots.prod.latest.source_disk_id
  status  = "accomplished"
  limit   = 10
}

# Exactly one: what an image would be created from.
data "aliyun_ecs_snapshot" "system" {
  most_recent = true

  filter = {
    source_disk_type = "system"

    tags = {
      env = "prod"
    }
  }
}

locals {
  columns = "%-24s  %-20v  %-12s  %8v  %s"
  header  = format(local.columns, "SNAPSHOT", "CREATED", "STATUS", "DISK GiB", "NAME")

  disk   = data.aliyun_ecs_snapshots.disk.latest
  system = data.aliyun_ecs_snapshot.system
}

output "newest" {
  description = "The newest snapshot of one disk."
  value       = "${local.disk.snapshot_id} of disk ${local.disk.source_disk_id}, created ${local.disk.creation_time}"
}

output "snapshots" {
  description = "The last snapshots of that disk."
  value = join("\n", concat([local.header], [
    for s in data.aliyun_ecs_snapshots.disk.snapshots :
    format(local.columns, s.snapshot_id, s.creation_time, s.status, s.source_disk_size, s.snapshot_name)
  ]))
}

output "latest_by_disk" {
  description = "The newest usable snapshot of each disk."
  value = join("\n", concat([format("%-24s  %s", "DISK", local.header)], [
    for disk, s in data.aliyun_ecs_snapshots.prod.latest_by_disk :
    format("%-24s  ${local.columns}", disk, s.snapshot_id, s.creation_time, s.status, s.source_disk_size, s.snapshot_name)
  ]))
}

output "disk_from" {
  description = "What a disk would be created from: alicloud_ecs_disk's snapshot_id and size."
  value       = "snapshot_id = ${local.disk.snapshot_id}, size = ${local.disk.source_disk_size}"
}

output "image_from" {
  description = "What an image would be created from: alicloud_image's snapshot_id."
  value       = "snapshot_id = ${local.system.snapshot_id}"
}
