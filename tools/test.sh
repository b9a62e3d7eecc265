#!/usr/bin/env bash
# Runs go test with the chosen engine: TF=terraform or TF=tofu. The arguments go to go test.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# No look-up of newer releases: the tests need no network beyond the loopback.
export CHECKPOINT_DISABLE=1
TF_ACC_TERRAFORM_PATH=$(tools/engine.sh)
export TF_ACC_TERRAFORM_PATH
if [[ $("$TF_ACC_TERRAFORM_PATH" version) == *OpenTofu* ]]; then
  # By default, terraform-plugin-testing announces the provider under Terraform's registry, but
  # OpenTofu looks for it under its own.
  export TF_ACC_PROVIDER_HOST=registry.opentofu.org
  export TF_ACC_PROVIDER_NAMESPACE=${TF_ACC_PROVIDER_NAMESPACE:-hashicorp}
fi
exec go test "$@"
