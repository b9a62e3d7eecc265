#!/usr/bin/env bash
# Runs the benchmarks and keeps what they print, the table of plans among it, in .cache/bench.txt.
# They take some minutes, and want a machine that does nothing else.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

mkdir -p .cache
{
  tools/test.sh -run '^$' -bench 'Plan|Start' -benchtime 7x -timeout 30m ./internal/bench
  tools/test.sh -run '^$' -bench 'Walk|Decode' ./internal/bench
  tools/test.sh -run '^$' -bench . ./internal/provider
} | tee .cache/bench.txt
