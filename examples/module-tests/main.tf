# A module that finds what a disk is to be created from. Providers are configured
# by the caller, or by the tests.
terraform {
  required_version = ">= 1.7"

  required_providers {
    aliyun = {
      source = "seed01464933/aliyun"
    }
  }
}

variable "disk_id" {
  description = "The disk whose newest usable snapshot is looked for."
  type        = string
}

variable "min_size" {
  description = "The least size of the new disk in GiB."
  type        = number
  default     = 40
}

data "aliyun_ecs_snapshots" "disk" {
  disk_id = var.disk_id
}

output "snapshot_id" {
  description = "The snapshot to create the disk from. Null: create it empty."
  value       = try(data.aliyun_ecs_snapshots.disk.latest.snapshot_id, null)
}

output "size" {
  description = "The size of the new disk in GiB."
  value       = try(max(var.min_size, data.aliyun_ecs_snapshots.disk.latest.source_disk_size), var.min_size)
}
