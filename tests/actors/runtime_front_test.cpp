// The front through which a runtime's own threads use a node: real nodes on
// loopback, real threads.

#include <vigil/node.hpp>
#include "tests/actors/loopback.hpp"

#include <atomic>
#include <future>
#include <random>
#include <thread>

using namespace vigil;
using namespace vigil::test;

namespace {

/// Ends a monitor; returns what the caller is told.
std::string demonitor(loopback_node& x, const pid& watcher, reference ref,
                      bool flush = false) {
  auto found = x.front.demonitor(watcher, ref, {flush});
  if (!found)
    return std::string{to_string(found.code())};
  return *found ? "true" : "false";
}

} // namespace

TEST_CASE("a front knows its node and never gives a pid twice") {
  loopback_node a{node_a};
  CHECK(a.front.self() == node_a);
  CHECK(a.front.life() == a.impl->life());
  auto first = a.front.new_pid();
  CHECK(valid(first));
  CHECK(first != a.front.new_pid());
}

TEST_CASE("monitors of foreign watchers and of no target are refused") {
  loopback_node a{node_a};
  auto watcher = a.spawn();
  CHECK(a.front.monitor(proc(node_b, 1), watcher).code() == errc::noproc);
  auto former = watcher;
  former.life = creation{to_integer(watcher.life) ^ 1};
  CHECK(a.front.monitor(former, watcher).code() == errc::noproc);
  CHECK(a.front.process_exited(former, atom("boom")) == errc::noproc);
  auto none = pid{watcher.node, watcher.life, 0};
  CHECK(a.front.monitor(none, watcher).code() == errc::noproc);
  CHECK(a.front.monitor(watcher, pid{}).code() == errc::bad_argument);
  CHECK(a.front.monitor(watcher, named_target{}).code() == errc::bad_argument);
}

TEST_CASE("monitor returns at once and an unreachable node ends it") {
  loopback_node a{node_a};
  auto watcher = a.spawn();
  reference ref{};
  stopwatch time;
  ref = a.front.monitor(watcher, proc(node_b, 1)).value();
  CHECK(ref == first_reference);
  REQUIRE(a.runtime.wait_for_downs(1));
  auto x = a.runtime.downs()[0];
  CHECK(x.watcher == watcher);
  CHECK(x.message.ref == ref);
  CHECK(x.message.object == target{proc(node_b, 1)});
  CHECK(x.message.reason == exit_reason::noconnection());
}

TEST_CASE("monitor_connected of an unreachable node leaves no record") {
  loopback_node a{node_a};
  auto watcher = a.spawn();
  CHECK(a.front.monitor_connected(watcher, proc(node_b, 1)).code()
        == errc::no_connection);
  auto list = a.front.monitors(watcher).value();
  CHECK(list.monitors.empty());
  auto counters = a.front.stats().value();
  for (const auto& [name, value] : counters.values)
    if (name == "dials" || name == "outbound")
      CHECK(value == 0);
}

TEST_CASE("two nodes watch each other by pid and by name") {
  loopback_node a{node_a};
  loopback_node b{node_b};
  a.knows(b);
  auto watcher = a.spawn();
  auto worker = b.front.new_pid();
  b.runtime.spawn(worker, process_name::parse("db"));
  CHECK(a.front.connect(node_b).code() == errc::none);
  CHECK(a.front.is_connected(node_b));
  auto nodes = a.front.nodes().value();
  CHECK(nodes.nodes == std::vector{node_b});
  CHECK(a.front.monitor_connected(watcher, worker));
  CHECK(a.front.monitor(watcher, named("db", node_b)));
  b.wait_for_watchers(worker, 2);
  auto list = a.front.monitors(watcher).value();
  REQUIRE(list.monitors.size() == 2);
  CHECK(list.monitors[1].object == named("db", node_b));
  b.end(worker, "boom");
  REQUIRE(a.runtime.wait_for_downs(2));
  CHECK(to_string(a.runtime.downs()[0].message.reason) == "boom");
  CHECK(a.runtime.downs()[1].message.object == named("db", node_b));
}

TEST_CASE("demonitor in time finds the monitor and too late does not") {
  loopback_node a{node_a};
  auto watcher = a.spawn();
  auto other = a.spawn();
  auto worker = a.spawn();
  reference early{};
  reference late{};
  early = a.front.monitor(watcher, worker).value();
  late = a.front.monitor(watcher, worker).value();
  a.wait_for_watchers(worker, 2);
  CHECK(demonitor(a, other, early) == "false");
  CHECK(demonitor(a, watcher, early) == "true");
  CHECK(demonitor(a, watcher, early) == "false");
  a.end(worker, "boom");
  REQUIRE(a.runtime.wait_for_downs(1));
  CHECK(demonitor(a, watcher, late) == "false");
  CHECK_LINES(a.runtime.events(), {"down boom"});
}

