#!/usr/bin/env bash
# Runs each fuzz target for FUZZTIME. go test runs only one target of one package at a time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

grep -rl --include='*_test.go' '^func Fuzz' internal | xargs -n 1 dirname | sort -u |
  while read -r package; do
    go test -list '^Fuzz' "./$package" | grep '^Fuzz' | while read -r target; do
      go test -run '^$' -fuzz "^$target\$" -fuzztime "${FUZZTIME:-10s}" "./$package" </dev/null
    done
  done
