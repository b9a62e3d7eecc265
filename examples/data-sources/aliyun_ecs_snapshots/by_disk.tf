data "aliyun_ecs_snapshots" "application" {
  tags = {
    app = "shop"
  }
}

output "latest_by_disk" {
  value = {
    for disk_id, snapshot in data.aliyun_ecs_snapshots.application.latest_by_disk :
    disk_id => snapshot.snapshot_id
  }
}
