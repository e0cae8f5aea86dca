/* A node: the steps of its core, its timers, and its shell. */

/* While a DOWN or a nodedown is handed over, the actor of node 0 is busy. */
#define busy (gate[0] == DELIVERING || gate[MONITORS - 1] == DELIVERING \
              || nodedown)
#define ready (i == 1 || !busy)

#define HAS_MAIL(s) (ready && nempty(wire[2 * (s) + 1 - i]) \
                     && !deaf[2 * (s) + i])
#define IS_BROKEN(s) (ready && s < sockets && !alive[s] && !deaf[2 * (s) + i])

/* A timer means nothing while an answer is under way: what a node does if it
 * fires all the same is the fault SUSPECTS. */
#ifdef ONE_NAME
#define IDLE(c) EVERY(SOCKETS, idle)
#else
#define IDLE(c) idle(c)
#endif
#define PEER_IN_SESSION(c) (phase[AT(1 - i, c)] == UP \
                            && own[AT(1 - i, c)] == other[AT(i, c)] \
                            && other[AT(1 - i, c)] == own[AT(i, c)] \
                            && alive[SOCKET_OF(1 - i, c)] \
                            && alive[SOCKET_OF(i, c)])
#define SILENT(c) (ready && phase[AT(i, c)] == UP && IDLE(c) \
                   && !PEER_IN_SESSION(c))
/* Only where it has an effect: the peer has no link and can say so, or lacks a
 * frame. */
#define CAN_ANSWER(c) (phase[AT(1 - i, c)] == 0 && alive[SOCKET_OF(1 - i, c)])
#define TICKS(c) (ready && phase[AT(i, c)] == UP && IDLE(c) \
                  && alive[SOCKET_OF(i, c)] \
                  && (CAN_ANSWER(c) || (PEER_IN_SESSION(c) \
                      && last_received[AT(1 - i, c)] \
                         != last_sent[AT(i, c)])))
/* A link that is held has its probe, whose time is half of that for a hello:
 * neither side gives up before. */
#define STUCK(c) (ready && IDLE(c) && phase[AT(i, c)] == GREETING \
                  && phase[AT(1 - i, c)] != HELD)
#define LEFT(c) (ready && phase[AT(i, c)] == LEAVING && IDLE(c))

/* In a network without faults what the other side has sent is there before the
 * next dial, which waits 10 ms at least. */
#define NO_MAIL(s) (empty(wire[2 * (s) + 1 - i]) || deaf[2 * (s) + i])
#if FAULTS == 0
#define MAY_DIAL EVERY(SOCKETS, NO_MAIL)
#else
#define MAY_DIAL true
#endif

#define NOT_LEAVING(c) (phase[AT(i, c)] != LEAVING)

#define ANY_SOCKET(cond) ANY(SOCKETS, cond)
#define ANY_NAME(cond) ANY(NAMES, cond)

byte pick; /* chosen in one atomic step, 0 between steps */

inline on_connected(i) {
  alive[sockets] = true;
#ifdef ONE_NAME
  /* It takes the place of one that works: in CAF nobody is told. */
  if
  :: sockets > 0 && alive[sockets - (sockets > 0)] -> faults++
  :: else
  fi;
  out[i] = sockets;
#endif
  dialling[i] = false;
  sockets++;
  if
  :: current[i] == NONE && phase[AT(i, NAME_OF(sockets - 1))] == 0 ->
     if
     :: wanted[i] ->
        add_link(i, NAME_OF(sockets - 1), true);
        current[i] = NAME_OF(sockets - 1);
        say_hello(i, current[i])
     :: else ->
        close(sockets - 1);
        deaf[2 * (sockets - 1) + i] = true
     fi
  :: else
  fi
}

inline on_disconnected(i, c0) {
  if
  :: phase[AT(i, c0)] != 0 ->
     if
     :: phase[AT(i, c0)] == UP -> end_session(i, c0)
     :: else
     fi;
     drop(i, c0)
  :: else
  fi
}

