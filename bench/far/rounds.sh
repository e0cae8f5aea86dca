# shellcheck shell=bash
# Sourced by scripts/bench, whose variables and functions it uses: what --far
# does.
# shellcheck disable=SC2154,SC2034

# There and back, in milliseconds.
far_distance=50
# A few tell: each takes the distance.
far_round_trips=20

# The Erlang node that measures.
far_driver=

# The relay between the Erlang nodes, which ends when this script has.
relay_id=

stop_far_run() {
  [[ -z $far_driver ]] || kill -KILL "$far_driver" 2>/dev/null || true
  [[ -z $relay_id ]] || kill "$relay_id" 2>/dev/null || true
}

start_relay() {
  local target_port=$1 one_way=$2
  coproc relay {
    exec "$bin/vigil_bench_cluster" relay "$target_port" "$one_way"
  }
  relay_id=$!
  read -r _ relay_port <&"${relay[0]}" || die 'the relay did not start'
}

stop_relay() {
  kill "$relay_id" 2>/dev/null || true
  wait "$relay_id" 2>/dev/null || true
  relay_id=
}

# Prints what the relay has seen.
flights() {
  local name bytes
  for name in flight_out flight_back; do
    echo "$name" >&"${relay[1]}"
    read -r bytes <&"${relay[0]}" || die 'the relay has ended'
    awk -v name="$name" -v bytes="$bytes" \
      'BEGIN { printf "metric %s %.3f KiB\n", name, bytes / 1024 }'
  done
}

# Starts an Erlang node and a relay before it, runs one that measures, and leaves
# the first two to the caller. That one asks no name server: it takes the relay's
# port for that of any node, and has none itself.
run_otp_through_relay() {
  local one_way=$1 function=$2
  shift 2
  start_otp_target
  start_relay "$(epmd -names | sed -n 's/^name target at port //p')" "$one_way"
  become_erlang driver -dist_listen false -start_epmd false \
    -erl_epmd_port "$relay_port" -run otp_monitor_bench "$function" \
    target@localhost "$@" "$relay_id" &
  far_driver=$!
  wait "$far_driver" || return
  far_driver=
}

take_far_otp() {
  local file=$1
  run_otp_through_relay $((far_distance / 2)) far_driver "$otp_monitors" \
    "$far_round_trips" >"$file" 2>&1 \
    || die "the Erlang nodes count for nothing: $(tail -n 1 -- "$file")"
  flights >>"$file"
  stop_relay
  stop_otp_target
}

# The driver kills the relay as a part of the work.
run_otp_cut() {
  local status=0
  run_otp_through_relay 0 cut_driver "$otp_monitors" || status=$?
  stop_relay
  stop_otp_target
  return "$status"
}

# A run that did not go the distance counts for nothing.
check_distance() {
  awk -v least="$((far_distance * 1000))" '
    $1 == "metric" && $2 == "rtt_p50" { far = $3 >= least }
    END { exit !far }' "$1" || die "${1##*/}: a round trip was too short"
}

measure_far() {
  local round machine system prefix=far_ figures=$scratch/far
  local shown='setup demonitor exit_storm fan_out rtt_p50 flight_out
    flight_back peak_watcher peak_target'
  machine=$(describe_machine)
  mkdir -- "$figures"
  compile_otp
  for ((round = 1; round <= rounds; ++round)); do
    take_figures "$figures/vigil.$round" cluster driver vigil --part=many \
      --part=one --part=rtt --monitors="$otp_monitors" \
      --round-trips="$far_round_trips" --distance="$far_distance"
    take_far_otp "$figures/otp.$round"
    for system in vigil otp; do
      check_distance "$figures/$system.$round"
    done
    printf 'round %d of %d after %d s\n' "$round" "$rounds" "$SECONDS" >&2
  done
  {
    printf 'over %d ms there and back: ' "$far_distance"
    summarize "$figures"/{vigil,otp}.*
  } | tee -- "$out"
}
