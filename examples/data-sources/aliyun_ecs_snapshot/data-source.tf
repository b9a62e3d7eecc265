# The newest usable snapshot of a disk that has a tag. It is an error if there
# is none.
data "aliyun_ecs_snapshot" "data" {
  most_recent = true

  filter {
    disk_id = "d-bp1h0a2b3c4d5e6f7g8h"

    tags = {
      env = "prod"
    }
  }
}

# A disk with the content of the snapshot, created by the official provider.
resource "alicloud_ecs_disk" "restored" {
  zone_id     = "cn-hangzhou-i"
  category    = "cloud_essd"
  disk_name   = "restored"
  size        = data.aliyun_ecs_snapshot.data.source_disk_size
  snapshot_id = data.aliyun_ecs_snapshot.data.snapshot_id

  lifecycle {
    # Without this, the next backup would replace the disk.
    ignore_changes = [snapshot_id, size]
  }
}
