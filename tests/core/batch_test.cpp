// What leaves in one step leaves in few frames: what the boundary between two
// of them, and a session that ends among them, must not change.

#include "src/session/frame_codec.hpp"
#include "tests/core/test_network.hpp"

#include <algorithm>

using namespace vigil;
using namespace vigil::test;

namespace {

/// Process b1 has two long names, so that a few monitors fill a frame.
struct batches : two_nodes {
  batches() {
    b.processes.give_name(std::string(200, 'x'), 1);
    b.processes.give_name(std::string(200, 'y'), 1);
    net.connect(a, b);
    frame_encoder encoder{{node_a, first_life, node_b, first_life}};
    while (!encoder.full())
      encoder.add(monitor_p{a1, long_name(++per_frame), ref(per_frame)});
  }

  /// The next is always another, so that each is written in full.
  static target long_name(uint64_t number) {
    return named(std::string(200, number % 2 == 0 ? 'x' : 'y'), node_b);
  }

  /// Monitors on b1 by its long names, `first` to `last`.
  std::vector<core_event> monitors(uint64_t first, uint64_t last) const {
    std::vector<core_event> result;
    for (auto number = first; number <= last; ++number)
      result.emplace_back(event::monitor{a1, long_name(number), ref(number)});
    return result;
  }

  /// Returns the frames that have left since the last call, a line each: `m`,
  /// `d` or `x` and a number for each message, and the reasons of exits.
  lines sent_by(const test_node& x) {
    auto& other = &x == &a ? b : a;
    frame_decoder decoder{{x.name(), first_life, other.name(), first_life}};
    lines result;
    for (const auto& payload : std::exchange(net.payloads, {})) {
      std::vector<control_message> messages;
      REQUIRE(decoder.decode(payload, messages));
      std::string frame;
      for (const auto& message : messages)
        frame += (frame.empty() ? "" : " ") + std::visit(letter{}, message);
      result.push_back(frame);
    }
    return result;
  }

  struct letter {
    std::string operator()(const monitor_p& x) const {
      return "m" + brief(x.ref).substr(1);
    }

    std::string operator()(const demonitor_p& x) const {
      return "d" + brief(x.ref).substr(1);
    }

    std::string operator()(const monitor_p_exit& x) const {
      return "x" + brief(x.ref).substr(1) + ":" + to_string(x.reason);
    }
  };

  /// `m1 m2 m3`, and the like with `suffix`.
  static std::string row(char kind, uint64_t first, uint64_t last,
                         const std::string& suffix = {}) {
    std::string result;
    for (auto number = first; number <= last; ++number)
      result += (result.empty() ? "" : " ")
                + (kind + std::to_string(number) + suffix);
    return result;
  }

  /// DOWNs of monitors by long names, but for some.
  lines downs(uint64_t first, uint64_t last, const std::string& reason,
              const std::set<uint64_t>& but = {}) const {
    lines result;
    for (auto number = first; number <= last; ++number)
      if (but.count(number) == 0)
        result.push_back("down a1 r" + std::to_string(number) + " "
                         + brief(long_name(number)) + " " + reason);
    return result;
  }

  uint64_t per_frame = 0;
};

lines operator+(lines x, const lines& y) {
  x.insert(x.end(), y.begin(), y.end());
  return x;
}

} // namespace

TEST_CASE_FIXTURE(batches, "batch: the monitor that fills a frame comes before "
                           "its demonitor, the first of the next") {
  auto slice = monitors(1, per_frame);
  slice.emplace_back(event::demonitor{a1, ref(per_frame)});
  net.step_all(a, slice);
  CHECK_LINES(sent_by(a),
              {row('m', 1, per_frame), "d" + std::to_string(per_frame)});
  net.run();
  CHECK(b.plane().num_inbound() == per_frame - 1);
  CHECK(b.core.plane().counters().crossings == 0);
  check_agreement();
}

TEST_CASE_FIXTURE(batches, "batch: a watcher that ends behind the boundary of "
                           "a frame ends what it monitored before it") {
  auto slice = monitors(1, per_frame - 1);
  slice.emplace_back(event::monitor{a2, long_name(per_frame), ref(per_frame)});
  slice.emplace_back(event::process_exited{a2, atom("boom")});
  slice.emplace_back(event::monitor{a1, b2, ref(per_frame + 1)});
  net.step_all(a, slice);
  CHECK_LINES(sent_by(a),
              {row('m', 1, per_frame), "d" + std::to_string(per_frame) + " m"
                                         + std::to_string(per_frame + 1)});
  net.run();
  CHECK(b.core.plane().counters().crossings == 0);
  check_agreement();
}

