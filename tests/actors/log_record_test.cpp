// What a sink of the log is given, beside the sentence for people.

#include "tests/actors/hand_played_peer.hpp"

#include <chrono>

using namespace vigil;
using namespace vigil::test;

namespace {

/// A control plane, and the records of its log as lines.
struct logged_world : control_plane_world {
  /// Returns what was logged since the last call: `EVENT LEVEL NAME=VALUE...`.
  lines take_records() {
    lines result;
    for (const auto& x : std::exchange(records, {})) {
      std::string line{x.event};
      line += ' ';
      line += to_string(x.level);
      for (const auto& field : x.fields) {
        line += ' ';
        line += field.name;
        line += '=';
        line += field.value;
      }
      result.push_back(std::move(line));
    }
    return result;
  }
};

} // namespace

TEST_CASE("log records: a session that comes up, is silent, and ends") {
  logged_world w;
  hand_played_peer b{w, node_b, 1};
  b.come_up();
  CHECK_LINES(w.take_records(), {"nodeup info node=b@h creation=1"});
  w.advance(seconds{5}, milliseconds{500});
  CHECK_LINES(w.take_records(),
              {"ticks_missed warning node=b@h count=1 silence_ms=3000",
               "ticks_missed warning node=b@h count=2 silence_ms=5000"});
  b.close();
  CHECK_LINES(w.take_records(),
              {"nodedown warning node=b@h cause=closed detail=the connection "
               "was closed silence_ms=5000 detection_ms=0 loss=1"});
}

TEST_CASE("log records: an attempt that fails") {
  logged_world w;
  w.ask<unit>(connect_request{node_b});
  w.tell(dial_failure{w.connector_notes->dials.back().dial,
                      {errc::refused, "nobody there"}});
  CHECK_LINES(w.take_records(), {"connect_failed info node=b@h error=refused "
                                 "detail=nobody there"});
}

TEST_CASE("log records: ends that are reported wrongly, with the pid") {
  logged_world w;
  runtime_front front{w.front};
  CHECK(front.process_exited(w.a1, atom("boom")) == errc::none);
  w.run();
  w.runtime.processes.end(1);
  CHECK(front.process_exited(w.a1, atom("boom")) == errc::none);
  w.run();
  CHECK_LINES(w.take_records(),
              {"exit_alive warning pid=" + to_string(w.a1) + " count=1",
               "exit_twice warning pid=" + to_string(w.a1) + " count=2"});
  // One that an actor reports is told, and counted as well.
  CHECK(*w.ask<unit>(exit_report{w.a1, atom("boom")}) == "noproc");
  CHECK(*w.ask<unit>(exit_report{w.a1, atom("boom")}) == "noproc");
  CHECK_LINES(w.take_records(),
              {"exit_twice warning pid=" + to_string(w.a1) + " count=4"});
}

TEST_CASE("log records: the time is the clock's") {
  auto before = std::chrono::system_clock::now();
  logged_world w;
  hand_played_peer b{w, node_b, 1};
  b.come_up();
  REQUIRE(w.records.size() == 1);
  CHECK(w.records[0].time >= before);
  CHECK(w.records[0].time <= std::chrono::system_clock::now());
}
