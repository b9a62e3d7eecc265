terraform {
  required_version = ">= 1.4"

  required_providers {
    aliyun = {
      source = "seed01464933/aliyun"
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
  description = "The region of the instance and of the images."
  type        = string
  default     = "cn-hangzhou"
}

variable "instance_id" {
  description = "The instance whose system disk the images are made from."
  type        = string
}

variable "name" {
  description = "The prefix of the image names."
  type        = string
  default     = "golden"
}

variable "keep" {
  description = "The number of days with a snapshot to keep images for."
  type        = number
  default     = 3
}

# The newest usable snapshot of the system disk. It is an error if there is
# none.
data "aliyun_ecs_snapshot" "system" {
  most_recent = true

  filter {
    instance_id      = var.instance_id
    source_disk_type = "system"
  }
}

locals {
  created = formatdate(
    "YYYYMMDD-hhmmss",
    data.aliyun_ecs_snapshot.system.creation_time,
  )
}

# Since 1.227.0, changing snapshot_id of an alicloud_image neither replaces the
# image nor changes its content. This replaces it.
resource "terraform_data" "snapshot" {
  input = data.aliyun_ecs_snapshot.system.snapshot_id
}

# One image, always from the newest snapshot.
resource "alicloud_image" "latest" {
  image_name  = "${var.name}-${local.created}"
  description = "The system disk of ${var.instance_id}."
  snapshot_id = data.aliyun_ecs_snapshot.system.snapshot_id

  lifecycle {
    create_before_destroy = true
    replace_triggered_by  = [terraform_data.snapshot]
  }
}

data "aliyun_ecs_snapshots" "system" {
  instance_id      = var.instance_id
  source_disk_type = "system"
  status           = "accomplished"
}

locals {
  by_day = {
    for snapshot in data.aliyun_ecs_snapshots.system.snapshots :
    formatdate("YYYYMMDD", snapshot.creation_time) => snapshot.snapshot_id...
    if snapshot.available != false
  }

  days      = reverse(keys(local.by_day))
  last_days = slice(local.days, 0, min(var.keep, length(local.days)))

  # Snapshots are sorted newest first, also within a day. A newer snapshot is
  # never the first of its day, so the image of a day is created once.
  first_of_day = {
    for day in local.last_days : day => reverse(local.by_day[day])[0]
  }
}

# One image for each of the last days (UTC). A new day adds an image and deletes
# the oldest one.
resource "alicloud_image" "daily" {
  for_each = local.first_of_day

  image_name   = "${var.name}-${each.key}"
  image_family = var.name
  snapshot_id  = each.value
}

output "latest" {
  description = "The newest image, for image_id of an alicloud_instance."
  value       = alicloud_image.latest.id
}

output "daily" {
  description = "The snapshot that the image of each day was created from."
  value       = local.first_of_day
}