TEST_CASE_FIXTURE(batches, "batch: the exits of a process keep their order and "
                           "reason across frames, also those that waited for "
                           "the window") {
  auto last = (frame_window + 4) * per_frame;
  auto slice = monitors(1, last);
  slice.emplace_back(event::monitor{a1, b2, ref(last + 1)});
  net.step_all(a, slice);
  net.run();
  REQUIRE(b.plane().num_inbound() == last + 1);
  net.payloads.clear();
  b.processes.end(1);
  b.processes.end(2);
  net.step_all(b, {event::process_exited{b1, atom("boom")},
                   event::process_exited{b2, atom("bang")}});
  CHECK(net.payloads.size() == frame_window);
  net.run();
  CHECK(net.payloads.size() > frame_window);
  // The reason travelled once.
  CHECK(std::count_if(net.payloads.begin(), net.payloads.end(),
                      [](const std::string& x) {
                        return x.find("boom") != std::string::npos;
                      })
        == 1);
  std::string all;
  for (const auto& frame : sent_by(b))
    all += (all.empty() ? "" : " ") + frame;
  CHECK(all
        == row('x', 1, last, ":boom") + " x" + std::to_string(last + 1)
             + ":bang");
  CHECK_LINES(a.take(),
              (downs(1, last, "boom")
               + lines{"down a1 r" + std::to_string(last + 1) + " b2 bang"}));
  check_empty();
}

TEST_CASE_FIXTURE(batches, "batch: a target that ends between the two frames "
                           "of a batch crosses the demonitor in the second") {
  auto slice = monitors(1, per_frame);
  slice.emplace_back(event::demonitor{a1, ref(per_frame)});
  slice.emplace_back(event::monitor{a1, b1, ref(per_frame + 1)});
  net.step_all(a, slice);
  net.deliver_one();
  CHECK(b.plane().num_inbound() == per_frame);
  net.exit(b, 1, atom("boom"));
  net.run();
  CHECK_LINES(a.take(), (downs(1, per_frame - 1, "boom")
                         + lines{"down a1 r" + std::to_string(per_frame + 1)
                                 + " b1 noproc"}));
  CHECK(a.core.plane().counters().crossings == 1);
  CHECK(b.core.plane().counters().crossings == 1);
  check_empty();
}

TEST_CASE_FIXTURE(batches, "batch: a session that is lost with half a batch "
                           "out ends each monitor once and leaves nothing to "
                           "the next") {
  net.monitor(a, a1, b2, 1);
  net.step_all(a, monitors(2, 3));
  net.run();
  net.exit(b, 2, atom("boom"));
  net.run();
  CHECK_LINES(a.take(), {"down a1 r1 b2 boom"});
  // Four frames arrive, four are lost, the window is closed; the rest waits in
  // the session, in frames that are full and in one that is not.
  for (uint64_t number = 4; number <= 11; ++number) {
    net.mute(number >= 8);
    net.step_all(a, monitors(number, number));
  }
  net.payloads.clear();
  auto last = 11 + 2 * per_frame + per_frame / 2;
  auto slice = monitors(12, last);
  slice.emplace_back(event::demonitor{a1, ref(5)});
  slice.emplace_back(event::demonitor{a1, ref(last)});
  net.step_all(a, slice);
  CHECK_LINES(sent_by(a), {});
  CHECK(a.core.sessions().backlog(node_b) > 2 * frame_size_goal);
  net.mute(false);
  net.disconnect_all();
  while (a.sees(node_b) || b.sees(node_a))
    REQUIRE(net.deliver_one());
  CHECK_LINES(a.take(), (downs(2, last, "noconnection", {5, last})
                         + lines{"nodedown b closed"}));
  CHECK_LINES(b.take(), {"nodedown a closed"});
  check_empty();
  net.monitor(a, a2, b1, last + 1);
  net.step_all(a, monitors(last + 2, last + 3));
  net.run();
  CHECK_LINES(a.take(), {"nodeup b 1"});
  CHECK_LINES(sent_by(a), {row('m', last + 1, last + 3)});
  CHECK(a.core.sessions().backlog(node_b) < frame_size_goal);
  check_agreement();
  CHECK(b.plane().num_inbound() == 3);
}

TEST_CASE_FIXTURE(batches, "batch: what is reported in the step that loses the "
                           "session is of the old one, what comes after it of "
                           "the next") {
  net.step_all(a, monitors(1, 2));
  net.run();
  auto slice = monitors(3, 4);
  slice.emplace_back(event::disconnect{node_b});
  slice.emplace_back(event::demonitor{a1, ref(1)});
  slice.emplace_back(event::monitor{a2, b1, ref(5)});
  net.step_all(a, slice);
  CHECK_LINES(a.take(),
              (downs(1, 4, "noconnection") + lines{"nodedown b requested"}));
  net.payloads.clear();
  net.pass(seconds{1});
  CHECK_LINES(sent_by(a), {"m5"});
  check_agreement();
  CHECK(b.plane().num_inbound() == 1);
}
