# OpenTofu runs this file instead of mocked.tftest.hcl. Its mocks need every
# attribute of an object, and can make the object null.
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

        available                     = null
        category                      = null
        creation_time                 = null
        description                   = null
        encrypted                     = null
        full_snapshot_size_in_bytes   = null
        instant_access                = null
        instant_access_retention_days = null
        kms_key_id                    = null
        last_modified_time            = null
        product_code                  = null
        progress                      = null
        region_id                     = null
        remain_time                   = null
        resource_group_id             = null
        retention_days                = null
        snapshot_link_id              = null
        snapshot_name                 = null
        snapshot_sn                   = null
        snapshot_type                 = null
        source_disk_id                = null
        source_disk_type              = null
        source_region_id              = null
        source_snapshot_id            = null
        source_storage_type           = null
        status                        = null
        tags                          = null
        usage                         = null
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
      latest = null
    }
  }

  assert {
    condition     = output.snapshot_id == null && output.size == 40
    error_message = "The disk must be created empty, with the minimum size."
  }
}