TEST_CASE("flush removes a DOWN only where there may be one, on the caller's "
          "thread") {
  loopback_node a{node_a};
  auto watcher = a.spawn();
  auto worker = a.spawn();
  reference live{};
  reference ended{};
  live = a.front.monitor(watcher, worker).value();
  CHECK(demonitor(a, watcher, live, true) == "true");
  CHECK(a.runtime.events().empty());
  ended = a.front.monitor(watcher, worker).value();
  a.wait_for_watchers(worker, 1);
  a.end(worker, "boom");
  REQUIRE(a.runtime.wait_for_downs(1));
  CHECK(demonitor(a, watcher, ended, false) == "false");
  CHECK(demonitor(a, watcher, ended, true) == "false");
  // Noted before the call returned.
  CHECK_LINES(a.runtime.events(), {"down boom", "remove"});
}

TEST_CASE("demonitor waits for the delivery of that DOWN and no other") {
  loopback_node a{node_a};
  auto watcher = a.spawn();
  auto worker = a.spawn();
  reference ref{};
  reference other{};
  std::promise<void> delivering;
  std::promise<void> go_on;
  a.runtime.on_deliver = [&](const down_notice&) {
    delivering.set_value();
    go_on.get_future().wait();
  };
  ref = a.front.monitor(watcher, worker).value();
  other = a.front.monitor(watcher, a.spawn()).value();
  a.end(worker, "boom");
  delivering.get_future().wait();
  CHECK(demonitor(a, watcher, other) == "true");
  auto late = std::async(std::launch::async,
                         [&] { return demonitor(a, watcher, ref); });
  CHECK(late.wait_for(milliseconds{50}) == std::future_status::timeout);
  go_on.set_value();
  CHECK(late.get() == "false");
  CHECK(a.runtime.downs().size() == 1);
}

TEST_CASE("a callback may demonitor the very DOWN that is being delivered") {
  loopback_node a{node_a};
  auto watcher = a.spawn();
  auto worker = a.spawn();
  std::string seen;
  errc connected{};
  a.runtime.on_deliver = [&](const down_notice& x) {
    seen = demonitor(a, x.watcher, x.message.ref);
    connected = a.front.connect(node_b).code();
  };
  CHECK(a.front.monitor(watcher, worker));
  a.end(worker, "boom");
  REQUIRE(a.runtime.wait_for_downs(1));
  CHECK(seen == "false");
  CHECK(connected == errc::busy);
}

TEST_CASE("after stop every call returns shutdown and nobody is called") {
  loopback_node a{node_a};
  auto watcher = a.spawn();
  auto worker = a.spawn();
  auto live = a.front.monitor(watcher, worker).value();
  a.impl->stop();
  auto before = a.runtime.events();
  CHECK(a.front.monitor(watcher, worker).code() == errc::shutdown);
  CHECK(a.front.try_monitor(watcher, worker).code() == errc::shutdown);
  CHECK(a.front.monitor_connected(watcher, worker).code() == errc::shutdown);
  CHECK(demonitor(a, watcher, live, true) == "shutdown");
  CHECK(demonitor(a, watcher, live, true) == "shutdown");
  CHECK(demonitor(a, watcher, live) == "shutdown");
  CHECK(a.front.process_exited(worker, atom("boom")) == errc::shutdown);
  CHECK(a.front.connect(node_b).code() == errc::shutdown);
  CHECK(a.front.disconnect(node_b) == errc::shutdown);
  CHECK(a.front.nodes().code() == errc::shutdown);
  CHECK(a.front.monitors(watcher).code() == errc::shutdown);
  CHECK(a.front.monitored_by(worker).code() == errc::shutdown);
  CHECK(a.front.stats().code() == errc::shutdown);
  CHECK(joined(a.runtime.events()) == joined(before));
  CHECK(valid(a.front.new_pid()));
}

TEST_CASE("a front outlives its node") {
  auto a = std::make_unique<loopback_node>(node_a);
  auto watcher = a->spawn();
  auto front = a->front;
  a.reset();
  CHECK(front.self() == node_a);
  CHECK(front.monitor(watcher, watcher).code() == errc::shutdown);
  CHECK(front.demonitor(watcher, first_reference, {true}).code()
        == errc::shutdown);
  CHECK(front.connect(node_b).code() == errc::shutdown);
  CHECK_FALSE(front.is_connected(node_b));
}

