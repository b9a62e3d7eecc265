#!/usr/bin/env bash
# Generates docs/ from the provider's schema, templates/ and examples/, and formats the examples.
#
# tfplugindocs would download Terraform to get the schema. Instead, the chosen engine prints it, under
# the hashicorp namespace, where tfplugindocs expects it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# tfplugindocs deletes pages that templates/ does not have.
for guide in docs/guides/*.md; do
  if [[ -e $guide && ! -e templates/${guide#docs/} && ! -e templates/${guide#docs/}.tmpl ]]; then
    echo "$guide would be deleted: move it to templates/guides" >&2
    exit 1
  fi
done

engine=$(tools/engine.sh)
go build -o .cache/bin/terraform-provider-aliyun .

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
readonly address=registry.terraform.io/hashicorp/aliyun
cat >"$work/cli.tfrc" <<TFRC
provider_installation {
  dev_overrides { "$address" = "$PWD/.cache/bin" }
  direct {}
}
TFRC
cat >"$work/main.tf" <<HCL
terraform {
  required_providers {
    aliyun = { source = "$address" }
  }
}
HCL

export TF_CLI_CONFIG_FILE=$work/cli.tfrc CHECKPOINT_DISABLE=1
"$engine" fmt -recursive examples
"$engine" -chdir="$work" providers schema -json >"$work/schema.json"
go tool -modfile=tools/go.mod tfplugindocs generate \
  --provider-name aliyun --rendered-provider-name "Alibaba Cloud ECS Snapshots" --providers-schema "$work/schema.json"
