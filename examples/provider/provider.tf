terraform {
  required_providers {
    aliyun = {
      source = "seed01464933/aliyun"
    }
  }
}

# The keys come from the environment (ALIBABA_CLOUD_ACCESS_KEY_ID and
# ALIBABA_CLOUD_ACCESS_KEY_SECRET), the aliyun CLI's profile, or the RAM role of
# the instance that Terraform runs on.
provider "aliyun" {
  region = "cn-hangzhou"
}

# Another account's snapshots, by a role that may read them.
provider "aliyun" {
  alias  = "backup"
  region = "cn-beijing"

  assume_role = {
    role_arn = "acs:ram::1234567890123456:role/snapshot-reader"
  }
}
