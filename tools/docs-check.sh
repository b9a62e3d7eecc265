#!/usr/bin/env bash
# Fails if docs/ or examples/ is not what `make generate` writes. It compares with git's index, so a
# new page passes as soon as it is staged.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tools/docs.sh
untracked=$(git ls-files --others --exclude-standard -- docs examples)
if [[ -n $untracked ]] || ! git diff --exit-code -- docs examples; then
  echo "docs/ or examples/ is out of date: run make generate and commit the result ${untracked:+(new: $untracked)}" >&2
  exit 1
fi
