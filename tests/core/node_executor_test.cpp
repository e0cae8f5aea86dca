// The executor of one node, without actors: what happens in which order. Whose
// turn it is when is in node_executor_turns_test.cpp, what waits, and for what,
// in node_executor_waiting_test.cpp.

#include "tests/core/executor_fixture.hpp"

using namespace vigil;
using namespace vigil::test;

namespace {

/// Writes down what passes, and takes one kind of effect away.
struct meddling_probe final : executor_probe {
  void before(const core_event& what) override {
    if (std::holds_alternative<event::monitor>(what))
      seen.emplace_back("monitor");
    else if (std::holds_alternative<event::process_exited>(what))
      seen.emplace_back("process_exited");
    else
      seen.emplace_back("other");
  }

  void after(node_effects& effects) override {
    seen.push_back("effects " + std::to_string(effects.local.size()));
    if (on_effects)
      on_effects(effects);
  }

  lines seen;
  std::function<void(node_effects&)> on_effects;
};

} // namespace

// -- order --------------------------------------------------------------------

TEST_CASE("node executor: a session is noted, told to the runtime, used, and "
          "answered") {
  executor_fixture f;
  CHECK(f.monitor(f.a1, f.b1) == "r0");
  f.x.connect({node_b}, f.answer("connect"));
  CHECK_LINES(f.take(), {"dial 1 b"});
  f.host.time += milliseconds{1};
  f.x.step(event::connected{f.host.last_dial, f.connection(node_b)});
  f.sessions[node_b].numbers.receiver = f.host.own_number;
  CHECK_LINES(f.take(), {"c98 hello s1>0 a"});
  f.say_hello(node_b);
  CHECK_LINES(f.take(), {"note nodeup b 1", "nodeup b", "c98 hello s1>7 a",
                         "c98 frame s1>7 #1 ack 0", "connect ok"});
}

TEST_CASE("node executor: a lost session is published as down before the first "
          "of its DOWNs, and noted after the last") {
  executor_fixture f{slices_of(2)};
  f.come_up(node_b);
  for (auto i = 0; i < 3; ++i)
    f.monitor(f.a1, f.b1);
  f.take();
  std::vector<bool> up;
  f.processes.on_deliver = [&] {
    up.push_back(f.threads.is_connected(node_b));
  };
  CHECK(f.threads.is_connected(node_b));
  f.close(node_b);
  CHECK_LINES(f.take(), {"resume later", "down a1 r0 b1 noconnection | a1 r1 "
                                         "b1 noconnection"});
  f.x.resume();
  CHECK_LINES(f.take(), {"down a1 r2 b1 noconnection", "note nodedown b closed",
                         "nodedown b"});
  CHECK(up == std::vector<bool>{false, false});
}

TEST_CASE("node executor: DOWNs that follow each other come in one call, after "
          "what is sent and before the news of a link") {
  meddling_probe probe;
  executor_fixture f{{}, 1024, &probe};
  f.come_up(node_b);
  for (auto watcher : {f.a1, f.a2, f.a2})
    f.monitor(watcher, f.a3);
  f.send(node_b, {monitor_p{f.b1, f.a3, ref(0)}});
  f.take();
  // As if another node came up in the midst of it.
  probe.on_effects = [](node_effects& x) {
    REQUIRE(x.local.size() == 1);
    auto all = std::get<effect::deliver_downs>(x.local.front());
    REQUIRE(all.count == 3);
    x.local = {effect::deliver_downs{all.first, 1},
               effect::node_up{node_c, first_life},
               effect::deliver_downs{all.first + 1, 2}};
  };
  f.exit(3, "boom");
  CHECK_LINES(f.take(), {"down a1 r0 a3 boom", "note nodeup c 1", "nodeup c",
                         "c98 frame s1>7 #1 ack 1",
                         "down a2 r1 a3 boom | a2 r2 a3 boom"});
}

