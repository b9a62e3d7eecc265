terraform {
  required_providers {
    aliyun = {
      source  = "seed01464933/aliyun"
      version = "~> 0.1"
    }
  }
}

provider "aliyun" {
  region = "cn-hangzhou"
}

data "aliyun_ecs_snapshots" "all" {}

output "snapshots" {
  value = length(data.aliyun_ecs_snapshots.all.ids)
}

output "newest" {
  value = try(data.aliyun_ecs_snapshots.all.latest.snapshot_id, "none yet")
}
