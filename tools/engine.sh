#!/usr/bin/env bash
# Prints the path of the Terraform or OpenTofu to work with: $TF, a name on PATH or a path.
#
# If terraform is missing or older than the provider supports, a pinned version is installed in
# .cache/bin. hc-install verifies its signature. It can't install OpenTofu.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly oldest_terraform=1.0.0 oldest_tofu=1.6.0 pinned_terraform=1.11.4
export CHECKPOINT_DISABLE=1

# version_of prints an engine's version, or nothing if the engine cannot be run.
version_of() {
  "$1" version -json 2>/dev/null | sed -n 's/.*"terraform_version": *"\([^"]*\)".*/\1/p' || true
}

# at_least succeeds if version $2 is not older than $1.
at_least() {
  [[ -n $2 ]] && printf '%s\n%s\n' "$1" "$2" | sort -V -C
}

engine=$(command -v "${TF:-terraform}" || true)
version=${engine:+$(version_of "$engine")}

if [[ $(basename "${TF:-terraform}") == *tofu* ]]; then
  if ! at_least "$oldest_tofu" "$version"; then
    echo "TF=$TF: OpenTofu $oldest_tofu or newer is needed, found ${version:-none}" >&2
    exit 1
  fi
elif ! at_least "$oldest_terraform" "$version"; then
  engine=$PWD/.cache/bin/terraform
  if [[ $(version_of "$engine") != "$pinned_terraform" ]]; then
    echo "Terraform $oldest_terraform or newer is needed, found ${version:-none}: installing $pinned_terraform into .cache/bin" >&2
    mkdir -p .cache/bin
    go tool -modfile=tools/go.mod hc-install install -version "$pinned_terraform" -path .cache/bin terraform >&2
  fi
fi

# The callers change directory.
echo "$(cd "$(dirname "$engine")" && pwd)/$(basename "$engine")"
