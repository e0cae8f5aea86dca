#include "tools/help.hpp"

namespace vigil {

const std::string_view help_text =
  R"(vigil: remote process monitors for BEAM-like runtimes

usage: vigil node OPTION...    run a node that takes commands, one a line
       vigil demo              watch four nodes monitor each other
       vigil help [node|demo]  say more
       vigil --version         say which version this is
)";

const std::string_view node_help_text =
  R"(vigil node: a node that takes commands from standard input, one a line

usage: vigil node --name=alive@host [OPTION...]

  --name=alive@host        the node's own name
  --listen=PORT            the port to listen on; 0, the default, takes any
  --bind=ADDRESS           the address to listen on; default 127.0.0.1
  --peer=alive@host:PORT   where another node listens; it is dialled when it is
                           first needed. Can be given several times
  --net-ticktime=TIME      a peer that is silent for so long is lost;
                           default 8s, at least 400ms
  --net-setuptime=TIME     a connection that is not up by then has failed;
                           default 7s, at least 100ms
  --show-origins           say where each DOWN comes from (see below)
  --config-file=PATH       read options from a file; the command line wins

Options of the actor framework that matter to a node are taken as well
(--long-help lists them).
A file holds a line such as

  name = "alpha@127.0.0.1"
  peer = ["bravo@127.0.0.1:4001", "charlie@127.0.0.1:4002"]
  net-ticktime = 8s

The first line that is printed is `ready NAME port=PORT creation=CREATION`.
Every command gets one answer:

  spawn [NAME]              ok PID: an idle process, under a name if one is given
  exit PID REASON           ok: the process ends; REASON is an atom or "a text"
  register NAME PID         ok
  unregister NAME           ok
  whereis NAME              ok PID, or ok undefined
  connect NODE [HOST:PORT] [keep]
                            ok once the connection is up; keep makes it again
                            whenever it is lost, until disconnect
  disconnect NODE           ok
  monitor WATCHER TARGET    ok REF; TARGET is a pid or {name,node}
  demonitor WATCHER REF [flush] [info]
                            ok true, or ok false
  sync NODE                 ok once NODE has applied what was asked of it before;
                            without it a process there may end before a monitor
                            arrives that was asked for first
  monitors PID              ok and what the process monitors
  monitored_by PID          ok and who monitors it
  nodes                     ok and which nodes are connected
  stats                     ok and counters, name=value
  downs PID                 ok and REF/OBJECT/REASON of each DOWN in the
                            process's mailbox, which is empty then
  quit                      ok; so does the end of the input, without an answer

What cannot be done is answered `error NAME sentence`. In between come lines
about what happens:

  down WATCHER REF OBJECT REASON
  nodeup NODE
  nodedown NODE CAUSE

With --show-origins `down` ends with origin=ORIGIN loss=N, `nodedown` with loss=N
and an entry of downs with /ORIGIN/N. N counts the connections that have ended:
all DOWNs of one have its number and come before its nodedown; any other DOWN has
0. ORIGIN is exit, noproc_here or noproc_there (said by this node or the other),
no_address, setup_failed, link_lost, or shutdown if the other node said goodbye.

The exit status is 0 in the end, 1 if the node could not start and 2 if an
option was wrong.
)";

const std::string_view demo_help_text =
  R"(vigil demo: four nodes on this machine monitor each other

usage: vigil demo

Starts four nodes as processes of their own and lets them watch each other's
workers; then workers end, a node is killed and comes back, another shuts down.
Prints what happened and which DOWNs followed, and a table of how many were
expected and how many came. The exit status is 0 if these agree.

On a terminal it takes a few seconds and uses colours unless NO_COLOR is set.
)";

} // namespace vigil