TEST_CASE(
  "node executor: a DOWN is claimed just before its delivery, so that a "
  "demonitor wins until then and not later") {
  executor_fixture f;
  f.come_up(node_b);
  for (auto i = 0; i < 3; ++i)
    f.request_monitor(f.a1, f.a3);
  f.x.on_requests();
  f.send(node_b, {monitor_p{f.b1, f.a3, ref(0)}});
  f.take();
  // All three DOWNs of this step are gathered by then.
  f.host.on_transmit = [&] { CHECK(f.request_demonitor(f.a1, ref(1))); };
  f.processes.on_deliver = [&] {
    CHECK_FALSE(f.request_demonitor(f.a1, ref(2)));
  };
  f.exit(3, "boom");
  CHECK_LINES(f.take(), {"c98 frame s1>7 #1 ack 1",
                         "down a1 r0 a3 boom | a1 r2 a3 boom", "slice later"});
  CHECK(f.front.gate.size() == 0);
  f.x.on_slice();
  CHECK(f.count("downs") == 2);
  CHECK(f.count("downs_demonitored") == 1);
  CHECK(f.count("demonitors") == 1);
}

TEST_CASE("node executor: the runtime is in a callback when it is called, the "
          "host is not") {
  executor_fixture f;
  lines seen;
  auto look = [&](std::string who) {
    seen.push_back(std::move(who) + (in_callback() ? " callback" : " no"));
  };
  f.processes.on_deliver = [&] { look("deliver"); };
  f.processes.on_event = [&] { look("event"); };
  f.host.on_transmit = [&] { look("transmit"); };
  f.say_hello(node_b);
  f.sessions[node_b].numbers.receiver = f.host.own_number;
  f.say_hello(node_b);
  f.monitor(f.a1, f.a2);
  f.exit(2, "boom");
  CHECK_LINES(seen, {"transmit no", "event callback", "deliver callback"});
  CHECK_FALSE(in_callback());
}

TEST_CASE("node executor: a connection that could not be made is noted before "
          "its caller is told, and after the DOWNs") {
  executor_fixture f;
  f.monitor(f.a1, f.b1);
  f.x.connect({node_b}, f.answer("connect"));
  f.take();
  f.x.step(event::dial_failed{f.host.last_dial, {errc::refused, {}}});
  CHECK_LINES(f.take(), {"down a1 r0 b1 noconnection",
                         "note connect_failed b refused", "connect refused"});
}

TEST_CASE("node executor: what was said over a link by others leaves when they "
          "say so") {
  executor_fixture f;
  f.come_up(node_b);
  f.x.core().links().send(node_b, demonitor_p{f.a1, f.b1, ref(0)});
  CHECK_LINES(f.take(), {});
  auto steps = f.host.steps;
  f.x.on_links();
  CHECK_LINES(f.take(), {"c98 frame s1>7 #1 ack 0"});
  CHECK(f.host.steps == steps + 1);
}

// -- references ---------------------------------------------------------------

TEST_CASE("node executor: a request that cannot be granted leaves nothing at "
          "the gate, and one that ends at once was granted") {
  executor_fixture f;
  CHECK(f.monitor(f.a1, pid{}) == "bad_argument");
  CHECK(f.monitor(proc(node_a, 9), f.a1) == "noproc");
  CHECK(f.front.gate.size() == 0);
  // Oneself, and a target that is not there.
  CHECK(f.monitor(f.a1, f.a1) == "r1");
  CHECK(f.monitor(f.a1, proc(node_a, 9)) == "r2");
  CHECK(f.front.gate.size() == 0);
  CHECK_LINES(f.take(), {"down a1 r2 a9 noproc"});
}

TEST_CASE("node executor: a monitor that ends at once is answered before its "
          "DOWN") {
  executor_fixture f;
  f.x.monitor({proc(node_a, 9), f.a1}, f.answer<reference>("monitor"));
  CHECK_LINES(f.take(), {"monitor ok", "down a1 r0 a9 noproc"});
}

