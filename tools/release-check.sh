#!/usr/bin/env bash
# Builds a release as goreleaser would publish it, then installs it as a user would: from a mirror,
# with init. Checks that `providers lock` finds the same hashes, and plans with it. ALL=1 builds every
# platform; otherwise only that of this machine is built.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=tools/service.sh
source tools/service.sh

work=$(mktemp -d)
trap 'stop_service; GNUPGHOME=$work/gnupg gpgconf --kill all; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# sha256 is sha256sum, or shasum where that is missing, as on macOS.
sha256() { if command -v sha256sum >/dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi; }
goreleaser() { go tool -modfile=tools/release/go.mod goreleaser "$@"; }
config=.goreleaser.yml
goreleaser check "$config"
if [[ -z ${ALL:-} ]]; then
  config=$work/goreleaser.yml
  sed "s/goos: \[.*/goos: [$(go env GOOS)]/; s/goarch: \[.*/goarch: [$(go env GOARCH)]/" .goreleaser.yml >"$config"
fi
# A key for this run only. There is no SBOM: it needs syft, which only the release workflow installs.
export GNUPGHOME=$work/gnupg GPG_FINGERPRINT=release-check@example.com
mkdir -m 700 "$GNUPGHOME"
gpg --batch --quiet --passphrase '' --quick-generate-key "$GPG_FINGERPRINT" rsa3072 sign never
# The version to come, which the examples' constraints take.
SNAPSHOT_VERSION=$(awk '/^## / { print $2; exit }' CHANGELOG.md)
export SNAPSHOT_VERSION
goreleaser release --snapshot --clean --skip=sbom --config "$config"
gpg --quiet --verify dist/*_SHA256SUMS.sig dist/*_SHA256SUMS
platform=$(go env GOOS)_$(go env GOARCH)
zip=$(echo dist/terraform-provider-aliyun_*_"$platform".zip)
version=${zip#dist/terraform-provider-aliyun_}
version=${version%_"$platform".zip}

# goreleaser renames the manifest only when it publishes.
cp terraform-registry-manifest.json "dist/terraform-provider-aliyun_${version}_manifest.json"
(cd dist && sha256 --check ./*_SHA256SUMS)

engine=$(tools/engine.sh)
mirror=$work/mirror
for host in registry.terraform.io registry.opentofu.org; do
  mkdir -p "$mirror/$host/seed01464933/aliyun"
  cp dist/*.zip "$mirror/$host/seed01464933/aliyun"
done
cat >"$work/cli.tfrc" <<TFRC
provider_installation {
  filesystem_mirror { path = "$mirror" }
}
TFRC
export TF_CLI_CONFIG_FILE=$work/cli.tfrc CHECKPOINT_DISABLE=1

start_service "$work"
mkdir "$work/demo"
cp examples/demo/main.tf "$work/demo"
cd "$work/demo"
"$engine" init -input=false
cp .terraform.lock.hcl "$work/init.lock.hcl"
"$engine" providers lock -fs-mirror="$mirror" -platform="$platform"
diff "$work/init.lock.hcl" .terraform.lock.hcl
"$engine" plan -input=false
