// Requests to the control plane actor as typed messages, in virtual time.

#include "tests/actors/control_plane_world.hpp"

#include <new>

using namespace vigil;
using namespace vigil::test;

TEST_CASE("a process that is not alive gets no monitor") {
  control_plane_world w;
  CHECK(w.monitor(proc(node_a, 9), w.a1) == "noproc");
  CHECK(w.monitor(proc(node_a, 1, creation{2}), w.a1) == "noproc");
  CHECK(w.monitor(w.b1, w.a1) == "noproc");
  CHECK(w.front->gate.size() == 0);
  CHECK(w.runtime.take().empty());
}

TEST_CASE("a monitor of no valid target is a bad argument") {
  control_plane_world w;
  CHECK(w.monitor(w.a1, pid{}) == "bad_argument");
  CHECK(w.monitor(w.a1, named_target{}) == "bad_argument");
  CHECK(w.front->gate.size() == 0);
}

TEST_CASE("monitor answers with the reference and the DOWN follows the end") {
  control_plane_world w;
  CHECK(w.monitor(w.a1, w.a2) == "r0");
  CHECK(*w.ask<monitor_list>(monitors_request{w.a1}) == "monitors r0/a2");
  CHECK(*w.ask<watcher_list>(monitored_by_request{w.a2}) == "watchers a1");
  CHECK(w.runtime.take().empty());
  w.exit(2, "boom");
  CHECK_LINES(w.runtime.take(), {"down a1 r0 a2 boom"});
  CHECK(*w.ask<monitor_list>(monitors_request{w.a1}) == "monitors");
  CHECK(w.front->gate.size() == 0);
}

TEST_CASE("a monitor of a dead process of the own node ends noproc at once") {
  control_plane_world w;
  CHECK(w.monitor(w.a1, proc(node_a, 9)) == "r0");
  CHECK(w.monitor(w.a1, named("nobody", node_a)) == "r1");
  CHECK_LINES(w.runtime.take(),
              {"down a1 r0 a9 noproc", "down a1 r1 {nobody,a} noproc"});
}

TEST_CASE("monitoring oneself is granted and leaves nothing") {
  control_plane_world w;
  CHECK(w.monitor(w.a1, w.a1) == "r0");
  CHECK(w.front->gate.size() == 0);
  CHECK(w.count("outbound") == 0);
  CHECK(w.demonitor(w.a1, 0) == "false");
}

TEST_CASE("the DOWNs of one exit are delivered in one batch") {
  control_plane_world w;
  w.runtime.processes.give_name("db", 2);
  CHECK(w.monitor(w.a1, w.a2) == "r0");
  CHECK(w.monitor(w.a1, named("db", node_a)) == "r1");
  CHECK(w.monitor(w.a1, w.a2) == "r2");
  w.exit(2, "boom");
  CHECK_LINES(w.runtime.take(),
              {"down a1 r0 a2 boom | a1 r1 {db,a} boom | a1 r2 a2 boom"});
}

TEST_CASE("demonitor finds a live monitor once and only for its watcher") {
  control_plane_world w;
  w.monitor(w.a1, w.a2);
  CHECK(w.demonitor(w.a2, 0) == "false");
  CHECK(w.demonitor(w.a1, 5) == "false");
  CHECK(w.demonitor(w.a1, 0) == "true");
  CHECK(w.demonitor(w.a1, 0) == "false");
  w.exit(2, "boom");
  CHECK(w.runtime.take().empty());
  CHECK(w.count("demonitors") == 1);
}

TEST_CASE("a watcher that ended takes its monitors with it") {
  control_plane_world w;
  w.monitor(w.a1, w.a2);
  w.exit(1, "normal");
  CHECK(w.front->gate.size() == 0);
  CHECK(w.count("outbound") == 0);
  CHECK(w.count("inbound") == 0);
  w.exit(2, "boom");
  CHECK(w.runtime.take().empty());
}

TEST_CASE("a reported end of another node's process is ignored") {
  control_plane_world w;
  w.monitor(w.a1, w.a2);
  w.tell(exit_report{w.b1, atom("boom")});
  w.tell(exit_report{proc(node_a, 2, creation{2}), atom("boom")});
  CHECK(w.runtime.take().empty());
  CHECK(w.count("inbound") == 1);
}

TEST_CASE(
  "a demonitor from another thread comes before an end that an actor has "
  "reported and nobody has handled yet") {
  control_plane_world w;
  runtime_front front{w.front};
  w.monitor(w.a1, w.a2);
  w.runtime.processes.end(2);
  caf::anon_send(w.plane, exit_report{w.a2, atom("boom")});
  auto found = front.demonitor(w.a1, ref(0), {false}).value();
  CHECK(found);
  w.run();
  CHECK(w.runtime.take().empty());
  CHECK(w.count("downs") == 0);
  CHECK(w.count("downs_demonitored") == 0);
  CHECK(w.count("demonitors") == 1);
}

