# shellcheck shell=bash
# Sourced by scripts/bench, whose variables it uses: the nodes of Erlang/OTP.
# shellcheck disable=SC2154

# A name server of its own, so that another one on this machine is not disturbed.
export ERL_EPMD_ADDRESS=127.0.0.1 ERL_EPMD_PORT=43690

# As many as the drivers of vigil and CAF take.
otp_monitors=200000

# The node whose processes are watched.
otp_target=

compile_otp() {
  erlc -o "$scratch" "$root/bench/otp/otp_monitor_bench.erl"
}

# Makes a shell of its own an Erlang node, whose files are in $scratch.
become_erlang() {
  local name=$1
  shift
  cd -- "$scratch" || exit
  export HOME=$scratch
  exec erl -noshell -hidden -setcookie bench \
    -kernel inet_dist_use_interface '{127,0,0,1}' -sname "$name@localhost" "$@"
}

# Waits for the target to be known to the name server.
start_otp_target() {
  become_erlang target -run otp_monitor_bench target >/dev/null 2>&1 &
  otp_target=$!
  until epmd -names 2>/dev/null | grep -q '^name target '; do
    kill -0 "$otp_target" 2>/dev/null || die 'the Erlang node did not start'
    sleep 0.1
  done
}

# The name server does not end before the target has.
stop_otp_target() {
  [[ -n $otp_target ]] || return 0
  kill -KILL "$otp_target" 2>/dev/null || true
  wait "$otp_target" 2>/dev/null || true
  epmd -kill >/dev/null 2>&1 || true
  otp_target=
}

# The driver kills the target as a part of the work.
run_otp_pair() {
  local status=0
  start_otp_target
  (become_erlang driver -run otp_monitor_bench driver target@localhost "$otp_monitors") \
    || status=$?
  stop_otp_target
  return "$status"
}
