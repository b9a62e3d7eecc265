terraform {
  required_version = ">= 1.2.7"

  required_providers {
    aliyun = {
      source  = "seed01464933/aliyun"
      version = "~> 0.1"
    }
  }
}

# Set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or use
# another source of credentials.
provider "aliyun" {
  region = var.region

  endpoints {
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

# The last ten snapshots of the disk that was backed up last. If there is no
# such disk: none, as an empty set of IDs matches nothing.
data "aliyun_ecs_snapshots" "disk" {
  disk_id      = try(local.latest.source_disk_id, null)
  snapshot_ids = local.latest == null ? [] : null
  status       = "accomplished"
  limit        = 10
}

# Exactly one, to create an image from. Reading it would be an error if there
# were none.
data "aliyun_ecs_snapshot" "system" {
  count = local.has_system ? 1 : 0

  most_recent = true

  filter {
    source_disk_type = "system"
    status           = "accomplished"

    tags = {
      env = "prod"
    }
  }
}

locals {
  latest = data.aliyun_ecs_snapshots.prod.latest

  has_system = anytrue([
    for s in data.aliyun_ecs_snapshots.prod.snapshots :
    s.source_disk_type == "system" && s.available != false
  ])

  columns = "%-24s  %-20v  %-12s  %8v  %s"
  header = format(
    local.columns,
    "SNAPSHOT", "CREATED", "STATUS", "DISK GiB", "NAME",
  )

  disk   = data.aliyun_ecs_snapshots.disk.latest
  system = one(data.aliyun_ecs_snapshot.system)
}

output "newest" {
  description = "The newest snapshot of one disk."
  value = try(format(
    "%s of disk %s, created %s",
    local.disk.snapshot_id, local.disk.source_disk_id, local.disk.creation_time,
  ), "none")
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
  value = try(format(
    "snapshot_id = %s, size = %d",
    local.disk.snapshot_id, local.disk.source_disk_size,
  ), "none")
}

output "image_from" {
  description = "Arguments for an alicloud_image."
  value       = try("snapshot_id = ${local.system.snapshot_id}", "none")
}
