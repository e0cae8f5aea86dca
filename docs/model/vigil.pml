/* The session and monitor protocol of vigil, two nodes; README.md explains.
 *
 * Node 0 watches, node 1 holds the target. Both are the same session layer.
 * Whatever a node does in one step of its core is one `d_step` here. The names
 * are those of src/session_layer*.cpp and src/control_plane.cpp.
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

/* Promela has no macro that repeats: one of the first, or all of the first, 1 to
 * 4 connections. */
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

/* Link of node i over the connection named c: [AT(i, c)]; 0 if there is none. */
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

/* -- the control planes ---------------------------------------------------- */

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

/* -- the session layers ---------------------------------------------------- */

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
#ifdef OLDER_HELLO_REFUSED
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
#ifdef OLDER_HELLO_REFUSED
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

/* -- what a node does, one step of its core at a time ---------------------- */

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
  faults = (sockets > 0 && alive[sockets - (sockets > 0)] -> faults + 1 : faults);
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
     printf("node %d: reads on %d: goodbye {%d, %d}, why %d\n", i, pick, a, b, x)
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
         printf("node %d: waits no longer for an acknowledgement on %d\n", i, pick);
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
       printf("node %d: sends over connection %d from now on\n", i, sockets - 1);
       out[i] = sockets - 1
     }
#endif
  /* Processes. */
  :: d_step { i == 0 && !busy && nempty(requests) -> on_request() }
#ifndef BUG_EXIT_BEFORE_END
  :: d_step { i == 1 && !target_reported && !target_alive -> report_target() }
#else
  :: d_step { i == 1 && !target_reported -> report_target() }
  :: d_step { i == 1 && target_ended[life[1]] && target_reported && target_alive -> target_alive = false }
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

/* -- what the world does --------------------------------------------------- */

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
  :: d_step { acts && asked[0] && !called_demonitor[0] && watcher_life[0] == life[0] &&
              !watcher_ended[0] && gate[0] != DELIVERING -> demonitor(0) }
#if MONITORS == 2
  :: d_step { acts && asked[0] && !asked[1] -> ask(1) }
  :: d_step { acts && asked[1] && !called_demonitor[1] && watcher_life[1] == life[0] &&
              !watcher_ended[1] && gate[1] != DELIVERING -> demonitor(1) }
#endif
#ifdef WATCHERS
  :: d_step { acts && asked[0] && !watcher_ended[0] && watcher_life[0] == life[0] ->
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
       d_step { printf("world: connection %d breaks\n", pick); faults++; close(pick); pick = 0 } }
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

/* -- progress -------------------------------------------------------------- */

#define its_target_ended (asked[0] && target_ended[target_life[0]])
#define its_link_is_cut (cut[0])
#define is_taken_back (demonitored[0] || watcher_ended[0])

ltl target_ends { [] (its_target_ended -> <> gone(0)) }
ltl link_is_lost { [] (its_link_is_cut -> <> gone(0)) }
ltl taken_back { [] (is_taken_back -> <> gone(0)) }
