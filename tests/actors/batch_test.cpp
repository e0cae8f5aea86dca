// Requests of a runtime's threads reach the control plane in slices, and leave
// in batches: what the boundaries of both must not change.

#include "tests/actors/runtime_world.hpp"

using namespace vigil;
using namespace vigil::test;

namespace {

/// The threads of a runtime on node a, with a session to b, and a control plane
/// that runs only when told.
struct sliced_world : runtime_world {
  using runtime_world::monitor;

  explicit sliced_world(size_t max_backlog = 1024 * 1024)
    : runtime_world(max_backlog) {
    b.come_up();
    runtime.take();
    runtime.on_deliver = [this](const down_notice& x) {
      downs.push_back(brief(x.message.ref) + ' ' + to_string(x.message.reason));
    };
  }

  void monitor(const pid& watcher, const target& object, size_t times) {
    for (size_t i = 0; i < times; ++i)
      monitor(watcher, object);
  }

  void end(uint32_t number, std::string_view reason) {
    runtime.processes.end(number);
    CHECK(threads.process_exited(proc(node_a, number), atom(reason))
          == errc::none);
  }

  /// Lets the control plane take one message: a slice, if some wait.
  void run_slice() {
    REQUIRE(coordinator.try_run_once());
  }

  lines heard() {
    return heard(b);
  }

  /// Returns the control messages that a peer has got, without their frames.
  static lines heard(hand_played_peer& peer) {
    lines result;
    for (const auto& line : peer.take()) {
      auto rest = std::string_view{line};
      for (auto i = rest.find(" | "); i != rest.npos; i = rest.find(" | ")) {
        rest.remove_prefix(i + 3);
        result.emplace_back(rest.substr(0, rest.find(" | ")));
      }
      if (line.substr(0, 6) == "probe ")
        result.emplace_back("probe");
    }
    return result;
  }

  /// `before rN after` for each N from `first` to `last`.
  static lines rows(const std::string& before, uint64_t first, uint64_t last,
                    const std::string& after = {}) {
    lines result;
    for (auto number = first; number <= last; ++number)
      result.emplace_back(before)
        .append("r")
        .append(std::to_string(number))
        .append(after);
    return result;
  }

  /// Each DOWN that was delivered, its reference and reason.
  lines downs;
  hand_played_peer b{*this, node_b, 1};
};

lines operator+(lines x, const lines& y) {
  x.insert(x.end(), y.begin(), y.end());
  return x;
}

} // namespace

TEST_CASE("an end waits for the monitors before it though they are of the next "
          "slice") {
  sliced_world w;
  w.monitor(w.a1, w.b1, request_slice);
  auto last = w.monitor(w.a1, w.b1);
  CHECK(last == ref(request_slice));
  CHECK(w.demonitor(w.a1, ref(0)));
  w.run();
  w.end(1, "boom");
  w.run();
  CHECK_LINES(w.heard(), (w.rows("MONITOR_P a1 b1 ", 0, request_slice)
                          + lines{"DEMONITOR_P a1 b1 r0"}
                          + w.rows("DEMONITOR_P a1 b1 ", 1, request_slice)));
  CHECK(w.count("outbound") == 0);
  CHECK(w.downs.empty());
  CHECK(w.front->gate.size() == 0);
}

TEST_CASE("a process that ends while its monitors wait for the next slice "
          "leaves none of them") {
  sliced_world w;
  w.monitor(w.a2, w.b1, request_slice);
  w.monitor(w.a1, w.b1, request_slice);
  w.run_slice();
  w.end(1, "boom");
  w.run();
  // It was dead when its requests were looked at.
  CHECK_LINES(w.heard(), (w.rows("MONITOR_P a2 b1 ", 0, request_slice - 1)));
  CHECK(w.count("outbound") == request_slice);
  CHECK(w.front->gate.size() == request_slice);
}

TEST_CASE("a local target whose exit waits for the next slice gives its reason "
          "to a monitor of the slice before") {
  sliced_world w;
  w.monitor(w.a1, w.a2);
  w.monitor(w.a1, w.b1, request_slice);
  w.run_slice();
  w.end(2, "boom");
  w.run();
  CHECK_LINES(w.downs, {"r0 boom"});
}

TEST_CASE("a local target that ends before the slice of its monitor gives its "
          "reason, once") {
  sliced_world w;
  w.monitor(w.a1, w.b1, request_slice);
  auto x = w.monitor(w.a1, w.a2);
  w.run_slice();
  w.end(2, "boom");
  w.run();
  CHECK_LINES(w.downs, {brief(x) + " boom"});
  CHECK(w.front->gate.size() == request_slice);
}

