#!/usr/bin/env bash
# Runs go test with the engine that TF chooses (see engine.sh). The arguments go to go test.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

TF_ACC_TERRAFORM_PATH=$(tools/engine.sh)
# No look-up of newer releases, for the tests need no network beyond the loopback; and no settings of the
# caller's, which may print warnings into what the tests read.
export TF_ACC_TERRAFORM_PATH CHECKPOINT_DISABLE=1 TF_CLI_CONFIG_FILE=/dev/null
version=$("$TF_ACC_TERRAFORM_PATH" version | sed -n 1p)
echo "Testing with $version" >&2
if [[ $version == OpenTofu* ]]; then
  # By default, terraform-plugin-testing announces the provider under Terraform's registry, but
  # OpenTofu looks for it under its own.
  export TF_ACC_PROVIDER_HOST=registry.opentofu.org
  export TF_ACC_PROVIDER_NAMESPACE=${TF_ACC_PROVIDER_NAMESPACE:-hashicorp}
fi
# The engine runs some hundred times, and never for long: what its garbage collector would free, its end frees.
export GOGC=${GOGC:-400}
# The linters vet, all of it and more. Without tables for debuggers (-w) the tests link faster.
exec go test -vet=off -ldflags=-w "$@"
