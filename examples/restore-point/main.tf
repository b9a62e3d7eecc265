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
  region = "cn-hangzhou"
}

variable "restore_point" {
  description = "The last moment before the damage, as an RFC 3339 time."
  type        = string
}

variable "disk_id" {
  description = "The disk to restore, in the provider's region."
  type        = string
}

variable "regions" {
  description = "The regions of the application."
  type        = set(string)
  default     = ["cn-hangzhou", "cn-beijing"]
}

variable "tags" {
  description = "The tags of the application's snapshots."
  type        = map(string)
  default = {
    app = "shop"
  }
}

# The newest usable snapshot of one disk created at or before restore_point.
data "aliyun_ecs_snapshot" "disk" {
  most_recent = true

  filter {
    disk_id           = var.disk_id
    creation_end_time = var.restore_point
  }
}

# The same for every disk of an application in several regions.
data "aliyun_ecs_snapshots" "application" {
  for_each = var.regions

  region_id         = each.key
  tags              = var.tags
  creation_end_time = var.restore_point
}

output "disk" {
  description = "The snapshot to restore the disk from."
  value = format(
    "%s of %s",
    data.aliyun_ecs_snapshot.disk.snapshot_id,
    data.aliyun_ecs_snapshot.disk.creation_time,
  )
}

output "application" {
  description = "The snapshot to restore from, by region and disk."
  value = {
    for region, found in data.aliyun_ecs_snapshots.application : region => {
      for disk_id, snapshot in found.latest_by_disk :
      disk_id => "${snapshot.snapshot_id} of ${snapshot.creation_time}"
    }
  }
}
