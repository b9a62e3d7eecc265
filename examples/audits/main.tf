terraform {
  required_version = ">= 1.5"

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

variable "max_age_days" {
  description = "After how many days a snapshot counts as forgotten."
  type        = number
  default     = 90
}

variable "critical_disk_id" {
  description = "The disk that must have been backed up within the last 26 hours."
  type        = string
}

data "aliyun_ecs_snapshots" "all" {}

# Older than max_age_days.
data "aliyun_ecs_snapshots" "old" {
  creation_end_time = timeadd(plantimestamp(), "-${var.max_age_days * 24}h")
}

# False asks for unencrypted ones; leaving it out, for both.
data "aliyun_ecs_snapshots" "unencrypted" {
  encrypted = false
}

data "aliyun_ecs_snapshots" "failed" {
  status = "failed"
}

data "aliyun_ecs_snapshots" "critical" {
  disk_id = var.critical_disk_id
}

output "old" {
  description = "Snapshots older than max_age_days."
  value       = data.aliyun_ecs_snapshots.old.ids
}

output "unencrypted" {
  description = "Snapshots that are not encrypted."
  value       = data.aliyun_ecs_snapshots.unencrypted.ids
}

output "failed" {
  description = "Snapshots that could not be completed."
  value       = data.aliyun_ecs_snapshots.failed.ids
}

output "copies" {
  description = "Copies of other regions' snapshots, by id, and the region each is of."
  value = {
    for snapshot in data.aliyun_ecs_snapshots.all.snapshots :
    snapshot.snapshot_id => snapshot.source_region_id
    if snapshot.source_region_id != null
  }
}

# Checks warn at each plan and apply, and let it go on.
check "no_old_snapshots" {
  assert {
    condition     = length(data.aliyun_ecs_snapshots.old.ids) == 0
    error_message = "Older than ${var.max_age_days} days: ${join(", ", data.aliyun_ecs_snapshots.old.ids)}."
  }
}

check "all_encrypted" {
  assert {
    condition     = length(data.aliyun_ecs_snapshots.unencrypted.ids) == 0
    error_message = "Not encrypted: ${join(", ", data.aliyun_ecs_snapshots.unencrypted.ids)}."
  }
}

check "none_failed" {
  assert {
    condition     = length(data.aliyun_ecs_snapshots.failed.ids) == 0
    error_message = "Failed: ${join(", ", data.aliyun_ecs_snapshots.failed.ids)}."
  }
}

# A precondition stops the plan. 26 hours: a day, and time for the backup itself.
output "critical_backup" {
  description = "The newest usable snapshot of the critical disk."
  value       = try(data.aliyun_ecs_snapshots.critical.latest.snapshot_id, null)

  precondition {
    # Without any snapshot latest is null, timecmp fails, and so does this.
    condition     = try(timecmp(data.aliyun_ecs_snapshots.critical.latest.creation_time, timeadd(plantimestamp(), "-26h")) >= 0, false)
    error_message = "The disk ${var.critical_disk_id} has not been backed up within the last 26 hours."
  }
}
