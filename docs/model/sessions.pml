/* What a session layer does: src/session/. */

inline add_link(i, c0, dialled0) {
  k = AT(i, c0);
  phase[k] = GREETING;
  dialled[k] = dialled0;
  introduced[k] = false;
  numbers[i]++;
  assert(numbers[i] < NUMBERS); /* a bound of the model */
  own[k] = numbers[i];
  other[k] = 0;
  last_sent[k] = 0;
  last_received[k] = 0;
  faults_before = (i == 0 -> faults : faults_before)
}

inline say_hello(i, c0) {
  transmit(i, c0, hello, own[AT(i, c0)], other[AT(i, c0)], 0, life[i])
}

inline drop(i, c0) {
  p = AT(i, c0);
  if
  :: current[i] == c0 -> current[i] = NONE
  :: else
  fi;
  if
  :: newcomer[i] == c0 -> newcomer[i] = NONE
  :: else
  fi;
  phase[p] = 0;
  dialled[p] = 0;
  introduced[p] = 0;
  own[p] = 0;
  other[p] = 0;
  last_sent[p] = 0;
  last_received[p] = 0
}

inline close(s0) {
#ifndef ONE_NAME
  /* Where many connections share a name the session may go on over another. */
  if
  :: alive[s0] && is_up[0] && SOCKET_OF(0, current[0]) == s0 ->
     m = 0;
     do
     :: m < MONITORS -> cut[m] = cut[m] || outbound[m]; m++
     :: else -> break
     od
  :: else
  fi;
#endif
  alive[s0] = false
}

inline hang_up(i, c0) {
  s = SOCKET_OF(i, c0);
  close(s);
  deaf[2 * s + i] = true;
  drain(wire[2 * s + 1 - i]);
  drop(i, c0)
}

inline fail(i) {
  wanted[i] = false;
  link_failed(i)
}

inline leave(i, c0, why) {
  p = AT(i, c0);
  transmit(i, c0, goodbye, own[p], other[p], 0, why);
  phase[p] = LEAVING;
  if
  :: current[i] == c0 -> current[i] = NONE
  :: else
  fi;
  if
  :: newcomer[i] == c0 -> newcomer[i] = NONE
  :: else
  fi
}

inline end_session(i, c0) {
  assert(phase[AT(i, c0)] == UP);
  phase[AT(i, c0)] = LEAVING;
  current[i] = NONE;
  link_down(i);
  if
  :: newcomer[i] != NONE ->
     current[i] = newcomer[i];
     newcomer[i] = NONE;
     phase[AT(i, current[i])] = GREETING;
     say_hello(i, current[i])
  :: else
  fi
}

inline break_off(i, c0) {
  end_session(i, c0);
  leave(i, c0, OVER)
}

inline refuse(i, c0, why) {
  old = current[i];
  leave(i, c0, why);
  if
  :: old == c0 && wanted[i] -> fail(i)
  :: else
  fi
}

inline come_up(i, c0) {
  p = AT(i, c0);
  phase[p] = UP;
  /* Nobody is in a session that the other has not joined. */
  MUST(learnt[(1 - i) * NUMBERS + other[p]] & (1 << own[p]),
       "VIOLATED: a session is up that the other side has not joined\n");
  wanted[i] = false;
  link_up(i)
}

inline hold(i, c0) {
  if
  :: newcomer[i] != NONE && newcomer[i] != c0 ->
     refuse(i, c0, ALREADY_CONNECTED)
  :: else ->
     phase[AT(i, c0)] = HELD;
     newcomer[i] = c0;
     p = AT(i, current[i]);
     transmit(i, current[i], probe, own[p], other[p], last_sent[p],
              own[AT(i, c0)])
  fi
}

inline compete(i, c0) {
  old = current[i];
  if
  :: dialled[AT(i, old)] && !introduced[AT(i, old)] && i == 1 ->
     refuse(i, c0, ALREADY_CONNECTED)
#ifndef BUG_LATE_HELLO
  :: introduced[AT(i, old)] && other[AT(i, c0)] < other[AT(i, old)] ->
     refuse(i, c0, ALREADY_CONNECTED)
#endif
  :: else ->
     old = current[i];
     leave(i, old, ALREADY_CONNECTED);
     current[i] = c0;
     say_hello(i, c0)
  fi
}

inline introduce(i, c0, a0, b0) {
  k = AT(i, c0);
  other[k] = a0;
  learnt[i * NUMBERS + own[k]] =
    learnt[i * NUMBERS + own[k]] | (1 << a0);
  introduced[k] = true;
  phase[k] = GREETING;
  if
  :: current[i] == NONE || current[i] == c0 ->
     current[i] = c0;
     say_hello(i, c0);
     if
#ifdef BUG_NO_ECHO
     :: true -> come_up(i, c0)
#else
     :: b0 == own[AT(i, c0)] -> come_up(i, c0)
     :: else
#endif
     fi
  :: else ->
     if
     :: phase[AT(i, current[i])] == UP -> hold(i, c0)
     :: else -> compete(i, c0)
     fi
  fi
}

