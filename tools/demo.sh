#!/usr/bin/env bash
# Applies examples/demo with the provider of this working tree against the local service, and prints its
# outputs. It leaves nothing behind, even on failure or Ctrl-C.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=tools/service.sh
source tools/service.sh

work=$(mktemp -d)
trap 'stop_service; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

engine=$(tools/engine.sh)
echo "Building the provider and the local service ..."
make --silent build
start_service "$work"

cat >"$work/cli.tfrc" <<TFRC
provider_installation {
  dev_overrides {
    "seed01464933/aliyun" = "$PWD/.cache/bin"
  }
  direct {}
}
TFRC
export TF_CLI_CONFIG_FILE=$work/cli.tfrc CHECKPOINT_DISABLE=1

# A copy, so that no state is left in examples/demo. With dev_overrides there is nothing to init.
cp examples/demo/main.tf "$work"
cd "$work"
echo "Applying examples/demo with $("$engine" version | sed -n 1p) ..."
if ! "$engine" apply -input=false -auto-approve >apply.log 2>&1; then
  cat apply.log >&2
  exit 1
fi

printf '\nThe newest snapshot of a disk\n  %s\n' "$("$engine" output -raw newest)"
printf '\nThe last snapshots of that disk\n%s\n' "$("$engine" output -raw snapshots)"
printf '\nThe newest usable snapshot of each disk\n%s\n' "$("$engine" output -raw latest_by_disk)"
printf '\nArguments for resources created from them\n  a disk:   %s\n  an image: %s\n' \
  "$("$engine" output -raw disk_from)" "$("$engine" output -raw image_from)"
