# Against the local service that `make service` runs. Without endpoints, it is
# against the real one, with your own disks' IDs. The keys come from the
# environment.
provider "aliyun" {
  region = "cn-hangzhou"

  endpoints {
    ecs = "http://127.0.0.1:8480"
  }
}

run "has_backup" {
  variables {
    disk_id = "d-bp1sampledisk04"
  }

  assert {
    condition     = startswith(output.snapshot_id, "s-")
    error_message = "A snapshot of the disk must be found."
  }

  assert {
    condition     = output.size == 100
    error_message = "The disk must have the size of its source."
  }
}

run "has_no_backup_yet" {
  variables {
    disk_id = "d-bp1neverbackedup"
  }

  assert {
    condition     = output.snapshot_id == null && output.size == var.min_size
    error_message = "The disk must be created empty, with the minimum size."
  }
}
