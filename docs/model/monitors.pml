/* What a control plane does: src/control/, and the gate. */

/* The DOWN leaves the core and goes through the gate. */
inline deliver(m0, r0) {
  if
  :: r0 == NOCONNECTION ->
#ifdef STRICT
     MUST(faults > faults_before,
          "VIOLATED: noconnection, but this link was never touched\n")
#else
     MUST(faults > 0, "VIOLATED: noconnection, but nothing went wrong\n")
#endif
  :: r0 == NOPROC ->
     MUST(dead_on_arrival[m0],
          "VIOLATED: noproc, but the target lived when the request came\n")
  :: else ->
     MUST(r0 == OWN + target_life[m0] && target_ended[target_life[m0]],
          "VIOLATED: the reason is not that with which the target ended\n")
  fi;
  if
  :: gate[m0] == OPEN ->
     gate[m0] = DELIVERING;
     reason[m0] = r0
#ifdef BUG_GATE
  :: demonitored[m0] && downs[m0] == 0 -> gate[m0] = DELIVERING; reason[m0] = r0
#endif
  :: else
  fi
}

inline plane_send(i, op, m0) {
  MUST(current[i] != NONE && phase[AT(i, current[i])] == UP,
       "VIOLATED: a control message without a link\n");
  p = AT(i, current[i]);
  last_sent[p]++;
  transmit(i, current[i], frame, own[p], other[p], last_sent[p],
           (op) + 8 * (m0))
}

inline lose_outbound() {
  m = 0;
  do
  :: m < MONITORS ->
     if
     :: outbound[m] ->
        outbound[m] = false;
        owed[m] = gate[m] == OPEN;
        deliver(m, NOCONNECTION)
     :: else
     fi;
     m++
  :: else -> break
  od
}

inline link_up(i) {
  MUST(!is_up[i], "VIOLATED: a link came up twice\n");
  is_up[i] = true;
  if
  :: i == 0 ->
     m = 0;
     do
     :: m < MONITORS ->
        if
        :: outbound[m] -> plane_send(0, MONITOR, m)
        :: else
        fi;
        m++
     :: else -> break
     od
  :: else
  fi
}

inline link_down(i) {
  if
  :: is_up[i] ->
     MUST(faults > 0, "VIOLATED: a session ended, but nothing went wrong\n");
     is_up[i] = false;
     if
     :: i == 0 -> lose_outbound(); nodedown = true
     :: else ->
        m = 0;
        do
        :: m < MONITORS ->
           cut[m] = cut[m] || (is_up[0] && outbound[m]);
#ifndef BUG_INBOUND_KEPT
           inbound[m] = false;
#endif
           m++
        :: else -> break
        od
     fi
  :: else
  fi
}

inline link_failed(i) {
  if
  :: i == 0 && !is_up[0] ->
#ifndef BUG_FAILURE_FORGOTTEN
     lose_outbound()
#else
     skip
#endif
  :: else
  fi
}

inline send_demonitor(m0) {
  if
#ifndef BUG_DEMONITOR_UNSENT
  :: is_up[0] -> plane_send(0, DEMONITOR, m0)
#endif
  :: else
  fi
}

inline received(i, op, m0) {
  if
  :: op == MONITOR ->
     if
     :: inbound[m0]
     :: else ->
        if
        :: target_life[m0] == life[1] && target_alive -> inbound[m0] = true
        :: else ->
           dead_on_arrival[m0] = true;
           plane_send(1, NOPROC, m0)
        fi
     fi
  :: op == DEMONITOR -> inbound[m0] = false
  :: else ->
     /* A watcher of another life would be a violation, which no peer that
      * keeps to the protocol commits. */
     MUST(watcher_life[m0] == life[0],
          "VIOLATED: an exit for a watcher of another life\n");
     if
     :: outbound[m0] -> outbound[m0] = false; deliver(m0, op)
     :: else
     fi
  fi
}
