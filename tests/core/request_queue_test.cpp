// The queue between a runtime's threads and the control plane, by hand.

#include "src/front/request_queue.hpp"
#include "tests/core/transcript.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <string>

using namespace vigil;
using namespace vigil::test;

namespace {

/// A queue of requests of the process a1 about b1, with a session to b.
struct queue_world {
  queue_world() {
    links.up(node_b);
    queue.on_waiting([this] { ++wakes; });
  }

  errc monitor(uint64_t number, uint32_t watcher = 1) {
    return queue.push_monitor(
      {proc(node_a, watcher), proc(node_b, 1), ref(number)}, false, links);
  }

  void demonitor(uint64_t number, bool may_cancel = false) {
    CHECK(
      queue.push_demonitor({proc(node_a, 1), ref(number)}, may_cancel, links)
      == errc::none);
  }

  void exit(uint32_t number) {
    CHECK(queue.push_exit({proc(node_a, number), exit_reason::normal()})
          == errc::none);
  }

  /// Returns what is consumed, `m`, `d` or `x` and a number each.
  std::string consume(size_t limit = request_queue::no_limit) {
    taken.clear();
    size_t count = 0;
    left = queue.consume(
      limit,
      [&](const auto& x) {
        ++count;
        (*this)(x);
      },
      [&] { return count >= enough; });
    return taken;
  }

  void turn(uint64_t ticket, uint32_t asker = 0, bool prompt = false) {
    queue.push_turn({ticket, asker != 0 ? proc(node_a, asker) : pid{}}, prompt);
  }

  void operator()(const event::monitor& x) {
    note('m', to_integer(x.ref) - to_integer(first_reference));
  }

  void operator()(const event::demonitor& x) {
    note('d', to_integer(x.ref) - to_integer(first_reference));
  }

  void operator()(const event::process_exited& x) {
    note('x', x.process.number);
  }

  void operator()(const request_turn& x) {
    note('t', x.ticket);
  }

  void note(char kind, uint64_t number) {
    if (!taken.empty())
      taken += ' ';
    taken += kind;
    taken += std::to_string(number);
  }

  link_board links;
  request_queue queue{node_a, first_life};
  std::string taken;
  /// How many requests are enough for a slice.
  size_t enough = request_queue::no_limit;
  bool left = false;
  int wakes = 0;
};

} // namespace

TEST_CASE("queue: the requests of one process keep their order") {
  queue_world w;
  CHECK(w.monitor(0) == errc::none);
  CHECK(w.monitor(1) == errc::none);
  w.exit(7);
  CHECK(w.monitor(2) == errc::none);
  w.demonitor(0);
  CHECK(w.monitor(3) == errc::none);
  w.demonitor(1);
  CHECK(w.consume() == "m0 m1 m2 x7 d0 m3 d1");
  CHECK_FALSE(w.left);
  // Nothing of the process waits any more.
  w.exit(8);
  CHECK(w.monitor(4) == errc::none);
  CHECK(w.consume() == "m4 x8");
}

TEST_CASE("queue: a slice takes some of each lane") {
  queue_world w;
  for (uint64_t i = 0; i < 3; ++i)
    CHECK(w.monitor(i) == errc::none);
  for (uint32_t i = 1; i <= 4; ++i)
    w.exit(i);
  // The exits wait for the monitors that were there before them.
  CHECK(w.consume(2) == "m0 m1");
  CHECK(w.left);
  CHECK(w.consume(2) == "m2 x1 x2");
  CHECK(w.left);
  CHECK(w.consume(2) == "x3 x4");
  CHECK_FALSE(w.left);
}

TEST_CASE("queue: a monitor overtakes what others have asked for") {
  queue_world w;
  for (uint32_t i = 1; i <= 3; ++i)
    w.exit(i);
  w.demonitor(0);
  CHECK(w.consume(2) == "x1 x2");
  // One of the process that demonitors may not.
  CHECK(w.monitor(1) == errc::none);
  CHECK(w.monitor(2, 2) == errc::none);
  w.exit(6);
  CHECK(w.consume(2) == "m2 x3 d0");
  CHECK(w.consume(2) == "m1 x6");
  CHECK_FALSE(w.left);
}

TEST_CASE("queue: what is in order waits for a monitor that was left behind") {
  queue_world w;
  w.exit(1);
  for (uint64_t i = 0; i < 3; ++i)
    CHECK(w.monitor(i) == errc::none);
  w.exit(2);
  CHECK(w.consume(1) == "m0 x1");
  w.exit(3);
  CHECK(w.consume(1) == "m1");
  CHECK(w.monitor(3) == errc::none);
  CHECK(w.consume(1) == "m2 x2");
  CHECK(w.consume(1) == "m3 x3");
  CHECK_FALSE(w.left);
}

TEST_CASE(
  "queue: a slice that has had enough ends, but not before it has taken "
  "one of each lane") {
  queue_world w;
  for (uint32_t i = 1; i <= 3; ++i)
    w.exit(i);
  w.consume(1);
  for (uint64_t i = 0; i < 3; ++i)
    CHECK(w.monitor(i) == errc::none);
  w.enough = 2;
  CHECK(w.consume(100) == "m0 m1 x2");
  w.enough = 0;
  CHECK(w.consume(100) == "m2 x3");
  CHECK_FALSE(w.left);
}

TEST_CASE("queue: the turn of a request that is kept elsewhere comes after all "
          "that was there before it") {
  queue_world w;
  w.exit(1);
  w.demonitor(0);
  w.turn(5);
  w.exit(2);
  CHECK(w.monitor(0, 2) == errc::none);
  CHECK(w.consume() == "m0 x1 d0 t5 x2");
}

