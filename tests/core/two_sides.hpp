// A session that is up, at both ends.

#pragma once

#include "src/link/tick_detector.hpp"
#include "src/session/session.hpp"
#include "tests/core/transcript.hpp"

#include <string>
#include <variant>
#include <vector>

namespace vigil::test {

inline session_end end_of(node_name name, uint64_t number, timespan tick_time) {
  return {name, first_life, {1, number}, session_number{number}, tick_time};
}

inline monitor_p ask(uint64_t number) {
  return {proc(node_a, 1), proc(node_b, 1), ref(number)};
}

/// Both sides of a session, node a patient for 8 s and node b for 4 s.
struct two_sides {
  void send(session& x, const control_message& message) {
    meter.start(max_step_work);
    x.send(message, meter);
  }

  void flush_into_out(session& x) {
    session::flush_terms terms;
    CHECK(x.flush(now, out, meter, terms) == session::waiting::nothing);
  }

  /// The same while more is known to come.
  lines flush_early(session& x, session::waiting expected) {
    out.clear();
    session::flush_terms terms;
    terms.more_comes = true;
    CHECK(x.flush(now, out, meter, terms) == expected);
    return show();
  }

  /// Lets a queue full frames and send what may leave; returns how many frames
  /// that are.
  size_t send_full_frames(size_t count) {
    static const auto reason
      = exit_reason::binary(std::string(frame_size_goal, 'x'));
    for (size_t i = 0; i < count; ++i)
      send(a, monitor_p_exit{proc(node_a, 1), proc(node_b, 1), ref(++last_ref),
                             i % 2 == 0 ? reason : other_reason()});
    return flush(a).size();
  }

  static exit_reason other_reason() {
    return exit_reason::binary(std::string(frame_size_goal, 'y'));
  }

  /// Lets b acknowledge frames of a up to `sequence`, and a send what it may
  /// then; returns how many frames that are.
  size_t acknowledge(uint64_t sequence) {
    CHECK(a.receive(tick{b.numbers(), sequence}, now));
    return flush(a).size();
  }

  lines flush(session& x) {
    out.clear();
    flush_into_out(x);
    return show();
  }

  lines keep_alive(session& x) {
    out.clear();
    x.keep_alive(now, out);
    return show();
  }

  lines show() {
    lines result;
    for (const auto& message : out)
      result.push_back(printer.line(message));
    return result;
  }

  /// Sends one message from a in a frame of its own, and returns the frame.
  frame next_frame(uint64_t number) {
    send(a, ask(number));
    out.clear();
    flush_into_out(a);
    REQUIRE(out.size() == 1);
    return std::get<frame>(out[0]);
  }

  /// Returns what b took out of a frame, or why it refused it.
  lines receive(const frame& x) {
    std::vector<control_message> messages;
    auto ok = b.receive(x, now, messages);
    if (!ok)
      return {std::string{to_string(ok.failure().code)} + ": "
              + ok.failure().detail};
    lines result;
    for (const auto& message : messages)
      result.push_back(brief(message));
    return result;
  }

  /// When a side that hears nothing more gives the other up.
  static time_point lost_at(const session& x) {
    time_point when{std::chrono::seconds{1'000}};
    while (!x.detector().lost(when))
      when = x.detector().next_look(when);
    return when;
  }

  time_point now{std::chrono::seconds{1'000}};
  session_end end_a = end_of(node_a, 10, std::chrono::seconds{8});
  session_end end_b = end_of(node_b, 20, std::chrono::seconds{4});
  work_meter meter;
  session a{end_a, end_b, tick_detector::make(end_a.tick_time, now), now};
  session b{end_b, end_a, tick_detector::make(end_b.tick_time, now), now};
  session::outbox out;
  uint64_t last_ref = 0;
  number_printer printer;
};

} // namespace vigil::test
