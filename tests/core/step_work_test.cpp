// How much one step does, of deeds whose size others decide.

#include <vigil/core/control_driver.hpp>
#include <vigil/core/recording_transport.hpp>
#include <vigil/core/work_meter.hpp>
#include "tests/core/star.hpp"

#include <algorithm>
#include <string>
#include <utility>

using namespace vigil;
using namespace vigil::test;

namespace {

constexpr uint64_t many = 20'000;

/// A control plane whose steps have a share of work, which is added up.
struct worker {
  explicit worker(size_t work) : share(4 * work) {
    processes.spawn(1);
    processes.spawn(2);
  }

  void step(const control_event& what) {
    meter.start(share);
    driver.step(what, processes, [](const auto&) {
      // It may do with it what it wants.
    });
    total += meter.done();
    most = std::max(most, meter.done());
    ++steps;
    num_sent += carrier.take().size();
  }

  /// From now on work counts.
  void begin() {
    total = most = steps = num_sent = 0;
  }

  void finish() {
    while (!x.settled())
      step(event::resume{});
  }

  void deed(const control_event& what) {
    begin();
    step(what);
    finish();
  }

  void monitors_of_b(const pid& watcher) {
    for (uint64_t i = 0; i < many; ++i)
      step(event::monitor{watcher, proc(node_b, 1), ref(i)});
  }

  const size_t share;
  size_t total = 0;
  size_t most = 0;
  size_t steps = 0;
  size_t num_sent = 0;
  work_meter meter;
  processes_stub processes{node_a};
  control_limits limits{10'000'000, share};
  control_plane x{node_a, first_life, limits, &meter};
  recording_transport carrier;
  control_driver driver{x, carrier};
};

/// Something large, after which nothing is left to do.
using deed = void (*)(worker&);

void holder_ends(worker& w) {
  w.step(event::link_up{node_b, first_life});
  w.monitors_of_b(proc(node_a, 1));
  w.processes.end(1);
  w.deed(event::process_exited{proc(node_a, 1), atom("boom")});
}

void watched_ends(worker& w) {
  w.step(event::link_up{node_b, first_life});
  for (uint64_t i = 0; i < many; ++i)
    w.step(event::received{node_b, monitor_p{proc(node_b, 1), proc(node_a, 1),
                                             ref(i)}});
  w.processes.end(1);
  w.deed(event::process_exited{proc(node_a, 1), atom("boom")});
}

void watched_ends_here(worker& w) {
  for (uint64_t i = 0; i < many; ++i)
    w.step(event::monitor{proc(node_a, 2), proc(node_a, 1), ref(i)});
  w.processes.end(1);
  w.deed(event::process_exited{proc(node_a, 1), atom("boom")});
}

void stop_meets_an_end(worker& w) {
  for (uint64_t i = 0; i < many; ++i)
    w.step(event::monitor{proc(node_a, 2), proc(node_a, 1), ref(i)});
  w.processes.end(1);
  w.begin();
  w.step(event::process_exited{proc(node_a, 1), atom("boom")});
  w.step(event::stop{});
  w.finish();
}

void link_is_lost(worker& w) {
  watched_ends(w);
  w.processes.spawn(1);
  w.monitors_of_b(proc(node_a, 1));
  w.deed(event::link_down{node_b, down_cause::closed, {}, {}, {}});
}

void link_comes_up(worker& w) {
  w.monitors_of_b(proc(node_a, 1));
  w.deed(event::link_up{node_b, first_life});
}

void link_fails(worker& w) {
  w.monitors_of_b(proc(node_a, 1));
  w.deed(event::link_failed{node_b, {errc::refused, {}}});
}

} // namespace

