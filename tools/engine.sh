#!/usr/bin/env bash
# Prints the path of the Terraform or OpenTofu to work with. $TF is one of
#   terraform          the one on PATH; without one, or with one that is too old, a pinned version (the default)
#   tofu               the one on PATH, or else a pinned version
#   terraform-oldest   the oldest Terraform that is pinned
#   a path             that engine
# What isn't on PATH goes to .cache/bin. hc-install downloads Terraform and verifies its signature; the others
# are built from source, with nothing but Go and its module proxy. Where the download fails, OpenTofu is built.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly minimum_terraform=1.2.7 minimum_tofu=1.6.0 pinned_terraform=1.11.4
# The caller's settings may print warnings among the version.
export CHECKPOINT_DISABLE=1 TF_CLI_CONFIG_FILE=/dev/null

# version_of prints an engine's version, or nothing if the engine cannot be run.
version_of() {
  "$1" version -json 2>/dev/null | sed -n 's/.*"terraform_version": *"\([^"]*\)".*/\1/p' || true
}

# at_least succeeds if version $2 is not older than $1.
at_least() {
  [[ -n $2 ]] && printf '%s\n%s\n' "$1" "$2" | sort -V -C
}

# build NAME MODULE PACKAGE prints the path of the engine that tools/NAME/go.mod pins, which it builds first if
# that version isn't there.
build() {
  local name=$1 module=$2 package=$3 version
  version=$(go list -C "tools/$name" -m -f '{{.Version}}' "$module")
  if [[ v$(version_of ".cache/bin/$name") != "$version" ]]; then
    echo "Building $module $version into .cache/bin: this takes some minutes, once" >&2
    CGO_ENABLED=0 go build -C "tools/$name" -ldflags "-s -w -X $module/version.dev=no" -o "$PWD/.cache/bin/$name" "$package" >&2
  fi
  echo "$PWD/.cache/bin/$name"
}
build_tofu() { build tofu github.com/opentofu/opentofu github.com/opentofu/opentofu/cmd/tofu; }

# download_terraform prints the path of the pinned Terraform, which it downloads first if it isn't there.
download_terraform() {
  local engine=$PWD/.cache/bin/terraform
  if [[ $(version_of "$engine") != "$pinned_terraform" ]]; then
    echo "Downloading Terraform $pinned_terraform into .cache/bin" >&2
    mkdir -p .cache/bin
    go tool -modfile=tools/go.mod hc-install install -version "$pinned_terraform" -path .cache/bin terraform >&2 || return
  fi
  echo "$engine"
}

name=${TF:-terraform}
if [[ $name == terraform-oldest ]]; then
  build terraform-oldest github.com/hashicorp/terraform github.com/hashicorp/terraform
  exit
fi

minimum=$minimum_terraform
if [[ $(basename "$name") == *tofu* ]]; then minimum=$minimum_tofu; fi
if engine=$(command -v "$name"); then version=$(version_of "$engine"); fi
if at_least "$minimum" "${version:-}"; then
  # The callers change directory.
  echo "$(cd "$(dirname "$engine")" && pwd)/$(basename "$engine")"
  exit
fi
case $name in
tofu) build_tofu ;;
terraform)
  if ! download_terraform; then
    echo "Terraform could not be downloaded: OpenTofu takes its place" >&2
    build_tofu
  fi
  ;;
*)
  echo "$name: version $minimum or newer is needed, found ${version:-none}" >&2
  exit 1
  ;;
esac
