# The newest ten of a month whose names match, in another region.
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
