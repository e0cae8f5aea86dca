# shellcheck shell=bash
# Sourced by the scripts beside it, never run: where the project is, how to
# speak, and how many jobs at a time this machine can take.

set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)

# The folders that hold C++.
rooms=(messages src actors testkit tools examples tests bench)

die() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# Prints the names of all files in the rooms that match the given find
# expression, each ended by a zero byte.
find_sources() {
  local room existing=()
  for room in "${rooms[@]}"; do
    [[ ! -d $root/$room ]] || existing+=("$root/$room")
  done
  find "${existing[@]}" -type f \( "$@" \) -print0 | sort -z
}

# One job for each core, but not more than the free memory allows: a file that
# includes CAF takes about a gibibyte to compile.
# shellcheck disable=SC2034
jobs=$(awk -v cores="$(nproc)" '
  /^MemAvailable:/ { memory = int($2 / 1048576) }
  END { print (memory >= 1 && memory < cores) ? memory : cores }' /proc/meminfo)

# What precedes a program with sanitizers: they reserve fixed parts of the address
# space, which a kernel may have given away when it randomizes them too far.
steady=()
# shellcheck disable=SC2034
if setarch "$(uname -m)" -R true 2>/dev/null; then
  steady=(setarch "$(uname -m)" -R)
fi

# run_all FUNCTION ARGUMENT ...: runs FUNCTION for each of the arguments, as
# many at a time as there are jobs; each prints when it is complete. Fails if
# one does. An interrupt ends them too, which the shell would keep from them.
run_all() {
  local run=$1 x status=0 running=0
  shift
  for x in "$@"; do
    if [[ $running -ge $jobs ]]; then
      wait -n || status=1
      running=$((running - 1))
    fi
    (
      trap - INT
      out=$("$run" "$x" 2>&1) && good=0 || good=1
      [[ -z $out ]] || printf '%s\n' "$out"
      exit "$good"
    ) &
    running=$((running + 1))
  done
  while [[ $running -gt 0 ]]; do
    wait -n || status=1
    running=$((running - 1))
  done
  return "$status"
}
