# No service: mock_provider stands in for the provider, so these tests need no
# credentials or network. Values that a run doesn't override are generated.
mock_provider "aliyun" {}

variables {
  disk_id = "d-bp1h0a2b3c4d5e6f7g8h"
}

run "has_backup" {
  override_data {
    target = data.aliyun_ecs_snapshots.disk
    values = {
      latest = {
        snapshot_id      = "s-bp1h0a2b3c4d5e6f7g8h"
        source_disk_size = 100
      }
    }
  }

  assert {
    condition     = output.snapshot_id == "s-bp1h0a2b3c4d5e6f7g8h"
    error_message = "The disk must be created from the newest snapshot."
  }

  assert {
    condition     = output.size == 100
    error_message = "The disk must have the size of its source."
  }
}

run "has_no_backup_yet" {
  override_data {
    target = data.aliyun_ecs_snapshots.disk
    values = {
      # A mock can't make an object null, only the values in it.
      latest = {
        snapshot_id      = null
        source_disk_size = null
      }
    }
  }

  assert {
    condition     = output.snapshot_id == null && output.size == 40
    error_message = "The disk must be created empty, with the minimum size."
  }
}