inline on_hello(i, c0, a0, b0) {
  k = AT(i, c0);
  if
  :: phase[k] != 0 && introduced[k] && other[k] == a0 ->
     if
     :: phase[k] == GREETING && b0 == own[k] -> come_up(i, c0)
#ifndef BUG_NO_ECHO
     :: phase[k] == UP && b0 == own[k] -> break_off(i, c0)
#endif
     :: else
     fi
#ifndef BUG_LATE_HELLO
  :: phase[k] != 0 && introduced[k] && a0 < other[k]
#endif
  :: else ->
     if
     :: phase[k] == UP -> end_session(i, c0)
     :: else
     fi;
     if
     :: phase[AT(i, c0)] == LEAVING -> drop(i, c0)
     :: else
     fi;
     if
     :: phase[AT(i, c0)] == 0 -> add_link(i, c0, false)
     :: else
     fi;
     introduce(i, c0, a0, b0)
  fi
}

/* A message of a session that is over is answered with a goodbye. */
inline stale(i, c0, a0, b0) {
  if
  :: phase[AT(i, c0)] == 0 -> transmit(i, c0, goodbye, b0, a0, 0, OVER)
  :: else
  fi
}

#define OWNS(i, c0, a0, b0) (phase[AT(i, c0)] == UP \
                             && other[AT(i, c0)] == a0 && own[AT(i, c0)] == b0)

inline apply(i, c0, a0, b0, x0) {
  /* The numbers travel anyway; as ghosts they are looked at here whatever the
   * session layer did. */
  MUST(OWNS(i, c0, a0, b0),
       "VIOLATED: a message was applied in a session that is not its own\n");
  received(i, (x0 & 7), (x0 >> 3))
}

inline on_frame(i, c0, a0, b0, n0, x0) {
  k = AT(i, c0);
  if
#ifdef BUG_STALE_FRAME
  :: phase[k] == UP ->
#else
  :: OWNS(i, c0, a0, b0) ->
#endif
     if
#ifdef BUG_GAP
     :: n0 != last_received[k] ->
#else
     :: n0 == last_received[k] + 1 ->
#endif
        last_received[k] = n0;
        apply(i, c0, a0, b0, x0)
     :: else -> break_off(i, c0)
     fi
#ifdef BUG_EXIT_OF_ANY_SESSION
  :: !OWNS(i, c0, a0, b0) && i == 0 && (x0 & 7) >= OWN ->
     apply(i, c0, a0, b0, x0)
#endif
  :: else -> stale(i, c0, a0, b0)
  fi
}

/* tick, probe and probe_reply */
inline on_sign_of_life(i, c0, t0, a0, b0, n0, x0) {
  k = AT(i, c0);
  if
  :: OWNS(i, c0, a0, b0) ->
     if
#ifndef BUG_TICK_UNCHECKED
     :: n0 != last_received[k] -> break_off(i, c0)
#endif
     :: else ->
        if
        :: t0 == probe ->
           transmit(i, c0, probe_reply, own[k], other[k], last_sent[k], x0)
        :: t0 == probe_reply && newcomer[i] != NONE &&
             own[AT(i, newcomer[i])] == x0 ->
           loser = newcomer[i];
           refuse(i, loser, ALREADY_CONNECTED)
        :: else
        fi
     fi
  :: else -> stale(i, c0, a0, b0)
  fi
}

inline on_goodbye(i, c0, a0, b0, why) {
  transmit(i, c0, goodbye_ack, b0, a0, 0, 0);
  k = AT(i, c0);
  if
  :: phase[k] == UP ->
     if
     :: OWNS(i, c0, a0, b0) -> end_session(i, c0)
     :: else
     fi
  :: (phase[k] == GREETING || phase[k] == HELD) &&
       (b0 == own[k] || (b0 == 0 && a0 == other[k])) ->
     phase[k] = LEAVING;
     if
     :: newcomer[i] == c0 -> newcomer[i] = NONE
     :: else
     fi;
     if
     :: current[i] == c0 ->
        current[i] = NONE;
        if
        :: wanted[i] && why != ALREADY_CONNECTED -> fail(i)
        :: else
        fi
     :: else
     fi
  :: else
  fi
}

inline on_message(i, c0) {
  if
  :: t == hello -> on_hello(i, c0, a, b)
  :: t == frame -> on_frame(i, c0, a, b, n, x)
  :: t == goodbye -> on_goodbye(i, c0, a, b, x)
  :: t == goodbye_ack ->
     if
     :: phase[AT(i, c0)] == LEAVING && b == own[AT(i, c0)] -> hang_up(i, c0)
     :: else
     fi
  :: else -> on_sign_of_life(i, c0, t, a, b, n, x)
  fi
}
