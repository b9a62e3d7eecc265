data "aliyun_ecs_snapshot" "system" {
  most_recent = true

  filter {
    source_disk_type = "system"
    status           = "accomplished"

    tags = {
      app = "shop"
    }
  }
}

output "image_from" {
  value = data.aliyun_ecs_snapshot.system.snapshot_id
}