inline on_request() {
  requests?a, x;
  if
  :: a == ASK ->
     printf("node 0: monitor %d is recorded\n", x);
     if
     :: watcher_ended[x] -> gate[x] = CLOSED
     :: else ->
        outbound[x] = true;
        if
        :: is_up[0] -> plane_send(0, MONITOR, x)
        :: !is_up[0] && !wanted[0] ->
           wanted[0] = true;
           faults_before = (current[0] == NONE -> faults : faults_before)
        :: else
        fi
     fi
  :: a == TAKE_BACK && outbound[x] ->
     printf("node 0: monitor %d is taken back\n", x);
     outbound[x] = false;
     send_demonitor(x)
  :: a == WATCHER_ENDED ->
     printf("node 0: the watcher of %d has ended\n", x);
     if
     :: outbound[x] ->
        outbound[x] = false;
        send_demonitor(x);
        gate[x] = CLOSED
     :: else
     fi
  :: else
  fi;
  a = 0;
  x = 0
}

inline report_target() {
  printf("node 1: the target's end is reported\n");
  target_reported = true;
  m = 0;
  do
  :: m < MONITORS ->
     if
     :: inbound[m] ->
        inbound[m] = false;
        plane_send(1, OWN + life[1], m)
     :: else
     fi;
     m++
  :: else -> break
  od;
  m = 0
}

/* The host is told of a DOWN, between claim and settle. */
inline hand_over(m0) {
  if
  :: reason[m0] == NOCONNECTION -> printf("node 0: DOWN %d noconnection\n", m0)
  :: reason[m0] == NOPROC -> printf("node 0: DOWN %d noproc\n", m0)
  :: else -> printf("node 0: DOWN %d with the target's reason\n", m0)
  fi;
  MUST(downs[m0] == 0, "VIOLATED: a second DOWN\n");
  MUST(!demonitored[m0], "VIOLATED: a DOWN after demonitor returned true\n");
  downs[m0]++;
  owed[m0] = false;
  gate[m0] = CLOSED;
  reason[m0] = 0
}

#ifdef BUG_NODEDOWN_EARLY
#define told_all true
#else
#define told_all \
  (gate[0] != DELIVERING && gate[MONITORS - 1] != DELIVERING)
#endif

inline tell(i) {
  if
  :: t == frame && (x & 7) == MONITOR ->
     printf("node %d: reads on %d: frame %d of {%d, %d}, MONITOR_P %d\n",
            i, pick, n, a, b, x >> 3)
  :: t == frame && (x & 7) == DEMONITOR ->
     printf("node %d: reads on %d: frame %d of {%d, %d}, DEMONITOR_P %d\n",
            i, pick, n, a, b, x >> 3)
  :: t == frame && (x & 7) == NOPROC ->
     printf("node %d: reads on %d: frame %d of {%d, %d}, noproc for %d\n",
            i, pick, n, a, b, x >> 3)
  :: t == frame && ((x & 7) == OWN || (x & 7) == OWN + 1) ->
     printf("node %d: reads on %d: frame %d of {%d, %d}, own reason for %d\n",
            i, pick, n, a, b, x >> 3)
  :: t == hello ->
     printf("node %d: reads on %d: hello {%d, %d}\n", i, pick, a, b)
  :: t == goodbye ->
     printf("node %d: reads on %d: goodbye {%d, %d}, why %d\n",
            i, pick, a, b, x)
  :: t == goodbye_ack ->
     printf("node %d: reads on %d: goodbye_ack {%d, %d}\n", i, pick, a, b)
  :: t == tick || t == probe || t == probe_reply ->
     printf("node %d: reads on %d: %e {%d, %d} after frame %d\n",
            i, pick, t, a, b, n)
  fi
}

