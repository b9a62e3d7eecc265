#!/usr/bin/env bash
# Prints CHANGELOG.md's section of the version that is tagged at HEAD, and fails where there is none.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tag=$(git describe --tags --exact-match)
notes=$(awk -v version="${tag#v}" '/^## / { found = $2 == version; next } found' CHANGELOG.md)
if [[ -z ${notes//[[:space:]]/} ]]; then
  echo "CHANGELOG.md has no section for $tag" >&2
  exit 1
fi
echo "$notes"
