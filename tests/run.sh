#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The test command of the README: installs what is missing, builds, and passes every test.
#
#   tests/run.sh              every test, and a minute of fuzzing
#   tests/run.sh full         every test under the address and undefined-behaviour sanitizers, too, and all with threads
#                             under the thread sanitizer
#   tests/run.sh dev          one of them: dev, asan, tsan, fuzz, tidy (clang-tidy), heart (archive, ingest and fixity
#                             under the sanitizers, without the slow rest)
#   tests/run.sh dev -R Name  further arguments go to ctest
set -euo pipefail
cd "$(dirname "$0")/.."
export CMAKE_BUILD_PARALLEL_LEVEL=${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc)}

suite() { # PRESET [ctest arguments]
  local preset=$1
  shift
  echo "== $preset"
  cmake --preset "$preset" >/dev/null
  cmake --build --preset "$preset" -- --quiet
  ctest --preset "$preset" --parallel "$(nproc)" "$@"
}

fuzz() { # all targets, as many at once as there are processors
  echo "== fuzz"
  cmake --preset fuzz >/dev/null
  cmake --build --preset fuzz --target fuzz_targets -- --quiet
  local logs
  logs=$(mktemp -d)
  printf '%s\n' build/fuzz/tests/fuzz/*_fuzz | xargs -P "$(nproc)" -I{} bash -c 'fuzz_one "$@"' _ {} "$logs" || {
    echo "A finding: its input is build/fuzz/findings/NAME-…, and NAME_fuzz takes it as an argument."
    return 1
  }
  rm -rf "$logs"
}

fuzz_one() { # PROGRAM LOGS
  local name corpus log end left seed=${FUZZ_SEED:-1} whose executions=0
  name=$(basename "$1" _fuzz)
  corpus=$2/$name.corpus
  log=$2/$name.log
  mkdir -p "$corpus" build/fuzz/findings
  end=$((SECONDS + ${FUZZ_SECONDS:-60}))
  # What a jailed worker may have is the bound here too, and room for the sanitizer's own records. The seed makes a run
  # like the one before it; FUZZ_SEED=$RANDOM looks elsewhere.
  while left=$((end - SECONDS)) && [ "$left" -gt 0 ]; do
    if "$1" -max_total_time="$left" -seed="$seed" -max_len="$(cat "$1.max_bytes")" -timeout=30 -rss_limit_mb=2048 \
      -malloc_limit_mb=256 -print_final_stats=1 -artifact_prefix="build/fuzz/findings/$name-" \
      "$corpus" "tests/fuzz/corpus/$name" >"$log" 2>&1; then
      left=0
    else
      whose=$(tests/fuzz/whose.sh "$log")
      if [ "$whose" = ours ]; then
        echo "$name: FINDING"
        tail -n 60 "$log"
        return 1
      fi
      echo "$name: $whose: $(sed -n 's/^SUMMARY: //p' "$log" | head -n 1)"
    fi
    executions=$((executions + $(sed -n 's/stat::number_of_executed_units: *//p' "$log")))
    [ "$left" -gt 0 ] || break
    seed=$((seed + 1))
  done
  echo "$name: $executions executions"
}
export -f fuzz_one

heart() { # archive, ingest and fixity under the sanitizers, without the slow rest
  echo "== asan, the heart of the library"
  cmake --preset asan >/dev/null
  cmake --build --preset asan --target unit_tests pipeline_tests contract_tests -- --quiet
  local program
  for program in unit/unit_tests unit/pipeline_tests contract/contract_tests; do
    "build/asan/tests/$program" --gtest_brief=1
  done
}

tidy() {
  echo "== tidy"
  cmake --preset dev >/dev/null
  # GCC's warnings stand in the commands, too.
  find libphotosafe/src tools bindings -name '*.cpp' -print0 |
    xargs -0 -n 4 -P "$(nproc)" clang-tidy --quiet -p build/dev --extra-arg=-Wno-unknown-warning-option
}

# Under a sanitizer the tests' folders are in memory where there is enough of it: the disk itself is the plain suite's.
in_memory() { [ "$(df --output=avail -BM /dev/shm 2>/dev/null | tail -n 1 | tr -dc 0-9)0" -lt 40000 ] || export TMPDIR=/dev/shm; }

cmake/setup-debian.sh
if [ -d ../shared/corpus ]; then echo "The real photos of ../shared/corpus are tested too."
else echo "There is no ../shared/corpus: its real photos are not tested."; fi

case "${1:-usual}" in
  usual)
    fuzz
    suite dev
    ;;
  full)
    fuzz
    suite dev
    in_memory
    suite tsan
    suite asan
    ;;
  dev) suite "$@" ;;
  asan | tsan) in_memory && suite "$@" ;;
  fuzz) fuzz ;;
  heart) in_memory && heart ;;
  tidy) tidy ;;
  *)
    echo "usage: tests/run.sh [full|dev|asan|tsan|fuzz|heart|tidy] [ctest arguments]" >&2
    exit 2
    ;;
esac
