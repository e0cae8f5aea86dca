/* What happens to the nodes, and who judges them in the end. */

inline ask(m0) {
  printf("world: process of node 0 monitors, %d\n", m0);
  asked[m0] = true;
  watcher_life[m0] = life[0];
  target_life[m0] = life[1];
  gate[m0] = OPEN;
  requests!ASK, m0
}

/* Between the gate and the answer nothing can happen but a delivery, for which
 * the caller waits. */
inline demonitor(m0) {
  called_demonitor[m0] = true;
  if
#ifdef BUG_GATE
  :: outbound[m0] ->
#else
  :: gate[m0] == OPEN ->
     gate[m0] = CLOSED;
#endif
     printf("world: demonitor %d is true\n", m0);
     demonitored[m0] = true;
     requests!TAKE_BACK, m0
  :: else -> printf("world: demonitor %d is false\n", m0)
  fi
}

inline restart(i) {
  printf("world: node %d is killed and started again\n", i);
  faults++;
  restarted = true;
  s = 0;
  do
  :: s < SOCKETS ->
     close(s);
     deaf[2 * s + i] = s < sockets;
     drain(wire[2 * s + 1 - i]);
     s++
  :: else -> break
  od;
  k = 0;
  do
  :: k < NAMES -> drop(i, k); k++
  :: else -> break
  od;
  wanted[i] = false;
  dialling[i] = false;
  is_up[i] = false;
  life[i] = true;
  if
  :: i == 0 ->
     do
     :: nempty(requests) -> requests?_, _
     :: empty(requests) -> break
     od;
     nodedown = false
  :: else ->
     target_alive = true;
     target_reported = true
  fi;
  m = 0;
  do
  :: m < MONITORS ->
     if
     :: i == 0 ->
        outbound[m] = false;
        owed[m] = false;
        gate[m] = CLOSED;
        reason[m] = 0
     :: else ->
        cut[m] = cut[m] || (is_up[0] && outbound[m]);
        inbound[m] = false
     fi;
     m++
  :: else -> break
  od;
  m = 0
}

#define acts (!calm)
/* The watcher lives, and is not in the way of a delivery. */
#define can_call(m) (acts && asked[m] && !watcher_ended[m] \
                     && watcher_life[m] == life[0] && gate[m] != DELIVERING)
#define goes_wrong (!calm && faults < FAULTS)
#define CAN_BREAK(s) (goes_wrong && alive[s])
#define CAN_LOSE(s) (goes_wrong && nempty(wire[2 * (s)]))
#define CAN_LOSE_BACK(s) (goes_wrong && nempty(wire[2 * (s) + 1]))

/* When all is quiet, both nodes tell the same story. */
inline judge() {
  quiet = true;
  printf("world: all is quiet\n");
  MUST(is_up[0] == is_up[1],
       "VIOLATED: all is quiet, but only one side has a link\n");
  MUST(!wanted[0] && !wanted[1],
       "VIOLATED: all is quiet, but a link is still waited for\n");
  m = 0;
  do
  :: m < MONITORS ->
     MUST(outbound[m] == inbound[m],
          "VIOLATED: all is quiet, but the tables differ\n");
     MUST(!asked[m] || ended(m) || outbound[m],
          "VIOLATED: all is quiet, but a monitor neither lives nor ended\n");
     MUST(downs[m] + demonitored[m] <= 1,
          "VIOLATED: a monitor ended twice\n");
     m++
  :: else -> break
  od;
  m = 0
}

#ifdef LOSSY
inline tell_what(s0, i) {
  if
  :: what == 0 -> printf("world: a message to node %d on %d is lost\n", i, s0)
  :: what == 1 -> printf("world: a message to node %d on %d is late\n", i, s0)
  :: else -> printf("world: a message to node %d on %d is doubled\n", i, s0)
  fi
}
#endif

active proctype world() {
  do
  :: d_step { acts -> calm = true; printf("world: calm\n") }
  :: d_step { acts && !asked[0] -> ask(0) }
  :: d_step { can_call(0) && !called_demonitor[0] -> demonitor(0) }
#if MONITORS == 2
  :: d_step { acts && asked[0] && !asked[1] -> ask(1) }
  :: d_step { can_call(1) && !called_demonitor[1] -> demonitor(1) }
#endif
#ifdef WATCHERS
  :: d_step { can_call(0) ->
       printf("world: the watcher of 0 ends\n");
       watcher_ended[0] = true;
       requests!WATCHER_ENDED, 0 }
#endif
  :: d_step { acts && !target_ended[life[1]] ->
       printf("world: the target ends\n");
       target_ended[life[1]] = true;
#ifndef BUG_EXIT_BEFORE_END
       target_alive = false;
#endif
       target_reported = false }
#ifdef BREAKS
  :: atomic { ANY_SOCKET(CAN_BREAK);
       d_step {
         printf("world: connection %d breaks\n", pick);
         faults++;
         close(pick);
         pick = 0 } }
#endif
#ifdef RESTART
  :: d_step { goes_wrong && !restarted -> restart((RESTART - 1)) }
#endif
#ifdef REPLACED
  :: d_step { goes_wrong && sockets > 0 && sockets < SOCKETS ->
       printf("world: connection %d replaces the one before\n", sockets);
       faults++;
       alive[sockets] = true;
       sockets++ }
#endif
#ifdef SUSPECTS
  :: d_step { goes_wrong && is_up[0] && !busy ->
       printf("world: node 0 takes node 1 for silent\n");
       faults++;
       old = current[0];
       end_session(0, old);
       leave(0, old, OVER) }
  :: d_step { goes_wrong && is_up[1] ->
       printf("world: node 1 takes node 0 for silent\n");
       faults++;
       old = current[1];
       end_session(1, old);
       leave(1, old, OVER) }
#endif
#ifdef LOSSY
#define MANGLE(q) \
         if :: what != 2 -> q?t, a, b, n, x :: else -> q?<t, a, b, n, x> fi; \
         if :: what != 0 -> q!t, a, b, n, x :: else fi
  /* Lost, delayed behind all others, or repeated. */
  :: atomic {
       ANY_SOCKET(CAN_LOSE);
       if :: what = 0 :: what = 1 :: nfull(wire[2 * pick]) -> what = 2 fi;
       d_step { tell_what(pick, 1);
         faults++; MANGLE(wire[2 * pick]); pick = 0; what = 0 } }
  :: atomic {
       ANY_SOCKET(CAN_LOSE_BACK);
       if :: what = 0 :: what = 1 :: nfull(wire[2 * pick + 1]) -> what = 2 fi;
       d_step { tell_what(pick, 0);
         faults++; MANGLE(wire[2 * pick + 1]); pick = 0; what = 0 } }
#endif
  :: timeout -> d_step { judge() }; break
  od
}

init {
  atomic {
#ifdef BOTH_DIAL
    wanted[1] = true;
#endif
    run node(0);
    run node(1)
  }
}
