// When the frames of a session leave: the window, what is held back, and when
// they are acknowledged.

#include "tests/core/two_sides.hpp"

using namespace vigil;
using namespace vigil::test;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

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