proctype node(bit i) {
end:
  do
  /* Messages, and the news that a connection is gone. */
  :: atomic {
       ANY_SOCKET(HAS_MAIL);
       d_step {
#ifdef ONE_NAME
         if
         :: pick > out[i] -> out[i] = pick
         :: else
         fi;
#endif
         wire[2 * pick + 1 - i]?t, a, b, n, x;
         tell(i);
         pick = NAME_OF(pick);
         on_message(i, pick);
         pick = 0
       }
     }
  :: atomic {
       ANY_SOCKET(IS_BROKEN);
       d_step {
         printf("node %d: sees that connection %d is gone\n", i, pick);
         deaf[2 * pick + i] = true;
         drain(wire[2 * pick + 1 - i]);
#ifdef ONE_NAME
         if
         :: out[i] == pick -> on_disconnected(i, 0)
         :: else
         fi;
#else
         on_disconnected(i, pick);
#endif
         pick = 0
       }
     }
  /* Time. */
  :: atomic {
       ANY_NAME(SILENT);
       d_step {
         printf("node %d: hears nothing on %d\n", i, pick);
         end_session(i, pick);
         leave(i, pick, OVER);
         pick = 0
       }
     }
  :: atomic {
       ANY_NAME(TICKS);
       d_step {
         printf("node %d: ticks on %d\n", i, pick);
         k = AT(i, pick);
         transmit(i, pick, tick, own[k], other[k], last_sent[k], 0);
         pick = 0
       }
     }
  :: atomic {
       ANY_NAME(STUCK);
       d_step {
         printf("node %d: waits no longer for a hello on %d\n", i, pick);
         if
         :: wanted[i] -> hang_up(i, pick)
         :: else -> refuse(i, pick, REFUSED)
         fi;
         pick = 0
       }
     }
  :: atomic {
       ANY_NAME(LEFT);
       d_step {
         printf("node %d: waits no longer for goodbye_ack on %d\n", i, pick);
         hang_up(i, pick);
         pick = 0
       }
     }
  :: d_step {
       ready && newcomer[i] != NONE && idle(current[i]) ->
       printf("node %d: got no answer to its probe\n", i);
       old = current[i];
       end_session(i, old);
       hang_up(i, old)
     }
  /* Dialling. */
  :: d_step {
       ready && wanted[i] && current[i] == NONE && !dialling[i] &&
         EVERY(NAMES, NOT_LEAVING) && MAY_DIAL ->
       printf("node %d: dials\n", i);
       dialling[i] = true
     }
  :: d_step {
       ready && dialling[i] && sockets < SOCKETS ->
       printf("node %d: has made connection %d\n", i, sockets);
       on_connected(i)
     }
  :: d_step {
       ready && dialling[i] &&
         (sockets == SOCKETS || (!calm && faults < FAULTS)) ->
       printf("node %d: cannot make a connection\n", i);
       assert(FAULTS > 0); /* without faults the bound suffices */
       faults++;
       dialling[i] = false;
       if
       :: wanted[i] && current[i] == NONE -> fail(i)
       :: else
       fi
     }
#ifdef ONE_NAME
  :: d_step {
       sockets > 0 && out[i] < sockets - 1 && alive[sockets - 1] &&
         !deaf[2 * (sockets - 1) + i] ->
       printf("node %d: sends over %d from now on\n", i, sockets - 1);
       out[i] = sockets - 1
     }
#endif
  /* Processes. */
  :: d_step { i == 0 && !busy && nempty(requests) -> on_request() }
#ifndef BUG_EXIT_BEFORE_END
  :: d_step { i == 1 && !target_reported && !target_alive -> report_target() }
#else
  :: d_step { i == 1 && !target_reported -> report_target() }
  :: d_step {
       i == 1 && target_ended[life[1]] && target_reported && target_alive ->
       target_alive = false
     }
#endif
  /* The shell of node 0. */
  :: d_step { i == 0 && gate[0] == DELIVERING -> hand_over(0) }
#if MONITORS == 2
  :: d_step { i == 0 && gate[1] == DELIVERING -> hand_over(1) }
#endif
  :: d_step {
       i == 0 && nodedown && told_all ->
       printf("node 0: nodedown\n");
       MUST(!owed[0] && !owed[MONITORS - 1],
            "VIOLATED: nodedown before a DOWN that it causes\n");
       nodedown = false
     }
  od
}
