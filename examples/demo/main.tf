terraform {
  required_version = ">= 1.0"

  required_providers {
    aliyun = {
      source = "seed01464933/aliyun"
    }
  }
}

# Set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or use
# another source of credentials.
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
  description = "The ECS endpoint. Null: the region's public endpoint."
  type        = string
  default     = null
}

# All complete snapshots of production, and the newest usable one of each disk.
data "aliyun_ecs_snapshots" "prod" {
  status = "accomplished"

  tags = {
    env = "prod"
  }
}

# The last ten snapshots of the disk that was backed up last.
data "aliyun_ecs_snapshots" "disk" {
  disk_id = try(data.aliyun_ecs_snapshots.prod.latest.source_disk_id, null)
  status  = "accomplished"
  limit   = 10
}

# Exactly one, to create an image from. It is an error if there is none.
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
  header = format(
    local.columns,
    "SNAPSHOT", "CREATED", "STATUS", "DISK GiB", "NAME",
  )

  disk   = data.aliyun_ecs_snapshots.disk.latest
  system = data.aliyun_ecs_snapshot.system
}

output "newest" {
  description = "The newest snapshot of one disk."
  value = format(
    "%s of disk %s, created %s",
    local.disk.snapshot_id, local.disk.source_disk_id, local.disk.creation_time,
  )
}

output "snapshots" {
  description = "The last snapshots of that disk."
  value = join("\n", concat([local.header], [
    for s in data.aliyun_ecs_snapshots.disk.snapshots :
    format(
      local.columns,
      s.snapshot_id, s.creation_time, s.status,
      s.source_disk_size, s.snapshot_name,
    )
  ]))
}

output "latest_by_disk" {
  description = "The newest usable snapshot of each disk."
  value = join("\n", concat([format("%-24s  %s", "DISK", local.header)], [
    for disk, s in data.aliyun_ecs_snapshots.prod.latest_by_disk :
    format(
      "%-24s  ${local.columns}",
      disk, s.snapshot_id, s.creation_time, s.status,
      s.source_disk_size, s.snapshot_name,
    )
  ]))
}

output "disk_from" {
  description = "Arguments for an alicloud_ecs_disk."
  value = format(
    "snapshot_id = %s, size = %d",
    local.disk.snapshot_id, local.disk.source_disk_size,
  )
}

output "image_from" {
  description = "Arguments for an alicloud_image."
  value       = "snapshot_id = ${local.system.snapshot_id}"
}
