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
  region = "cn-hangzhou"
}

variable "restore_point" {
  description = "The last moment before the damage: an RFC 3339 time with any offset."
  type        = string
}

variable "disk_id" {
  description = "The disk to restore in the provider's region."
  type        = string
}

variable "regions" {
  description = "The regions to look for the application's snapshots in."
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

# The newest usable snapshot of one disk that was made at or before the time.
data "aliyun_ecs_snapshot" "disk" {
  most_recent = true

  filter = {
    disk_id           = var.disk_id
    creation_end_time = var.restore_point
  }
}

# The same for every disk of an application, in each region.
data "aliyun_ecs_snapshots" "application" {
  for_each = var.regions

  region_id         = each.key
  tags              = var.tags
  creation_end_time = var.restore_point
}

output "disk" {
  description = "What to restore the disk from."
  value       = "${data.aliyun_ecs_snapshot.disk.snapshot_id} of ${data.aliyun_ecs_snapshot.disk.creation_time}"
}

output "application" {
  description = "By region and disk: what to restore from."
  value = {
    for region, found in data.aliyun_ecs_snapshots.application : region => {
      for disk_id, snapshot in found.latest_by_disk :
      disk_id => "${snapshot.snapshot_id} of ${snapshot.creation_time}"
    }
  }
}
