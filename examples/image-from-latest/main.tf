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

# Both take their keys from ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET.
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
  description = "The instance whose system disk is the pattern of the images."
  type        = string
}

variable "name" {
  description = "What the images' names begin with."
  type        = string
  default     = "golden"
}

variable "keep" {
  description = "For how many of the last days that have a snapshot an image is kept."
  type        = number
  default     = 3
}

# The newest usable snapshot of the system disk. None is an error: there is
# nothing to make an image of.
data "aliyun_ecs_snapshot" "system" {
  most_recent = true

  filter = {
    instance_id      = var.instance_id
    source_disk_type = "system"
  }
}

# Since 1.227.0 another snapshot_id does not replace an alicloud_image, nor change
# what is in it. This does.
resource "terraform_data" "snapshot" {
  input = data.aliyun_ecs_snapshot.system.snapshot_id
}

# One image, always of the newest snapshot.
resource "alicloud_image" "latest" {
  image_name  = "${var.name}-${formatdate("YYYYMMDD-hhmmss", data.aliyun_ecs_snapshot.system.creation_time)}"
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

  last_days = slice(reverse(keys(local.by_day)), 0, min(var.keep, length(local.by_day)))

  # The list is newest first, and so are its groups. A day's first snapshot stays
  # its first, so the image of a day is made once.
  first_of_day = { for day in local.last_days : day => reverse(local.by_day[day])[0] }
}

# One image for each of the last days (in UTC): a new day adds one and deletes the
# oldest.
resource "alicloud_image" "daily" {
  for_each = local.first_of_day

  image_name   = "${var.name}-${each.key}"
  image_family = var.name
  snapshot_id  = each.value
}

output "latest" {
  description = "The id of the newest image, for alicloud_instance's image_id."
  value       = alicloud_image.latest.id
}

output "daily" {
  description = "The snapshot that each day's image is of."
  value       = local.first_of_day
}
