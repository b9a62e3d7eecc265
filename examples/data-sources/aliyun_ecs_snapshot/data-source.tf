data "aliyun_ecs_snapshot" "nightly" {
  most_recent = true

  filter {
    disk_id       = "d-bp1h0a2b3c4d5e6f7g8h"
    snapshot_type = "auto"
  }
}

output "nightly" {
  value = data.aliyun_ecs_snapshot.nightly.snapshot_id
}
