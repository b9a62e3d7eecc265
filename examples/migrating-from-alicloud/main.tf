terraform {
  required_version = ">= 1.2.7"

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

# All complete snapshots of a disk that have a tag, newest first.
data "aliyun_ecs_snapshots" "nightly" {
  disk_id = "d-bp1h0a2b3c4d5e6f7g8h"
  status  = "accomplished"

  tags = {
    env = "prod"
  }
}

locals {
  # Null if there is none yet.
  latest = try(data.aliyun_ecs_snapshots.nightly.latest.snapshot_id, null)
}

output "latest" {
  value = coalesce(local.latest, "none yet")
}
