/* The session and monitor protocol of vigil, two nodes; README.md explains.
 *
 * Node 0 watches, node 1 holds the target. Both are the same session layer.
 * Whatever a node does in one step of its core is one `d_step` here. The names
 * are those of src/session/ and src/control/.
 *
 * Bounds, set by scripts/model:                                              */

#ifndef MONITORS
#define MONITORS 1 /* references that may be asked for, 1 or 2 */
#endif
#ifndef SOCKETS
#define SOCKETS 2 /* connections that can be made in a run */
#endif
#ifndef FAULTS
#define FAULTS 1 /* things that may go wrong in a run */
#endif
#ifndef DEPTH
#define DEPTH 8 /* messages under way in one direction of a connection */
#endif
/* Switches, off if undefined:
 *   ONE_NAME   all connections arrive under one name, as CAF has it
 *   BOTH_DIAL  node 1 wants the link too, from the start
 *   BREAKS     a connection may break
 *   RESTART    1 or 2: node 0 or node 1 may restart, once
 *   LOSSY      a message may be lost, repeated, or delayed behind others
 *   REPLACED   a connection may be replaced by another unnoticed (ONE_NAME)
 *   SUSPECTS   a node may take the other for silent although it is not
 *   WATCHERS   watchers may end
 */

#ifdef ONE_NAME
#define NAMES 1
#define NAME_OF(s) 0
#define SOCKET_OF(i, c) out[i]
#else
#define NAMES SOCKETS
#define NAME_OF(s) (s)
#define SOCKET_OF(i, c) (c)
#endif

/* Promela has no macro that repeats: any, or every one, of the first 1 to 4
 * connections. */
#define ANY(n, cond) ANY_(n, cond)
#define ANY_(n, cond) ANY_##n(cond)
#define ANY_1(cond) if :: cond(0) -> pick = 0 fi
#define ANY_2(cond) if :: cond(0) -> pick = 0 :: cond(1) -> pick = 1 fi
#define ANY_3(cond) \
  if :: cond(0) -> pick = 0 :: cond(1) -> pick = 1 :: cond(2) -> pick = 2 fi
#define ANY_4(cond) \
  if :: cond(0) -> pick = 0 :: cond(1) -> pick = 1 \
  :: cond(2) -> pick = 2 :: cond(3) -> pick = 3 fi
#define EVERY(n, cond) EVERY_(n, cond)
#define EVERY_(n, cond) EVERY_##n(cond)
#define EVERY_1(cond) cond(0)
#define EVERY_2(cond) (cond(0) && cond(1))
#define EVERY_3(cond) (cond(0) && cond(1) && cond(2))
#define EVERY_4(cond) (cond(0) && cond(1) && cond(2) && cond(3))

/* An assertion whose sentence a trail shows. */
#define MUST(cond, sentence) \
  if :: (cond) :: else -> printf(sentence); assert(false) fi

#define NONE 15
#define NUMBERS 8 /* session numbers of a node are 1 .. NUMBERS - 1 */

/* -- the network ----------------------------------------------------------- */

mtype = { hello, frame, tick, probe, probe_reply, goodbye, goodbye_ack };

/* What a frame carries; a reason is part of the exit. OWN + l is the reason of
 * the target of life l of node 1. */
#define MONITOR 0
#define DEMONITOR 1
#define OWN 2
#define NOPROC 4
#define NOCONNECTION 5

/* What a goodbye says. */
#define OVER 0
#define ALREADY_CONNECTED 1
#define REFUSED 2

/* type, sender's number, receiver's number, sequence, content. From node i over
 * socket s: wire[2 * s + i]. */
chan wire[2 * SOCKETS] = [DEPTH] of { mtype, byte, byte, byte, byte };
bool alive[SOCKETS];
/* Node i knows that socket s is gone: deaf[2 * s + i]. */
bool deaf[2 * SOCKETS];
byte sockets;  /* made so far */
byte faults;   /* happened so far */
bool calm;     /* the world does nothing any more */
bool quiet;    /* nor does anybody else */
bool restarted;