TEST_CASE("node executor: only the watcher ends a monitor, once") {
  executor_fixture f;
  CHECK(f.monitor(f.a1, f.a2) == "r0");
  CHECK_FALSE(f.demonitor(f.a2, ref(0)));
  CHECK(f.demonitor(f.a1, ref(0)));
  CHECK_FALSE(f.demonitor(f.a1, ref(0)));
  f.exit(2, "boom");
  CHECK_LINES(f.take(), {});
}

// -- wake-ups -----------------------------------------------------------------

TEST_CASE("node executor: an earlier wake-up supersedes the one before, which "
          "comes for nothing") {
  executor_fixture f;
  f.x.connect({node_b}, f.answer("connect"));
  f.take();
  REQUIRE(f.host.wakes.size() == 1);
  auto late = f.host.wakes[0];
  // It will be dialled again before.
  f.x.step(event::dial_failed{f.host.last_dial, {errc::closed, {}}});
  REQUIRE(f.host.wakes.size() == 2);
  auto early = f.host.wakes[1];
  CHECK(early < late);
  auto steps = f.host.steps;
  f.x.on_timer(late);
  CHECK(f.host.steps == steps);
  f.host.time = early;
  f.x.on_timer(early);
  CHECK(f.host.steps == steps + 1);
  CHECK_LINES(f.take(), {"dial 2 b"});
  // It has come; it does not come twice.
  f.x.on_timer(early);
  CHECK(f.host.steps == steps + 1);
}

TEST_CASE("node executor: a later wake-up is not ordered while an earlier one "
          "is on its way") {
  executor_fixture f;
  f.come_up(node_b);
  auto ordered = f.host.wakes.size();
  f.host.time += milliseconds{1};
  f.monitor(f.a1, f.b1);
  f.x.connect({node_c}, f.answer("connect"));
  CHECK(f.host.wakes.size() == ordered);
}

// -- probes -------------------------------------------------------------------

TEST_CASE("node executor: a probe sees each event and all effects of a step, "
          "and what it takes away does not happen") {
  meddling_probe probe;
  executor_fixture f{{}, 1024, &probe};
  f.request_monitor(f.a1, f.a2);
  f.request_monitor(f.a1, f.a3);
  f.x.on_requests();
  CHECK_LINES(probe.seen, {"monitor", "monitor", "effects 0"});
  probe.seen.clear();
  probe.on_effects = [&](node_effects& x) {
    // The core has decided, and nothing has happened.
    CHECK_LINES(f.take(), {});
    x.clear();
  };
  f.exit(2, "boom");
  CHECK_LINES(probe.seen, {"process_exited", "effects 1"});
  CHECK_LINES(f.take(), {});
  CHECK(f.front.gate.size() == 2);
  probe.on_effects = nullptr;
  f.exit(3, "boom");
  CHECK_LINES(f.take(), {"down a1 r1 a3 boom"});
}

TEST_CASE("node executor: a sync waits for the monitors that wait for their "
          "turn to be sent") {
  executor_fixture f{slices_of(2)};
  for (int i = 0; i < 5; ++i)
    f.monitor(f.a1, f.b1);
  f.x.sync({node_b}, f.answer("sync"));
  auto asks = [&] {
    auto told = f.take();
    return std::any_of(told.begin(), told.end(), [](const auto& x) {
      return x.find("probe") != std::string::npos;
    });
  };
  f.host.own_number = {};
  f.say_hello(node_b);
  f.sessions[node_b].numbers.receiver = f.host.own_number;
  f.say_hello(node_b);
  CHECK(f.x.core().plane().is_up(node_b));
  CHECK_FALSE(asks());
  f.x.resume();
  CHECK_FALSE(asks());
  f.x.resume();
  CHECK(asks());
}
