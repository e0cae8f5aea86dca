// The executor of one node, without actors: who waits for what, and how each of
// them is answered.

#include "tests/core/executor_fixture.hpp"

using namespace vigil;
using namespace vigil::test;

namespace {

/// With room for one byte, one unacknowledged frame is too much.
struct full_peer : executor_fixture {
  explicit full_peer(const control_limits& limits = {})
    : executor_fixture(limits, 1) {
    come_up(node_b);
    CHECK(monitor(a1, b1) == "r0");
    take();
  }
};

} // namespace

// -- room ---------------------------------------------------------------------

TEST_CASE("node executor: requests for a full peer wait, and are granted one "
          "after the other when there is room") {
  full_peer f;
  CHECK(f.monitor(f.a1, f.b1, "first") == "waits");
  CHECK(f.monitor(f.a2, f.b1, "second") == "waits");
  CHECK_LINES(f.take(), {});
  f.acknowledge(node_b);
  CHECK_LINES(f.take(), {"c98 frame s1>7 #2 ack 0", "first ok"});
  f.acknowledge(node_b);
  CHECK_LINES(f.take(), {"c98 frame s1>7 #3 ack 0", "second ok"});
}

TEST_CASE("node executor: a full peer is nobody else's concern") {
  full_peer f;
  f.come_up(node_c);
  CHECK(f.monitor(f.a1, f.b1, "slow") == "waits");
  CHECK(f.monitor(f.a1, f.a2) == "r1");
  CHECK(f.monitor(f.a1, f.c1) == "r2");
  CHECK(f.demonitor(f.a1, ref(0)));
}

TEST_CASE("node executor: the loss of a full peer grants the monitors that "
          "waited for it, and a watcher that has ended gets none") {
  full_peer f;
  f.monitor(f.a1, f.b1, "first");
  f.monitor(f.a2, f.b1, "second");
  f.exit(2, "boom");
  f.take();
  f.close(node_b);
  CHECK_LINES(f.take(),
              {"down a1 r0 b1 noconnection", "note nodedown b closed",
               "nodedown b", "dial 1 b", "first ok", "second noproc"});
}

TEST_CASE("node executor: a thread learns of a full peer and of its room") {
  full_peer f;
  CHECK(f.threads.try_monitor(f.a1, f.b1).code() == errc::busy);
  f.acknowledge(node_b);
  CHECK(f.threads.try_monitor(f.a1, f.b1));
}

// -- sessions -----------------------------------------------------------------

TEST_CASE("node executor: connect is answered at once where there is a "
          "session, which is kept for who wants that") {
  for (auto keep : {false, true}) {
    executor_fixture f;
    f.come_up(node_b);
    f.x.connect({node_b, keep}, f.answer("connect"));
    CHECK_LINES(f.take(), {"connect ok"});
    f.close(node_b);
    f.take();
    f.host.time += seconds{1};
    f.x.on_timer(f.host.wakes.back());
    CHECK(joined(f.take()) == (keep ? "\n  dial 1 b" : ""));
  }
}

TEST_CASE("node executor: disconnect is answered after the last DOWN, and at "
          "once where there is no session") {
  executor_fixture f{slices_of(1)};
  f.x.disconnect({node_b}, f.answer("early"));
  CHECK_LINES(f.take(), {"early ok"});
  f.come_up(node_b);
  f.monitor(f.a1, f.b1);
  f.monitor(f.a1, f.b1);
  f.take();
  f.x.disconnect({node_b}, f.answer("disconnect"));
  CHECK_LINES(f.take(),
              {"resume later", "c98 goodbye s1>7 requested/no_connection",
               "down a1 r0 b1 noconnection"});
  f.x.resume();
  CHECK_LINES(f.take(),
              {"down a1 r1 b1 noconnection", "note nodedown b requested",
               "nodedown b", "disconnect ok"});
}

TEST_CASE("node executor: a sync is answered when the peer has applied all, "
          "and refused without a session") {
  executor_fixture f;
  f.x.sync({node_b}, f.answer("no session"));
  CHECK_LINES(f.take(), {"no session no_connection"});
  f.come_up(node_b);
  f.monitor(f.a1, f.b1);
  f.x.sync({node_b}, f.answer("sync"));
  f.x.sync({node_b}, f.answer("again"));
  CHECK_LINES(f.take(),
              {"c98 frame s1>7 #1 ack 0", "c98 probe s1>7", "c98 probe s1>7"});
  // Each has a token of its own.
  f.arrive(node_b, probe_reply{f.numbers(node_b), 3, 0});
  CHECK_LINES(f.take(), {"again ok"});
  f.arrive(node_b, probe_reply{f.numbers(node_b), 2, 0});
  CHECK_LINES(f.take(), {"sync ok"});
}

TEST_CASE("node executor: ticks that a peer has missed are noted") {
  executor_fixture f;
  f.come_up(node_b);
  lines seen;
  for (auto i = 0; i < 8 && seen.empty(); ++i) {
    f.host.time = std::max(f.host.time, f.host.wakes.back());
    f.x.on_timer(f.host.wakes.back());
    for (const auto& x : f.take())
      if (x.find("missed") != std::string::npos)
        seen.push_back(x);
  }
  CHECK_LINES(seen, {"note ticks_missed b 1"});
}

// -- the end ------------------------------------------------------------------

TEST_CASE("node executor: stop applies what was requested, refuses those who "
          "wait, says goodbye, and is answered before the host is told") {
  full_peer f;
  f.monitor(f.a1, f.b1, "slow");
  f.x.connect({node_c}, f.answer("connect"));
  f.request_monitor(f.a2, f.a3);
  f.processes.processes.end(3);
  CHECK(f.threads.process_exited(f.a3, atom("boom")) == errc::none);
  f.take();
  f.x.stop(f.answer("stop"));
  CHECK_LINES(f.take(),
              {"down a2 r1 a3 boom", "c98 goodbye s1>7 shutdown/shutdown",
               "connect shutdown", "slow shutdown"});
  f.arrive(node_b, goodbye_ack{f.numbers(node_b)});
  CHECK_LINES(f.take(), {"hang_up c98", "stop ok", "stopped"});
  CHECK_FALSE(f.threads.is_connected(node_b));
}

TEST_CASE("node executor: a node without sessions stops at once") {
  executor_fixture f;
  f.x.stop(f.answer("stop"));
  CHECK_LINES(f.take(), {"stop ok", "stopped"});
}

TEST_CASE("node executor: one that is abandoned answers all who wait but who "
          "wants it stopped, and takes no more requests") {
  full_peer f;
  f.monitor(f.a1, f.b1, "slow");
  f.x.connect({node_c}, f.answer("connect"));
  f.x.sync({node_b}, f.answer("sync"));
  f.take();
  f.x.abandon();
  CHECK_LINES(f.take(), {"connect shutdown", "sync shutdown", "slow shutdown"});
  CHECK(f.threads.try_monitor(f.a1, f.a2).code() == errc::shutdown);
  full_peer g;
  auto holder = std::make_shared<int>();
  g.x.stop(completion<unit>{[&g, holder](const result<unit>&) {
    g.log.emplace_back("stop answered");
  }});
  g.take();
  g.x.abandon();
  CHECK_LINES(g.take(), {});
  CHECK(holder.use_count() == 1);
}
