# Credentials come from the environment, the aliyun CLI, or the RAM role of the
# instance that Terraform runs on.
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
