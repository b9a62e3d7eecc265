#!/usr/bin/env bash
# Prints CHANGELOG.md's section of the version that is tagged at HEAD. Fails if there is none, or if it
# is still marked (Unreleased).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tag=$(git describe --tags --exact-match)
heading=$(awk -v version="${tag#v}" '/^## / && $2 == version' CHANGELOG.md)
if [[ $heading == *"(Unreleased)"* ]]; then
  echo "CHANGELOG.md: replace (Unreleased) with the date of $tag" >&2
  exit 1
fi
notes=$(awk -v version="${tag#v}" '/^## / { found = $2 == version; next } found' CHANGELOG.md)
if [[ -z ${notes//[[:space:]]/} ]]; then
  echo "CHANGELOG.md has no section for $tag" >&2
  exit 1
fi
echo "$notes"
