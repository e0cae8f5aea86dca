// One session that is up, seen from one side: what it numbers, refuses and
// acknowledges. Node a sends, node b is the peer unless both are there.

#include "src/link/tick_detector.hpp"
#include "src/session/session.hpp"
#include "tests/core/transcript.hpp"

#include <array>

using namespace vigil;
using namespace vigil::test;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

namespace {

session_end end_of(node_name name, uint64_t number, timespan tick_time) {
  return {name, first_life, {1, number}, session_number{number}, tick_time};
}

monitor_p ask(uint64_t number) {
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
    time_point when{seconds{1'000}};
    while (!x.detector().lost(when))
      when = x.detector().next_look(when);
    return when;
  }

  time_point now{seconds{1'000}};
  session_end end_a = end_of(node_a, 10, seconds{8});
  session_end end_b = end_of(node_b, 20, seconds{4});
  work_meter meter;
  session a{end_a, end_b, tick_detector::make(end_a.tick_time, now), now};
  session b{end_b, end_a, tick_detector::make(end_b.tick_time, now), now};
  session::outbox out;
  uint64_t last_ref = 0;
  number_printer printer;
};

} // namespace

TEST_CASE_FIXTURE(two_sides, "session: frames are numbered from 1, and a lone "
                             "message leaves at once") {
  CHECK_LINES(flush(a), {});
  send(a, ask(1));
  CHECK(!a.drained());
  CHECK_LINES(flush(a), {"frame 10>20 #1 ack 0"});
  CHECK(a.drained());
  send(a, ask(2));
  send(a, ask(3));
  CHECK_LINES(flush(a), {"frame 10>20 #2 ack 0"});
  CHECK_LINES(receive(std::get<frame>(out[0])),
              {"protocol_error: frame 2 came after frame 0"});
}

TEST_CASE_FIXTURE(two_sides, "session: the window closes after eight frames, "
                             "then messages gather into one") {
  std::vector<frame> frames;
  for (uint64_t i = 1; i <= frame_window; ++i)
    frames.push_back(next_frame(i));
  send(a, ask(9));
  CHECK_LINES(flush(a), {});
  send(a, ask(10));
  CHECK_LINES(flush(a), {});
  CHECK(!a.drained());
  for (const auto& x : frames)
    CHECK(receive(x).size() == 1);
  CHECK_LINES(flush(b), {"tick 20>10 ack 8"});
  CHECK(a.receive(std::get<tick>(out[0]), now));
  CHECK_LINES(flush(a), {"frame 10>20 #9 ack 0"});
  CHECK_LINES(receive(std::get<frame>(out[0])),
              {"MONITOR_P a1 b1 r9", "MONITOR_P a1 b1 r10"});
  CHECK(a.drained());
}

TEST_CASE_FIXTURE(two_sides, "session: the window opens by as many frames as "
                             "were acknowledged") {
  for (uint64_t i = 1; i <= frame_window; ++i)
    next_frame(i);
  CHECK(a.receive(tick{b.numbers(), 2}, now));
  CHECK(flush(a).empty());
  next_frame(9);
  next_frame(10);
  send(a, ask(11));
  CHECK_LINES(flush(a), {});
}

TEST_CASE_FIXTURE(two_sides, "session: the window opens as long as frames wait "
                             "and the peer keeps up, up to a bound") {
  CHECK(send_full_frames(200) == frame_window);
  CHECK(acknowledge(4) == 8);
  CHECK(acknowledge(8) == 8);
  // Sixteen are on their way.
  now += window_slack;
  CHECK(acknowledge(24) == 32);
  CHECK(acknowledge(56) == 64);
  CHECK(acknowledge(120) == widest_frame_window);
  CHECK(acknowledge(124) == 4);
}

TEST_CASE_FIXTURE(two_sides,
                  "session: the window narrows to its least where the "
                  "peer does not keep up, and opens again") {
  CHECK(send_full_frames(200) == frame_window);
  CHECK(acknowledge(8) == 16);
  CHECK(acknowledge(24) == 32);
  now += window_slack + nanoseconds{1};
  CHECK(acknowledge(28) == 0);
  CHECK(acknowledge(48) == 0);
  CHECK(acknowledge(56) == 8);
  CHECK(acknowledge(64) == 16);
}

TEST_CASE_FIXTURE(two_sides,
                  "session: a long way does not count as a peer that "
                  "does not keep up") {
  CHECK(send_full_frames(100) == frame_window);
  now += milliseconds{50};
  CHECK(acknowledge(8) == 16);
  now += milliseconds{50};
  CHECK(acknowledge(24) == 32);
}

TEST_CASE_FIXTURE(two_sides,
                  "session: without frames that wait the window stays "
                  "as it is") {
  for (uint64_t i = 1; i <= 3 * frame_window; ++i) {
    next_frame(i);
    CHECK(a.receive(tick{b.numbers(), i}, now));
  }
  CHECK(send_full_frames(20) == frame_window);
}

TEST_CASE_FIXTURE(two_sides, "session: a frame that is not full is held back "
                             "while more comes") {
  for (uint64_t i = 1; i <= 3; ++i) {
    send(a, ask(i));
    CHECK_LINES(flush_early(a, session::waiting::for_more), {});
  }
  CHECK(!a.drained());
  CHECK_LINES(flush(a), {"frame 10>20 #1 ack 0"});
  CHECK(receive(std::get<frame>(out[0])).size() == 3);
  CHECK_LINES(flush_early(a, session::waiting::nothing), {});
}

TEST_CASE_FIXTURE(two_sides, "session: a full frame is not held back, nor an "
                             "acknowledgement") {
  for (uint64_t i = 1; i <= 4; ++i)
    receive(next_frame(i));
  CHECK_LINES(flush_early(b, session::waiting::nothing), {"tick 20>10 ack 4"});
  send(a, monitor_p_exit{proc(node_a, 1), proc(node_b, 1), ref(1),
                         other_reason()});
  send(a, ask(2));
  CHECK_LINES(flush_early(a, session::waiting::for_more),
              {"frame 10>20 #5 ack 0"});
}

TEST_CASE_FIXTURE(two_sides, "session: four frames are acknowledged at once, "
                             "less waits for a frame or a tick") {
  for (uint64_t i = 1; i <= 3; ++i)
    receive(next_frame(i));
  CHECK_LINES(flush(b), {});
  receive(next_frame(4));
  CHECK_LINES(flush(b), {"tick 20>10 ack 4"});
  CHECK_LINES(flush(b), {});
  // A frame carries the acknowledgement for nothing.
  for (uint64_t i = 5; i <= 8; ++i)
    receive(next_frame(i));
  send(b, monitor_p{proc(node_b, 1), proc(node_a, 1), ref(1)});
  CHECK_LINES(flush(b), {"frame 20>10 #1 ack 8"});
}

TEST_CASE_FIXTURE(two_sides, "session: a payload that is full is closed, and "
                             "waits whole for the window") {
  auto reason = exit_reason::binary(std::string(frame_size_goal, 'x'));
  for (uint64_t i = 1; i <= 2; ++i)
    send(a, monitor_p_exit{proc(node_a, 1), proc(node_b, 1), ref(i), reason});
  send(a, ask(3));
  CHECK_LINES(flush(a), {"frame 10>20 #1 ack 0", "frame 10>20 #2 ack 0"});
}

TEST_CASE_FIXTURE(two_sides, "session: the backlog counts every byte once, and "
                             "is 0 when all is acknowledged") {
  CHECK(a.backlog() == 0);
  send(a, ask(1));
  auto one = a.backlog();
  CHECK(one > 0);
  send(a, ask(2));
  CHECK(a.backlog() > one);
  flush(a);
  CHECK(a.backlog() == std::get<frame>(out[0]).bytes.size());
  CHECK(a.receive(tick{b.numbers(), 1}, now));
  CHECK(a.backlog() == 0);
  for (uint64_t i = 3; i <= 20; ++i) {
    send(a, ask(i));
    flush(a);
  }
  CHECK(a.receive(tick{b.numbers(), 9}, now));
  flush(a);
  CHECK(a.receive(tick{b.numbers(), 10}, now));
  CHECK(a.drained());
  CHECK(a.backlog() == 0);
}

TEST_CASE_FIXTURE(two_sides, "session: the backlog can be more than there is "
                             "memory for, for a reason is there once") {
  const std::string bytes(exit_reason::max_size / 2, 'x');
  std::array<exit_reason, 2> reasons{exit_reason::binary(bytes + 'a'),
                                     exit_reason::binary(bytes + 'b')};
  constexpr uint64_t count = 9'000;
  for (uint64_t i = 1; i <= count; ++i)
    send(a, monitor_p_exit{proc(node_a, 1), proc(node_b, 1), ref(i),
                           reasons[i % 2]});
  CHECK(a.backlog() > count * bytes.size());
}

// -- what is refused ----------------------------------------------------------

TEST_CASE_FIXTURE(two_sides, "session: a gap, a repeat and a reordering are "
                             "refused") {
  auto first = next_frame(1);
  auto second = next_frame(2);
  auto third = next_frame(3);
  CHECK_LINES(receive(second), {"protocol_error: frame 2 came after frame 0"});
  two_sides fresh;
  fresh.receive(first);
  CHECK_LINES(fresh.receive(first),
              {"protocol_error: frame 1 came after frame 1"});
  two_sides gap;
  gap.receive(first);
  CHECK_LINES(gap.receive(third),
              {"protocol_error: frame 3 came after frame 1"});
  two_sides zero;
  first.sequence = 0;
  CHECK_LINES(zero.receive(first),
              {"protocol_error: frame 0 came after frame 0"});
}

TEST_CASE_FIXTURE(two_sides, "session: an acknowledgement of what was not "
                             "sent, or of less than before, is refused") {
  CHECK(!a.receive(tick{b.numbers(), 1}, now));
  two_sides x;
  x.next_frame(1);
  x.next_frame(2);
  CHECK(x.a.receive(tick{x.b.numbers(), 2}, x.now));
  CHECK(x.a.receive(tick{x.b.numbers(), 2}, x.now));
  auto less = x.a.receive(tick{x.b.numbers(), 1}, x.now);
  REQUIRE(!less);
  CHECK(less.failure().code == errc::protocol_error);
  auto more = x.a.receive(tick{x.b.numbers(), UINT64_MAX}, x.now);
  CHECK(!more);
}

TEST_CASE_FIXTURE(two_sides, "session: nothing of a frame with a wrong "
                             "acknowledgement is taken") {
  auto x = next_frame(1);
  x.acknowledged = 1;
  std::vector<control_message> messages;
  CHECK(!b.receive(x, now, messages));
  CHECK(messages.empty());
}

TEST_CASE_FIXTURE(two_sides, "session: a payload that does not decode is "
                             "refused") {
  frame x{a.numbers(), 1, 0, "\x02"};
  CHECK(receive(x)[0].substr(0, 14) == "protocol_error");
}

TEST_CASE_FIXTURE(two_sides, "session: owns messages that carry both of its "
                             "numbers, the sender's first") {
  CHECK(b.owns(a.numbers()));
  CHECK(a.owns(b.numbers()));
  CHECK(!a.owns(a.numbers()));
  CHECK(!b.owns({session_number{10}, session_number{21}}));
  CHECK(!b.owns({session_number{11}, session_number{20}}));
  CHECK(!b.owns({session_number{10}, session_number{}}));
}

// -- ticks --------------------------------------------------------------------

TEST_CASE_FIXTURE(two_sides, "session: a tick is due a quarter of the peer's "
                             "tick time after the last message") {
  auto start = now;
  // The peer b is patient for 4 s, a itself for 8 s.
  CHECK(a.next_tick() == start + seconds{1});
  CHECK(b.next_tick() == start + seconds{2});
  now = start + milliseconds{999};
  CHECK_LINES(keep_alive(a), {});
  now = start + seconds{1};
  CHECK_LINES(keep_alive(a), {"tick 10>20 ack 0"});
  CHECK(a.next_tick() == start + seconds{2});
  now = start + milliseconds{1'500};
  next_frame(1);
  CHECK(a.next_tick() == start + milliseconds{2'500});
  // What was received makes no difference.
  CHECK(a.receive(tick{b.numbers(), 0}, now));
  CHECK(a.next_tick() == start + milliseconds{2'500});
}

TEST_CASE_FIXTURE(two_sides, "session: a tick acknowledges what has come") {
  receive(next_frame(1));
  receive(next_frame(2));
  now = b.next_tick();
  CHECK_LINES(keep_alive(b), {"tick 20>10 ack 2"});
}

TEST_CASE_FIXTURE(two_sides, "session: any message is a sign of life, for the "
                             "receiver's own tick time") {
  auto start = now;
  CHECK(lost_at(b) == start + seconds{4});
  CHECK(lost_at(a) == start + seconds{8});
  now = start + seconds{3};
  receive(next_frame(1));
  CHECK(lost_at(b) == start + seconds{7});
  now = start + seconds{5};
  CHECK(b.receive(tick{a.numbers(), 0, 1}, now));
  CHECK(lost_at(b) == start + seconds{9});
  CHECK(b.detector().silence(start + seconds{6}) == seconds{1});
}

TEST_CASE_FIXTURE(two_sides, "session: a tick after a frame that was lost says "
                             "so, also if no other frame follows") {
  CHECK(b.receive(tick{a.numbers(), 0, 0}, now));
  next_frame(1);
  auto gap = b.receive(tick{a.numbers(), 0, 1}, now);
  REQUIRE(!gap);
  CHECK(gap.failure().detail == "frame 1 was sent, but frame 0 came last");
}

TEST_CASE_FIXTURE(two_sides, "session: so does any other message of the "
                             "session") {
  receive(next_frame(1));
  CHECK(b.hear(1, now));
  next_frame(2);
  CHECK(!b.hear(2, now));
  // Nor may a peer speak of fewer frames than it has sent.
  CHECK(!b.hear(0, now));
}
