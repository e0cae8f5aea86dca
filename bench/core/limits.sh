# shellcheck shell=bash
# Sourced by scripts/bench, whose variables it uses: what --core does.
# shellcheck disable=SC2154

# Prints a table of the figures in a file, then its lines.
tabulate_limits() {
  awk '
    function cell(name, column,   x) {
      x = name " " column
      return (x in value) ? sprintf("%.0f", value[x]) : "-"
    }

    # Of what the two have in common: joined cores have no socket.
    function ratio(name, side,   bare) {
      if (!((name " bare_" side "_socket") in value) \
          || !((name " bare_" side) in value))
        return "-"
      bare = value[name " bare_" side] - value[name " bare_" side "_socket"]
      return sprintf("%.1f", value[name " joined_" side] / bare)
    }

    $1 == "metric" {
      value[$2 " " $3] = $4
      if (!($2 in seen)) {
        seen[$2] = 1
        names[++num_names] = $2
      }
    }

    END {
      printf "%-10s %19s %59s %15s\n", "", "joined cores", "bare program",
             "ratio"
      num_columns = split("joined_target joined_watcher bare_target" \
        " bare_target_socket bare_watcher bare_watcher_socket bare_reader" \
        " bare_wall", columns)
      split("target watcher target socket watcher socket reader wall", titles)
      printf "%-10s", "figure"
      for (j = 1; j <= num_columns; ++j)
        printf " %9s", titles[j]
      printf " %7s %7s\n", "target", "watcher"
      for (i = 1; i <= num_names; ++i) {
        name = names[i]
        sub(/^core_/, "", name)
        printf "%-10s", name
        for (j = 1; j <= num_columns; ++j)
          printf " %9s", cell(names[i], columns[j])
        printf " %7s %7s\n", ratio(names[i], "target"),
               ratio(names[i], "watcher")
      }
      print ""
    }' "$1"
  cat -- "$1"
}

measure_core() {
  local machine
  machine=$(describe_machine)
  take_figures "$scratch/limits" limits
  printf 'nanoseconds a monitor, medians of 5 rounds in turns; %s\n\n' \
    "$machine"
  tabulate_limits "$scratch/limits"
  echo
  "$bin/vigil_bench_core" "${core_options[@]}"
}
