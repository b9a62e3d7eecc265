terraform {
  required_version = ">= 1.2.7"

  required_providers {
    aliyun = {
      source  = "seed01464933/aliyun"
      version = "~> 0.1"
    }
    alicloud = {
      source  = "aliyun/alicloud"
      version = ">= 1.227.0"
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
  description = "The region of the snapshots and of the images."
  type        = string
  default     = "cn-hangzhou"
}

variable "system_disk_id" {
  description = "The system disk whose snapshots are used; it may be deleted."
  type        = string
}

variable "name" {
  description = "The prefix of the names of the images, and their family."
  type        = string
  default     = "golden"
}

variable "days" {
  description = "Days (UTC, such as 2026-05-01) to keep an image of."
  type        = set(string)
  default     = []
}

# An image needs a complete snapshot: ECS refuses one that is still being
# created, even if a disk can already be created from it.
data "aliyun_ecs_snapshots" "system" {
  disk_id = var.system_disk_id
  status  = "accomplished"
}

locals {
  # Null if there is no complete snapshot. ECS then refuses to create the image.
  latest = data.aliyun_ecs_snapshots.system.latest
}

# Created from the newest snapshot at that time, and then kept. To take a newer
# one: terraform apply -replace=alicloud_image.kept
resource "alicloud_image" "kept" {
  # Images that exist side by side need different names.
  image_name = try(format(
    "%s-%s",
    var.name, formatdate("YYYYMMDD-hhmmss", local.latest.creation_time),
  ), var.name)
  snapshot_id = try(local.latest.snapshot_id, null)

  lifecycle {
    create_before_destroy = true
    # Without this, a newer snapshot would only rename the image: since 1.227.0,
    # changing snapshot_id neither replaces an image nor changes its content.
    ignore_changes = [image_name, snapshot_id]
  }
}

locals {
  by_day = {
    for snapshot in data.aliyun_ecs_snapshots.system.snapshots :
    formatdate("YYYY-MM-DD", snapshot.creation_time) => snapshot.snapshot_id...
    if snapshot.available != false
  }
}

# One image for each day in var.days. The keys come from the configuration, so
# an image stays until you remove its day.
resource "alicloud_image" "daily" {
  for_each = var.days

  image_name   = "${var.name}-${each.key}"
  image_family = var.name

  # Snapshots are sorted newest first. Use each day's earliest, so that later
  # ones change nothing.
  snapshot_id = try(reverse(local.by_day[each.key])[0], null)

  lifecycle {
    ignore_changes = [snapshot_id]
  }
}

output "image_id" {
  description = "The image_id for an alicloud_instance."
  value       = alicloud_image.kept.id
}

output "daily" {
  description = "The image of each day."
  value       = { for day, image in alicloud_image.daily : day => image.id }
}