TEST_CASE("demonitor from within the delivery of that DOWN returns false") {
  control_plane_world w;
  runtime_front front{w.front};
  lines calls;
  w.runtime.on_deliver = [&](const down_notice& x) {
    auto found = front.demonitor(x.watcher, x.message.ref, {true});
    calls.push_back(std::string{to_string(found.code())}
                    + (found && *found ? " true" : " false"));
  };
  w.monitor(w.a1, w.a2);
  w.exit(2, "boom");
  CHECK_LINES(calls, {"none false"});
  CHECK_LINES(w.runtime.take(), {"remove a1 r0", "down a1 r0 a2 boom"});
}

TEST_CASE("a callback may start a monitor but may not wait") {
  control_plane_world w;
  runtime_front front{w.front};
  lines calls;
  w.runtime.on_deliver = [&](const down_notice&) {
    if (!calls.empty())
      return;
    for (auto x : {front.connect(node_b).code(), front.disconnect(node_b),
                   front.monitors(w.a1).code(), front.monitored_by(w.a1).code(),
                   front.nodes().code(), front.stats().code(),
                   front.monitor(w.a1, w.a1).code(),
                   front.process_exited(proc(node_a, 9), atom("boom"))})
      calls.emplace_back(to_string(x));
  };
  w.monitor(w.a1, proc(node_a, 9));
  CHECK_LINES(calls,
              {"busy", "busy", "busy", "busy", "busy", "busy", "none", "none"});
}

TEST_CASE("requests of threads and of actors apply in the order they were "
          "made") {
  control_plane_world w;
  runtime_front front{w.front};
  auto first = front.try_monitor(w.a1, w.a2).value();
  CHECK(brief(first) == "r0");
  // Nothing has run yet; the queue is ahead of this message.
  CHECK(*w.ask<monitor_list>(monitors_request{w.a1}) == "monitors r0/a2");
  CHECK(front.demonitor(w.a1, first));
  CHECK(*w.ask<monitor_list>(monitors_request{w.a1}) == "monitors");
}

TEST_CASE("stop handles what is queued, then answers and ends") {
  control_plane_world w;
  runtime_front front{w.front};
  w.monitor(w.a1, w.a2);
  w.runtime.processes.end(2);
  CHECK(front.process_exited(w.a2, atom("boom")) == errc::none);
  w.front->queue.close();
  // Not run in between: the stop order overtakes nothing.
  CHECK(*w.ask<unit>(stop_order{}) == "ok");
  CHECK_LINES(w.runtime.take(), {"down a1 r0 a2 boom"});
  CHECK(w.ended());
}

TEST_CASE("a closed front returns shutdown and calls nobody back") {
  control_plane_world w;
  runtime_front front{w.front};
  w.monitor(w.a1, w.a2);
  w.front->queue.close();
  w.front->open = false;
  CHECK(front.monitor(w.a1, w.a2).code() == errc::shutdown);
  CHECK(front.try_monitor(w.a1, w.a2).code() == errc::shutdown);
  CHECK(front.demonitor(w.a1, test::ref(0)).code() == errc::shutdown);
  CHECK(front.demonitor(w.a1, test::ref(9)).code() == errc::shutdown);
  CHECK(front.demonitor(w.a1, test::ref(9), {true}).code() == errc::shutdown);
  CHECK(front.process_exited(w.a1, atom("boom")) == errc::shutdown);
  CHECK(front.connect(node_b).code() == errc::shutdown);
  CHECK(front.disconnect(node_b) == errc::shutdown);
  CHECK(front.nodes().code() == errc::shutdown);
  w.run();
  CHECK(w.runtime.take().empty());
}

TEST_CASE("a node that has spent its references grants no monitor, and nothing "
          "else changes") {
  control_plane_world w;
  // All but the last are spent.
  new (&w.front->references) reference_source{last_reference};
  CHECK(w.monitor(w.a1, w.a2) == brief(last_reference));
  runtime_front front{w.front};
  CHECK(front.monitor(w.a1, w.b1).code() == errc::reference_exhausted);
  CHECK(front.try_monitor(w.a1, w.b1).code() == errc::reference_exhausted);
  CHECK(w.monitor(w.a1, w.b1) == "reference_exhausted");
  CHECK(w.front->gate.size() == 1);
  CHECK(w.count("outbound") == 1);
  CHECK(w.connector_notes->dials.empty());
  w.exit(2, "boom");
  CHECK_LINES(w.runtime.take(),
              {"down a1 " + brief(last_reference) + " a2 boom"});
}
