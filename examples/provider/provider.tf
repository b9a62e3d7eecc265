terraform {
  required_providers {
    aliyun = {
      source = "seed01464933/aliyun"
    }
  }
}

# Credentials come from the environment (ALIBABA_CLOUD_ACCESS_KEY_ID and
# ALIBABA_CLOUD_ACCESS_KEY_SECRET), the aliyun CLI's current profile, or the RAM
# role of the instance that Terraform runs on.
provider "aliyun" {
  region = "cn-hangzhou"
}

# The snapshots of another account, through a role that may read them.
provider "aliyun" {
  alias  = "backup"
  region = "cn-beijing"

  assume_role {
    role_arn = "acs:ram::1234567890123456:role/snapshot-reader"
  }
}
