terraform {
  required_version = ">= 1.5"

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

variable "max_age_days" {
  description = "The age in days at which a snapshot counts as old."
  type        = number
  default     = 90
}

variable "critical_disk_id" {
  description = "The disk that must have a backup of the last 26 hours."
  type        = string
}

data "aliyun_ecs_snapshots" "all" {}

# Older than max_age_days.
data "aliyun_ecs_snapshots" "old" {
  creation_end_time = timeadd(plantimestamp(), "-${var.max_age_days * 24}h")
}

# Only unencrypted snapshots; without this argument, both.
data "aliyun_ecs_snapshots" "unencrypted" {
  encrypted = false
}

data "aliyun_ecs_snapshots" "failed" {
  status = "failed"
}

data "aliyun_ecs_snapshots" "critical" {
  disk_id = var.critical_disk_id
}

locals {
  # Copies of other regions' snapshots, with the region of each original.
  copies = {
    for snapshot in data.aliyun_ecs_snapshots.all.snapshots :
    snapshot.snapshot_id => snapshot.source_region_id
    if snapshot.source_region_id != null
  }

  findings = {
    old         = data.aliyun_ecs_snapshots.old.ids
    unencrypted = data.aliyun_ecs_snapshots.unencrypted.ids
    failed      = data.aliyun_ecs_snapshots.failed.ids
    copies      = keys(local.copies)
  }

  # For the messages: the number of findings and the first five.
  summary = {
    for name, ids in local.findings : name => format(
      "%d (%s%s)",
      length(ids),
      join(", ", slice(ids, 0, min(5, length(ids)))),
      length(ids) > 5 ? ", ..." : "",
    )
  }
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
  description = "Snapshots that failed."
  value       = data.aliyun_ecs_snapshots.failed.ids
}

output "copies" {
  description = "Copies of other regions' snapshots, with their region."
  value       = local.copies
}

# A failed check is a warning; plan and apply continue.
check "no_old_snapshots" {
  assert {
    condition     = length(local.findings.old) == 0
    error_message = "Older than ${var.max_age_days} days: ${local.summary.old}."
  }
}

check "all_encrypted" {
  assert {
    condition     = length(local.findings.unencrypted) == 0
    error_message = "Not encrypted: ${local.summary.unencrypted}."
  }
}

check "none_failed" {
  assert {
    condition     = length(local.findings.failed) == 0
    error_message = "Failed: ${local.summary.failed}."
  }
}

check "no_copies" {
  assert {
    condition     = length(local.findings.copies) == 0
    error_message = "Copies of other regions: ${local.summary.copies}."
  }
}

# A failed precondition stops the plan. The limit is a daily backup plus two
# hours.
output "critical_backup" {
  description = "The newest usable snapshot of the critical disk."
  value       = try(data.aliyun_ecs_snapshots.critical.latest.snapshot_id, null)

  precondition {
    # If there is no snapshot, latest is null and the condition is false.
    condition = try(
      timecmp(
        data.aliyun_ecs_snapshots.critical.latest.creation_time,
        timeadd(plantimestamp(), "-26h"),
      ) >= 0,
      false,
    )
    error_message = "No backup of ${var.critical_disk_id} in the last 26 hours."
  }
}
