# shellcheck shell=bash
# Sourced by scripts/bench, whose variables it uses: what --scale and --idle do.
# shellcheck disable=SC2154

# How many peers the node in the middle has.
peer_counts=(1 4 16 64)

# The program that runs now; ended with the script. Its peers end with it.
scale_run=

stop_scale_run() {
  [[ -z $scale_run ]] || kill "$scale_run" 2>/dev/null || true
}

# Writes the figures of one run to a file, or fails with what it said.
take_figures() {
  local file=$1 status=0
  shift
  timeout --foreground 300 "$bin/vigil_bench_scale" "$@" \
    >"$file" 2>"$scratch/errors" &
  scale_run=$!
  wait "$scale_run" || status=$?
  scale_run=
  case $status in
    0) ;;
    124) die "$* took too long" ;;
    *) die "$* counts for nothing: $(tail -n 1 -- "$scratch/errors")" ;;
  esac
}

# Prints a table of the medians of all files, with a column for each number of
# peers, and appends the lines for scripts to $scratch/lines.
tabulate() {
  awk -v lines="$scratch/lines" "$(<"$root/bench/median.awk")"'
    $1 == "metric" {
      key = $2 " " $3
      value[key, ++count[key]] = $4 + 0
      if (!($2 in unit)) {
        unit[$2] = $5
        names[++num_names] = $2
      }
      if (!($3 in seen)) {
        seen[$3] = 1
        peers[++num_peers] = $3
      }
    }

    END {
      printf "%-26s %-8s", "figure", "unit"
      for (j = 1; j <= num_peers; ++j)
        printf " %14s", peers[j] (peers[j] == 1 ? " peer" : " peers")
      print ""
      for (i = 1; i <= num_names; ++i) {
        name = names[i]
        printf "%-26s %-8s", name, unit[name]
        for (j = 1; j <= num_peers; ++j) {
          x = median(name " " peers[j])
          printf " %14s", x
          print "metric", name, peers[j], x, unit[name] >>lines
        }
        print ""
      }
      print ""
    }' "$@"
}

measure_scale() {
  local round peers machine storm_length=5
  [[ -z $quick ]] || storm_length=2
  machine=$(describe_machine)
  for ((round = 1; round <= rounds; ++round)); do
    for peers in "${peer_counts[@]}"; do
      take_figures "$scratch/peers.$round.$peers" peers "$peers"
    done
    take_figures "$scratch/storm.$round" storm "$storm_length"
    printf 'round %d of %d after %d s\n' "$round" "$rounds" "$SECONDS" >&2
  done
  {
    printf 'medians of %d rounds; %s\n\n' "$rounds" "$machine"
    # In the order of numbers, so that the columns are.
    for peers in "${peer_counts[@]}"; do
      printf '%s\n' "$scratch"/peers.*."$peers"
    done | xargs -d '\n' cat -- | tabulate
    cat -- "$scratch"/storm.* | tabulate
    cat -- "$scratch/lines"
  } | tee -- "$out"
}

measure_idle() {
  local machine
  machine=$(describe_machine)
  take_figures "$scratch/idle" idle "$idle_seconds"
  {
    printf 'idle for %d s; %s\n\n' "$idle_seconds" "$machine"
    tabulate "$scratch/idle"
    cat -- "$scratch/lines"
  } | tee -- "$out"
}
