// One session that is up, seen from one side: what it numbers, refuses and
// acknowledges. Node a sends, node b is the peer unless both are there.

#include "tests/core/two_sides.hpp"

#include <array>

using namespace vigil;
using namespace vigil::test;
using std::chrono::milliseconds;
using std::chrono::seconds;

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
