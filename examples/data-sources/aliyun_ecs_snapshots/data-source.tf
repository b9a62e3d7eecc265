data "aliyun_ecs_snapshots" "source" {
  disk_id = "d-bp1h0a2b3c4d5e6f7g8h"

  tags = {
    env = "prod"
  }
}

locals {
  # Null if there is no usable snapshot yet.
  latest = data.aliyun_ecs_snapshots.source.latest
}

# Created by the official provider: from the newest snapshot, or empty if there
# is none yet.
resource "alicloud_ecs_disk" "restored" {
  zone_id     = "cn-hangzhou-i"
  category    = "cloud_essd"
  disk_name   = "restored"
  snapshot_id = try(local.latest.snapshot_id, null)
  size        = try(local.latest.source_disk_size, 40)

  lifecycle {
    # Without this, the next backup would replace the disk.
    ignore_changes = [snapshot_id, size]
  }
}