TEST_CASE("queue: a prompt turn takes the lane of a monitor of its asker") {
  queue_world w;
  w.exit(1);
  w.turn(5, 2, true);
  w.exit(2);
  CHECK(w.consume(2) == "t5 x1 x2");
  w.exit(3);
  w.turn(6, 2);
  w.turn(7, 2, true);
  CHECK(w.monitor(0, 2) == errc::none);
  // All of one process, in its order.
  CHECK(w.consume() == "x3 t6 t7 m0");
  CHECK_FALSE(w.left);
}

TEST_CASE("queue: a turn wakes nobody, takes no room, and comes also once the "
          "queue is closed") {
  queue_world w;
  for (uint64_t i = 0; i <= max_waiting_requests; ++i)
    w.turn(i);
  CHECK(w.wakes == 0);
  CHECK(w.monitor(0) == errc::none);
  w.consume();
  w.queue.close();
  w.turn(5);
  CHECK(w.consume() == "t5");
}

TEST_CASE("queue: more than fits into one of its segments keeps its order") {
  queue_world w;
  uint32_t last = 0;
  uint32_t seen = 0;
  for (auto round = 0; round < 5; ++round) {
    for (auto i = 0; i < 3000; ++i)
      w.exit(++last);
    w.consume(2500);
    std::istringstream in{w.taken};
    for (std::string word; in >> word;)
      REQUIRE(word == 'x' + std::to_string(++seen));
  }
  w.consume();
  std::istringstream in{w.taken};
  for (std::string word; in >> word;)
    REQUIRE(word == 'x' + std::to_string(++seen));
  CHECK(seen == last);
}

TEST_CASE("queue: monitors that are taken but not applied count as waiting") {
  queue_world w;
  w.demonitor(0);
  for (uint64_t i = 1; i <= max_waiting_requests; ++i)
    REQUIRE(w.monitor(i) == errc::none);
  CHECK(w.monitor(0) == errc::busy);
  w.consume(2);
  CHECK(w.monitor(0) == errc::none);
}

TEST_CASE("queue: it wakes once until it has been emptied") {
  queue_world w;
  CHECK(w.monitor(0) == errc::none);
  w.exit(1);
  CHECK(w.wakes == 1);
  w.consume(0);
  CHECK(w.left);
  CHECK(w.monitor(1) == errc::none);
  CHECK(w.wakes == 1);
  w.consume();
  CHECK_FALSE(w.left);
  w.exit(2);
  CHECK(w.wakes == 2);
}

TEST_CASE("queue: pairs that come and go wake once") {
  queue_world w;
  for (uint64_t i = 0; i < 10; ++i) {
    CHECK(w.monitor(i) == errc::none);
    w.demonitor(i, true);
  }
  CHECK(w.wakes == 1);
  CHECK(w.consume() == "");
  CHECK(w.queue.cancelled() == 10);
  CHECK(w.monitor(10) == errc::none);
  CHECK(w.wakes == 2);
}

TEST_CASE("queue: a pair is cancelled only where that is allowed") {
  queue_world w;
  CHECK(w.monitor(0) == errc::none);
  w.demonitor(0, false);
  CHECK(w.consume() == "m0 d0");
  w.links.down(node_b);
  CHECK(w.monitor(1) == errc::none);
  w.demonitor(1, true);
  CHECK(w.consume() == "m1 d1");
  CHECK(w.queue.cancelled() == 0);
}

TEST_CASE("queue: a demonitor looks for its monitor among the last only") {
  queue_world w;
  for (uint64_t i = 0; i <= cancel_depth; ++i)
    CHECK(w.monitor(i) == errc::none);
  w.demonitor(0, true);
  CHECK(w.queue.cancelled() == 0);
  w.demonitor(1, true);
  CHECK(w.queue.cancelled() == 1);
  // One that was taken over has left.
  w.consume(0);
  w.demonitor(cancel_depth, true);
  CHECK(w.queue.cancelled() == 1);
}

TEST_CASE("queue: a cancelled pair makes room") {
  queue_world w;
  for (uint64_t i = 0; i < max_waiting_requests; ++i)
    CHECK(w.monitor(i) == errc::none);
  CHECK(w.monitor(max_waiting_requests) == errc::busy);
  w.demonitor(max_waiting_requests - 1, true);
  CHECK(w.monitor(max_waiting_requests) == errc::none);
}

TEST_CASE("queue: a closed queue refuses everything") {
  queue_world w;
  CHECK(w.monitor(0) == errc::none);
  w.queue.close();
  CHECK(w.monitor(1) == errc::shutdown);
  CHECK(w.queue.push_demonitor({proc(node_a, 1), ref(0)}, true, w.links)
        == errc::shutdown);
  CHECK(w.queue.push_exit({proc(node_a, 1), exit_reason::normal()})
        == errc::shutdown);
  CHECK(w.consume() == "m0");
}

TEST_CASE("queue: a pair is cancelled in the ordered lane as well") {
  queue_world w;
  CHECK(w.monitor(0) == errc::none);
  w.consume();
  w.demonitor(0, true);
  CHECK(w.monitor(1) == errc::none);
  w.demonitor(1, true);
  CHECK(w.queue.cancelled() == 1);
  CHECK(w.consume() == "d0");
  // Its place is free again.
  w.exit(1);
  CHECK(w.monitor(2) == errc::none);
  CHECK(w.consume() == "m2 x1");
}