#ifdef ONE_NAME
byte out[2]; /* the socket that carries what node i sends */
#endif
#ifdef LOSSY
byte what;   /* becomes of a message, as pick */
#endif

/* -- the session layers ---------------------------------------------------- */

#define GREETING 1
#define HELD 2
#define UP 3
#define LEAVING 4

/* Link of node i over the connection named c: [AT(i, c)]; phase 0: none. */
#define AT(i, c) ((i) * NAMES + (c))
byte phase[2 * NAMES];
bool dialled[2 * NAMES];
bool introduced[2 * NAMES];
byte own[2 * NAMES];
byte other[2 * NAMES];
byte last_sent[2 * NAMES];
byte last_received[2 * NAMES];

bool wanted[2];
bool dialling[2];
byte current[2] = NONE;
byte newcomer[2] = NONE;
byte numbers[2]; /* handed out so far */
bool life[2];

/* -- the control planes ---------------------------------------------------- */

bool is_up[2];
bool outbound[MONITORS];
bool inbound[MONITORS];

/* -- processes, requests, the gate ----------------------------------------- */

#define ASK 0
#define TAKE_BACK 1
#define WATCHER_ENDED 2
chan requests = [3 * MONITORS] of { byte, byte };

bool asked[MONITORS];
bool watcher_ended[MONITORS];
bool called_demonitor[MONITORS];
/* The life of each node in which the monitor's process lives. */
bool watcher_life[MONITORS];
bool target_life[MONITORS];
bool target_alive = true;
bool target_reported = true;

#define CLOSED 0
#define OPEN 1
#define DELIVERING 2
byte gate[MONITORS];
byte reason[MONITORS];
bool nodedown; /* is to be told, after the DOWNs */

/* -- ghosts: known to the properties, to no node --------------------------- */

byte downs[MONITORS];          /* delivered */
bool demonitored[MONITORS];    /* demonitor returned true */
bool target_ended[2];          /* by life */
bool dead_on_arrival[MONITORS];
bool cut[MONITORS];            /* the link that carries it was lost */
bool owed[MONITORS];           /* a DOWN that must come before nodedown */
byte faults_before;            /* when node 0 wanted the present link, or began
                                  to make it */
byte learnt[2 * NUMBERS];      /* which numbers of the peer node i has bound to
                                  its own number n: [i * NUMBERS + n] */

/* In no state: they mean nothing between two steps. */
hidden mtype t;
hidden byte a, b, n, x, k, m, p, s, old, loser;

#define ended(i) (downs[i] > 0 || demonitored[i] || watcher_ended[i] \
                  || (asked[i] && watcher_life[i] != life[0]))
#define gone(i) (ended(i) && !outbound[i] && !inbound[i])

/* Nothing is under way over socket s. */
#define idle(s) (empty(wire[2 * (s)]) && empty(wire[2 * (s) + 1]))

inline drain(q) {
  do
  :: nempty(q) -> q?_, _, _, _, _
  :: empty(q) -> break
  od
}

inline transmit(i, c0, t0, a0, b0, n0, x0) {
  s = SOCKET_OF(i, c0);
  if
  :: s < SOCKETS && alive[s] ->
     assert(nfull(wire[2 * s + i])); /* a bound of the model */
     wire[2 * s + i]!t0, a0, b0, n0, x0
  :: else
  fi
}

#include "monitors.pml"
#include "sessions.pml"
#include "node.pml"
#include "world.pml"

/* -- progress -------------------------------------------------------------- */

#define its_target_ended (asked[0] && target_ended[target_life[0]])
#define its_link_is_cut (cut[0])
#define is_taken_back (demonitored[0] || watcher_ended[0])

ltl target_ends { [] (its_target_ended -> <> gone(0)) }
ltl link_is_lost { [] (its_link_is_cut -> <> gone(0)) }
ltl taken_back { [] (is_taken_back -> <> gone(0)) }
