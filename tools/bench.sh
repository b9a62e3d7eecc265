#!/usr/bin/env bash
# Runs the benchmarks and keeps their table in .cache/bench.txt.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

mkdir -p .cache
tools/test.sh -run '^$' -bench . -benchmem ./... | tee .cache/bench.txt
