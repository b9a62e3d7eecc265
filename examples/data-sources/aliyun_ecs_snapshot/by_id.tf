data "aliyun_ecs_snapshot" "release" {
  filter {
    snapshot_ids = ["s-bp1h0a2b3c4d5e6f7g8h"]
  }
}

output "release_size" {
  value = data.aliyun_ecs_snapshot.release.source_disk_size
}
