# All complete snapshots of a disk that have a tag, newest first.
data "aliyun_ecs_snapshots" "nightly" {
  disk_id = "d-bp1h0a2b3c4d5e6f7g8h"
  status  = "accomplished"

  tags = {
    env = "prod"
  }
}

# The one to create a disk or an image from; null if there is none yet.
output "latest_id" {
  value = try(data.aliyun_ecs_snapshots.nightly.latest.snapshot_id, null)
}

# The newest usable snapshot of each disk of an instance.
data "aliyun_ecs_snapshots" "instance" {
  instance_id = "i-bp1h0a2b3c4d5e6f7g8h"
}

output "latest_by_disk" {
  value = {
    for disk_id, snapshot in data.aliyun_ecs_snapshots.instance.latest_by_disk :
    disk_id => snapshot.snapshot_id
  }
}

# The last ten snapshots of a month whose names match, in another region.
data "aliyun_ecs_snapshots" "may" {
  region_id           = "cn-beijing"
  name_regex          = "^before-upgrade"
  creation_start_time = "2026-05-01T00:00:00+08:00"
  creation_end_time   = "2026-05-31T23:59:59+08:00"
  limit               = 10
}

output "may_names" {
  value = data.aliyun_ecs_snapshots.may.names
}
