#!/usr/bin/env bash
# Builds the provider into a filesystem mirror below .cache, and prints the settings by which Terraform and
# OpenTofu install it from there, in any configuration, with init.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# The time of the build takes the place of the patch version: a lock file refuses other bytes under the same
# version, and constraints such as "~> 0.1" take no version with a suffix.
next=$(awk '/^## / { print $2; exit }' CHANGELOG.md)
version=${next%.*}.$(date -u +%Y%m%d%H%M%S)
platform=$(go env GOOS)_$(go env GOARCH)
binary=terraform-provider-aliyun_v$version$(go env GOEXE)

rm -rf .cache/mirror
for host in registry.terraform.io registry.opentofu.org; do
  go build -ldflags "-X main.version=$version" -o ".cache/mirror/$host/seed01464933/aliyun/$version/$platform/$binary" .
done

cat <<TEXT
Built version $version. Put this into ~/.terraformrc (OpenTofu: ~/.tofurc), or into a file that the variable
TF_CLI_CONFIG_FILE names:

provider_installation {
  filesystem_mirror {
    path    = "$PWD/.cache/mirror"
    include = ["seed01464933/aliyun"]
  }
  direct {
    exclude = ["seed01464933/aliyun"]
  }
}

Then run terraform init, and after another make install, terraform init -upgrade.
TEXT
