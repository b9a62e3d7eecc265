# A module that finds the snapshot and size for a new disk. The caller, or the
# test, configures the provider.
terraform {
  required_version = ">= 1.7"

  required_providers {
    aliyun = {
      source  = "seed01464933/aliyun"
      version = "~> 0.1"
    }
  }
}

variable "disk_id" {
  description = "The disk whose newest usable snapshot to use."
  type        = string
}

variable "min_size" {
  description = "The minimum size of the new disk in GiB."
  type        = number
  default     = 40
}

data "aliyun_ecs_snapshots" "disk" {
  disk_id = var.disk_id
}

locals {
  latest = data.aliyun_ecs_snapshots.disk.latest
  size   = try(max(var.min_size, local.latest.source_disk_size), var.min_size)
}

output "snapshot_id" {
  description = "The snapshot for the new disk. Null: create it empty."
  value       = try(local.latest.snapshot_id, null)
}

output "size" {
  description = "The size of the new disk in GiB."
  value       = local.size
}
