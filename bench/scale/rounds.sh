# shellcheck shell=bash
# Sourced by scripts/bench, whose variables it uses: what --scale, --idle, --deeds,
# --requests and --kit do.
# shellcheck disable=SC2154

# How many peers the node in the middle has.
peer_counts=(1 4 16 64)

# The program that runs now; ended with the script. Its peers end with it.
scale_run=

stop_scale_run() {
  [[ -z $scale_run ]] || kill "$scale_run" 2>/dev/null || true
}

# Writes the figures of one run of a program to a file, or fails with what it
# said.
take_figures() {
  local file=$1 program=$2 status=0
  shift 2
  timeout --foreground 300 "$bin/vigil_bench_$program" "$@" \
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
# peers, or of what $column says, and appends the lines for scripts to
# $scratch/lines.
column=
tabulate() {
  awk -v lines="$scratch/lines" -v column="$column" \
    "$(<"$root/bench/median.awk")"'
    function heading(n) {
      return n " " (column ? column : n == 1 ? "peer" : "peers")
    }

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
        printf " %14s", heading(peers[j])
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
      take_figures "$scratch/peers.$round.$peers" scale peers "$peers"
    done
    take_figures "$scratch/storm.$round" scale storm "$storm_length"
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
  take_figures "$scratch/idle" scale idle "$idle_seconds"
  {
    printf 'idle for %d s; %s\n\n' "$idle_seconds" "$machine"
    tabulate "$scratch/idle"
    cat -- "$scratch/lines"
  } | tee -- "$out"
}

# Each deed in a program of its own, which has done nothing else.
measure_deeds() {
  local round deed machine monitors=$deed_monitors
  [[ -z $quick ]] || monitors=$((monitors / 10))
  machine=$(describe_machine)
  for ((round = 1; round <= rounds; ++round)); do
    for deed in $("$bin/vigil_bench_deeds" list); do
      take_figures "$scratch/$deed.$round" deeds "$deed" "$monitors"
    done
    printf 'round %d of %d after %d s\n' "$round" "$rounds" "$SECONDS" >&2
  done
  {
    printf 'medians of %d rounds with %d monitors; %s\n\n' "$rounds" \
      "$monitors" "$machine"
    for deed in $("$bin/vigil_bench_deeds" list); do
      cat -- "$scratch/$deed".*
    done | tabulate_deeds
    cat -- "$scratch/lines"
  } | tee -- "$out"
}

# Prints a table of the medians with a row for each deed, and appends the lines
# for scripts to $scratch/lines.
tabulate_deeds() {
  awk -v lines="$scratch/lines" "$(<"$root/bench/median.awk")"'
    $1 == "metric" {
      value[$2, ++count[$2]] = $4 + 0
      if (!($2 in unit)) {
        unit[$2] = $5
        names[++num_names] = $2
      }
      if ($2 ~ /_p50$/) {
        deed = $2
        sub(/^deeds_/, "", deed)
        sub(/_p50$/, "", deed)
        if (!(deed in seen)) {
          seen[deed] = 1
          deeds[++num_deeds] = deed
        }
      }
    }

    END {
      num_columns = split("p50 p99 max machine_p99 machine_max length" \
        " memory_empty memory_full memory_after memory_in_use", columns)
      printf "%-21s", "deed"
      for (j = 1; j <= num_columns; ++j)
        printf " %14s", columns[j]
      printf "\n%-21s", ""
      for (j = 1; j <= num_columns; ++j)
        printf " %14s", unit["deeds_" deeds[1] "_" columns[j]]
      print ""
      for (i = 1; i <= num_deeds; ++i) {
        printf "%-21s", deeds[i]
        for (j = 1; j <= num_columns; ++j)
          printf " %14s", median("deeds_" deeds[i] "_" columns[j])
        print ""
      }
      print ""
      for (i = 1; i <= num_names; ++i)
        print "metric", names[i], 1, median(names[i]), unit[names[i]] >>lines
    }'
}

# measure_program NAME COLUMN: what a program of one process has to say, with a
# column for each number of what COLUMN names.
measure_program() {
  local round machine program=$1 column=$2
  machine=$(describe_machine)
  for ((round = 1; round <= rounds; ++round)); do
    take_figures "$scratch/$program.$round" "$program"
    printf 'round %d of %d after %d s\n' "$round" "$rounds" "$SECONDS" >&2
  done
  {
    printf 'medians of %d rounds; %s\n\n' "$rounds" "$machine"
    tabulate "$scratch/$program".*
    cat -- "$scratch/lines"
  } | tee -- "$out"
}