TEST_CASE("step work: a deed takes no more work in slices than in one go, and "
          "no slice more than its share") {
  for (auto what :
       {holder_ends, watched_ends, watched_ends_here, stop_meets_an_end,
        link_is_lost, link_comes_up, link_fails}) {
    worker sliced{500};
    what(sliced);
    worker whole{100 * many};
    what(whole);
    CHECK(whole.steps <= 2);
    CHECK(sliced.steps > many / 500);
    // A watcher of the own node takes half as much again.
    CHECK(sliced.most < 500 + 500 / 2 + 100);
    // Each slice asks for the next, and may look at a page again.
    CHECK(sliced.total <= whole.total + 4 * sliced.steps);
    CHECK(sliced.num_sent == whole.num_sent);
  }
}

TEST_CASE("step work: what is not part of a loss is not looked at again and "
          "again") {
  // They are made while the first is still ending, for the next link.
  worker w{500};
  w.step(event::link_up{node_b, first_life});
  w.monitors_of_b(proc(node_a, 1));
  w.step(event::link_down{node_b, down_cause::closed, {}, {}, {}});
  for (uint64_t i = many; i < 4 * many; ++i)
    w.step(event::monitor{proc(node_a, 2), proc(node_b, 2), ref(i)});
  w.deed(event::resume{});
  CHECK(w.most < 500 + 100);
  CHECK(w.total < 2 * many + 4 * many);
  CHECK(w.x.num_outbound() == 3 * many);
}

TEST_CASE(
  "step work: a large reason that many nodes are owed leaves a frame at "
  "a time") {
  constexpr size_t num_peers = 64;
  star net{num_peers};
  net.connect_all(seconds{1});
  net.hub().processes.spawn(1);
  for (size_t i = 1; i <= num_peers; ++i) {
    net.peer(i).processes.spawn(1);
    net.step(i,
             event::monitor{proc(star::name(i), 1), proc(node_a, 1), ref(i)});
  }
  net.take();
  size_t most = 0;
  size_t in_all = 0;
  net.on_hub_step = [&](const node_effects& effects) {
    size_t now = 0;
    for (const auto& x : effects.network)
      if (auto message = std::get_if<effect::transmit>(&x))
        if (auto content = std::get_if<frame>(&message->message))
          now += content->bytes.size();
    most = std::max(most, now);
    in_all += now;
    CHECK(net.hub().core.work() <= max_step_work);
  };
  auto reason = exit_reason::binary(std::string(1'000'000, 'x'));
  net.hub().processes.end(1);
  net.step(0, event::process_exited{proc(node_a, 1), reason});
  CHECK(net.take().size() == num_peers);
  CHECK(most < 2 * 1'000'100);
  CHECK(in_all > num_peers * 1'000'000);
}

TEST_CASE("step work: who owes large reasons leaves the others their turn") {
  star net{3};
  net.connect_all(seconds{1});
  net.hub().processes.spawn(2);
  net.peer(3).processes.spawn(1);
  net.step(3, event::monitor{proc(star::name(3), 1), proc(node_a, 2), ref(1)});
  for (uint32_t i = 10; i < 16; ++i) {
    net.hub().processes.spawn(i);
    for (size_t peer = 1; peer <= 2; ++peer) {
      if (i == 10)
        net.peer(peer).processes.spawn(1);
      net.step(peer, event::monitor{proc(star::name(peer), 1), proc(node_a, i),
                                    ref(i)});
    }
  }
  net.take();
  // Six for each of two peers, in turns, and a small one for the third, which
  // leaves at once.
  std::string order;
  net.on_hub_step = [&](const node_effects& effects) {
    for (const auto& x : effects.network)
      if (auto message = std::get_if<effect::transmit>(&x))
        if (std::holds_alternative<frame>(message->message))
          order += brief(net.at_the_end_of(message->connection)).substr(1);
  };
  for (uint32_t i = 10; i < 16; ++i)
    net.end_at_hub(i, exit_reason::binary(std::string(1'000'000 + i, 'x')));
  net.end_at_hub(2, atom("small"));
  net.deliver();
  CHECK(order == "1212121321212");
}