TEST_CASE("stop wakes a caller who waits for a connection") {
  loopback_node a{node_a};
  mute_listener mute;
  a.impl->addresses().add(node_b, {"127.0.0.1", mute.port()});
  auto outcome = std::async(std::launch::async,
                            [&] { return a.front.connect(node_b).code(); });
  // The dial is under way.
  auto fd = mute.accept();
  stopwatch time;
  a.impl->stop();
  CHECK(outcome.get() == errc::shutdown);
  CHECK(time.within(seconds{5}));
  ::close(fd);
}

TEST_CASE("stop wakes a caller who waits in a full queue") {
  loopback_node a{node_a};
  auto watcher = a.spawn();
  // Holds the control plane's thread in a callback, so that the queue fills.
  std::promise<void> delivering;
  std::promise<void> go_on;
  a.runtime.on_deliver = [&, first = true](const down_notice&) mutable {
    if (std::exchange(first, false)) {
      delivering.set_value();
      go_on.get_future().wait();
    }
  };
  CHECK(a.front.monitor(watcher, proc(node_b, 1)));
  delivering.get_future().wait();
  while (a.front.try_monitor(watcher, watcher).code() == errc::none)
    ;
  CHECK(a.front.try_monitor(watcher, watcher).code() == errc::busy);
  auto outcome = std::async(std::launch::async, [&] {
    return a.front.monitor(watcher, watcher).code();
  });
  CHECK(outcome.wait_for(milliseconds{50}) == std::future_status::timeout);
  auto stopping = std::async(std::launch::async, [&] { a.impl->stop(); });
  CHECK(outcome.get() == errc::shutdown);
  go_on.set_value();
  stopping.get();
}

TEST_CASE("a caller who waits in a full queue goes on when there is room") {
  loopback_node a{node_a};
  auto watcher = a.spawn();
  std::promise<void> delivering;
  std::promise<void> go_on;
  a.runtime.on_deliver = [&, first = true](const down_notice&) mutable {
    if (std::exchange(first, false)) {
      delivering.set_value();
      go_on.get_future().wait();
    }
  };
  CHECK(a.front.monitor(watcher, proc(node_b, 1)));
  delivering.get_future().wait();
  while (a.front.try_monitor(watcher, watcher).code() == errc::none)
    ;
  auto outcome = std::async(std::launch::async, [&] {
    return a.front.monitor(watcher, watcher).code();
  });
  go_on.set_value();
  CHECK(outcome.get() == errc::none);
}

TEST_CASE("each reference ends by exactly one of DOWN and demonitor, whatever "
          "the threads do") {
  constexpr int num_threads = 4;
  constexpr int rounds = 300;
  loopback_node a{node_a};
  loopback_node b{node_b};
  a.knows(b);
  CHECK(a.front.connect(node_b).code() == errc::none);
  std::atomic<size_t> granted{0};
  std::atomic<size_t> taken_back{0};
  std::mutex mutex;
  std::set<uint64_t> removed;
  auto hammer = [&](unsigned seed) {
    std::mt19937 random{seed};
    auto watcher = a.spawn();
    for (int i = 0; i < rounds; ++i) {
      auto& side = random() % 2 == 0 ? a : b;
      auto worker = side.spawn();
      std::vector<reference> refs(3);
      for (auto& ref : refs)
        if (auto made = a.front.monitor(watcher, worker)) {
          ref = *made;
          ++granted;
        }
      auto end = [&] { side.end(worker, "boom"); };
      auto early = random() % 2 == 0;
      if (early)
        end();
      for (const auto& ref : refs)
        if (random() % 2 == 0 && demonitor(a, watcher, ref) == "true") {
          ++taken_back;
          std::lock_guard guard{mutex};
          removed.insert(to_integer(ref));
        }
      if (!early)
        end();
    }
  };
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < num_threads; ++i)
    threads.emplace_back(hammer, i);
  for (auto& x : threads)
    x.join();
  CHECK(granted == num_threads * rounds * 3);
  CHECK(taken_back > 0);
  REQUIRE(a.runtime.wait_for_downs(granted - taken_back));
  // A late one would be among these.
  CHECK(b.front.disconnect(node_a) == errc::none);
  REQUIRE(a.runtime.wait_for_event("nodedown b requested"));
  std::set<uint64_t> ended;
  for (const auto& x : a.runtime.downs()) {
    auto number = to_integer(x.message.ref);
    CHECK(ended.insert(number).second);
    CHECK(removed.count(number) == 0);
  }
  CHECK(ended.size() + removed.size() == granted);
  for (auto x : {&a, &b}) {
    auto counters = x->front.stats().value();
    for (const auto& [name, value] : counters.values)
      if (name == "outbound" || name == "inbound")
        CHECK(value == 0);
  }
}
