#!/usr/bin/env bash
# Runs the benchmarks and writes their output, including the table of plans, to .cache/bench.txt, from which
# tools/pictures.sh draws. They take a few minutes, and need a machine that does nothing else.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export GOGC=100 # Go's default, as people run the provider; tests run with more.
mkdir -p .cache
{
  tools/test.sh -run '^$' -bench 'Plan|Start' -benchtime 7x -timeout 30m ./internal/bench
  tools/test.sh -run '^$' -bench 'Walk|Decode' ./internal/bench ./internal/ecs
  tools/test.sh -run '^$' -bench . ./internal/provider
} | tee .cache/bench.txt