TEST_CASE("sync comes after everything that waits for later slices") {
  sliced_world w;
  // Each slice fills a frame.
  constexpr auto alone = frame_window - 4;
  for (uint64_t i = 0; i < alone; ++i) {
    w.monitor(w.a1, w.b1);
    w.run();
  }
  w.monitor(w.a1, w.b1, 4 * request_slice);
  w.run_slice();
  w.monitor(w.a1, w.b1, request_slice);
  CHECK(w.demonitor(w.a1, ref(0)));
  caf::anon_send(w.plane, sync_request{node_b});
  w.run();
  // The window is closed by now.
  auto heard = w.heard();
  CHECK(heard.back() != "probe");
  w.b.acknowledge();
  w.run();
  CHECK_LINES(heard + w.heard(),
              (w.rows("MONITOR_P a1 b1 ", 0, alone + 5 * request_slice - 1)
               + lines{"DEMONITOR_P a1 b1 r0", "probe"}));
}

TEST_CASE("a session that is lost with a batch half out and half in the queue "
          "ends what has left and leaves the rest to the next") {
  sliced_world w;
  // The window is closed, what leaves now waits in the session.
  for (uint64_t i = 0; i < frame_window; ++i) {
    w.monitor(w.a1, w.b1);
    w.run();
  }
  CHECK(w.heard().size() == frame_window);
  w.b.send_unread(monitor_p_exit{w.b1, w.a1, ref(5), atom("boom")});
  CHECK_LINES(w.downs, {"r5 boom"});
  w.monitor(w.a1, w.b1, 4 * request_slice);
  w.run_slice();
  CHECK(w.demonitor(w.a1, ref(3)));
  w.b.close_later();
  w.run();
  // One slice before the loss, and the one whose turn came first.
  auto out = frame_window + 2 * request_slice;
  CHECK(w.heard().empty());
  auto expected = lines{"r5 boom"};
  for (const auto& line : w.rows("", 0, out - 1, " noconnection"))
    if (line.substr(0, 3) != "r3 " && line.substr(0, 3) != "r5 ")
      expected.push_back(line);
  CHECK_LINES(w.downs, (expected));
  CHECK(w.runtime.take().back() == "nodedown b closed");
  auto left = 2 * request_slice;
  CHECK(w.count("outbound") == left);
  CHECK(w.front->gate.size() == left);
  hand_played_peer again{w, node_b, 2};
  again.answer_and_come_up();
  CHECK_LINES(w.heard(again),
              (w.rows("MONITOR_P a1 b1 ", out, out + left - 1)));
  CHECK(w.downs.size() == expected.size());
}

TEST_CASE("a backlog that becomes full in the middle of a slice takes the rest "
          "of it and then no more") {
  for (std::string_view way_out : {"acknowledged", "lost", "stopped"}) {
    CAPTURE(way_out);
    sliced_world w{200};
    w.monitor(w.a1, w.b1, 100);
    w.monitor(w.a1, w.a2);
    w.run();
    CHECK_LINES(w.heard(), (w.rows("MONITOR_P a1 b1 ", 0, 99)));
    auto open = w.front->gate.size();
    CHECK(w.threads.try_monitor(w.a1, w.b1).code() == errc::busy);
    CHECK(w.threads.monitor_connected(w.a1, w.b1).code() == errc::busy);
    CHECK(w.front->gate.size() == open);
    std::vector<std::shared_ptr<std::string>> callers;
    callers.reserve(3);
    for (auto i = 0; i < 3; ++i)
      callers.push_back(w.ask<reference>(monitor_request{w.b1, w.a1}));
    for (const auto& caller : callers)
      CHECK(*caller == "waiting");
    // What ends a monitor is not held up.
    CHECK(w.demonitor(w.a1, ref(3)));
    w.end(2, "boom");
    w.run();
    CHECK_LINES(w.downs, {"r100 boom"});
    CHECK_LINES(w.heard(), {"DEMONITOR_P a1 b1 r3"});
    w.downs.clear();
    size_t left = 99;
    if (way_out == "acknowledged") {
      w.b.acknowledge();
      CHECK_LINES(w.heard(), {"MONITOR_P a1 b1 r103", "MONITOR_P a1 b1 r104",
                              "MONITOR_P a1 b1 r105"});
      CHECK(joined({*callers[0], *callers[1], *callers[2]})
            == joined({"r103", "r104", "r105"}));
      w.end(1, "boom");
      w.run();
      left = 0;
    } else if (way_out == "lost") {
      w.b.close();
      CHECK(joined({*callers[0], *callers[1], *callers[2]})
            == joined({"r103", "r104", "r105"}));
      CHECK(w.downs.size() == left);
      CHECK(w.downs.back() == "r99 noconnection");
      REQUIRE(!w.connector_notes->dials.empty());
      w.tell(dial_failure{w.connector_notes->dials.back().dial,
                          {errc::refused, {}}});
      CHECK(w.downs.size() == left + 3);
      left = 0;
    } else {
      auto stopped = w.ask<unit>(stop_order{});
      CHECK(joined({*callers[0], *callers[1], *callers[2]})
            == joined({"shutdown", "shutdown", "shutdown"}));
      w.advance(seconds{1});
      CHECK(*stopped == "ok");
      CHECK(w.downs.empty());
    }
    CHECK(w.front->gate.size() == left);
  }
}
