// Links that are to stay up, the time between two links, and what decides that
// a peer is lost.

#include "tests/core/session_layer_fixture.hpp"

using namespace vigil;
using namespace vigil::test;

using layer_b = session_layer_fixture;

namespace {

/// Returns how long the layer rests until it dials again, and lets it do so.
timespan rest_before_dial(layer_b& x) {
  auto start = x.now;
  REQUIRE(x.layer.next_wake());
  auto all = x.wake();
  REQUIRE(all.size() == 1);
  REQUIRE(all[0].substr(0, 4) == "dial");
  return x.now - start;
}

/// A detector that says what the test wants.
class puppet final : public failure_detector {
public:
  struct strings {
    bool lost = false;
    uint32_t missed = 0;
    int heard = 0;
    time_point look{seconds{1'001}};
  };

  explicit puppet(std::shared_ptr<strings> held) : held_(std::move(held)) {
    // nop
  }

  void heard(time_point) override {
    ++held_->heard;
  }

  void extend(timespan, time_point) override {
    // nop
  }

  bool lost(time_point) const override {
    return held_->lost;
  }

  uint32_t missed(time_point) const override {
    return held_->missed;
  }

  time_point next_look(time_point) const override {
    return held_->look;
  }

  timespan silence(time_point) const override {
    return seconds{5};
  }

  timespan suspicion(time_point) const override {
    return seconds{3};
  }

private:
  std::shared_ptr<strings> held_;
};

struct watched_by_puppet {
  watched_by_puppet() {
    auto config = config_of(node_b);
    config.make_detector = [this](timespan, time_point) {
      return std::make_unique<puppet>(held);
    };
    b = std::make_unique<session_layer_fixture>(config);
    b->up(node_a, 1, 100);
  }

  /// Wakes the layer when it wants to look at the session, which after that is
  /// a millisecond later.
  lines look() {
    b->now = *b->layer.next_wake();
    held->look = b->now + milliseconds{1};
    return b->network(event::timer{});
  }

  std::shared_ptr<puppet::strings> held = std::make_shared<puppet::strings>();
  std::unique_ptr<session_layer_fixture> b;
};

} // namespace

// -- links that are kept ------------------------------------------------------

TEST_CASE_FIXTURE(layer_b, "keep: a link that is lost is made again after a "
                           "rest, without anybody asking") {
  CHECK_LINES(open(node_a, true), {"dial 1 a"});
  up(node_a, 1, 100);
  dial_failed(1, errc::refused);
  now += seconds{1};
  CHECK_LINES(disconnected(1), {"link_down a closed"});
  auto rest = rest_before_dial(*this);
  CHECK(rest >= shortest_rest / 2);
  CHECK(rest <= shortest_rest);
}

TEST_CASE_FIXTURE(layer_b, "keep: an attempt that fails is told, and repeated "
                           "after rests that double up to half a minute") {
  open(node_a, true);
  auto longest = timespan{};
  for (uint64_t dial = 1; dial < 20; ++dial) {
    CHECK_LINES(dial_failed(dial, errc::refused), {"link_failed a refused"});
    auto rest = rest_before_dial(*this);
    CHECK(rest <= longest_rest);
    longest = std::max(longest, rest);
  }
  CHECK(longest > longest_rest / 2);
}

TEST_CASE_FIXTURE(layer_b, "keep: a session that ends at once does not bring "
                           "the rest back to its shortest, one that lasts "
                           "does") {
  open(node_a, true);
  for (uint64_t dial = 1; dial < 10; ++dial) {
    dial_failed(dial, errc::refused);
    rest_before_dial(*this);
  }
  up(node_a, 1, 100);
  dial_failed(10, errc::closed);
  disconnected(1);
  CHECK(rest_before_dial(*this) > shortest_rest);
  up(node_a, 2, 101);
  dial_failed(11, errc::closed);
  // Nothing is due in the layer's world but its own ticks and looks.
  for (auto n = 0; n < 100; ++n) {
    now += seconds{1};
    arrive(2, tick{pair(101, 2), 0});
    network(event::timer{});
  }
  disconnected(2);
  CHECK(rest_before_dial(*this) <= shortest_rest);
}

TEST_CASE_FIXTURE(layer_b, "keep: the link is made again also if the greeting "
                           "that the peer began meanwhile comes to nothing") {
  open(node_a, true);
  dial_failed(1, errc::refused);
  // While this side rests the peer dials, and its connection breaks.
  CHECK_LINES(arrive(1, greeting(node_a, 100)), {"c1 hello s1>100 b"});
  now += shortest_rest;
  CHECK_LINES(network(event::timer{}), {});
  CHECK_LINES(disconnected(1), {});
  auto next = until(now + seconds{1});
  CHECK_LINES(next, {"dial 2 a"});
}

TEST_CASE_FIXTURE(layer_b, "keep: the link is made again also if the newcomer "
                           "that waited for the end of a loss is gone then") {
  open(node_a, true);
  up(node_a, 1, 100);
  dial_failed(1, errc::refused);
  settle_at_once = false;
  disconnected(1);
  CHECK_LINES(arrive(2, greeting(node_a, 200)), {});
  layer.loss_done(node_a);
  CHECK_LINES(finish(), {"c2 hello s2>200 b"});
  CHECK_LINES(disconnected(2), {});
  auto next = until(now + seconds{1});
  CHECK_LINES(next, {"dial 2 a"});
}

TEST_CASE_FIXTURE(layer_b, "keep: a disconnect ends it, whether the link is up "
                           "or resting") {
  open(node_a, true);
  up(node_a, 1, 100);
  dial_failed(1, errc::refused);
  close(node_a);
  arrive(1, goodbye_ack{pair(100, 1)});
  CHECK(!layer.next_wake());
  open(node_a, true);
  dial_failed(2, errc::refused);
  CHECK(layer.next_wake());
  close(node_a);
  CHECK(!layer.next_wake());
}

TEST_CASE_FIXTURE(layer_b, "keep: a protocol error does not end it") {
  open(node_a, true);
  up(node_a, 1, 100);
  dial_failed(1, errc::refused);
  close(node_a, down_cause::protocol_error);
  auto all = until(now + seconds{2});
  CHECK(std::count(all.begin(), all.end(), "dial 2 a") == 1);
}

TEST_CASE_FIXTURE(layer_b, "keep: a stop ends it") {
  open(node_a, true);
  dial_failed(1, errc::refused);
  CHECK_LINES(stop(), {"stopped"});
  CHECK(!layer.next_wake());
}

// -- between two links --------------------------------------------------------

TEST_CASE_FIXTURE(layer_b, "losing: no link is made before the control plane "
                           "is done with the last one") {
  settle_at_once = false;
  up(node_a, 1, 100);
  CHECK_LINES(disconnected(1), {"link_down a closed"});
  CHECK_LINES(open(node_a), {});
  CHECK_LINES(arrive(2, greeting(node_a, 200, 0, 1)), {});
  layer.loss_done(node_a);
  CHECK_LINES(finish(), {"c2 hello s2>200 b"});
  CHECK_LINES(arrive(2, greeting(node_a, 200, 2, 1)), {"link_up a 1"});
}

TEST_CASE_FIXTURE(layer_b, "losing: a link that was asked for is dialled "
                           "afterwards, with all of the set-up time") {
  settle_at_once = false;
  up(node_a, 1, 100);
  disconnected(1);
  open(node_a);
  until(now + seconds{5});
  layer.set_time(now);
  layer.loss_done(node_a);
  CHECK_LINES(finish(), {"dial 1 a"});
  auto start = now;
  CHECK_LINES(until(start + seconds{7} - milliseconds{1}), {});
  CHECK_LINES(until(start + seconds{7}), {"link_failed a setup_timeout"});
}

TEST_CASE_FIXTURE(layer_b, "losing: a peer that begins anew over the same "
                           "connection waits, and a third is refused") {
  settle_at_once = false;
  up(node_a, 1, 100);
  CHECK_LINES(arrive(1, greeting(node_a, 101)), {"link_down a closed"});
  CHECK_LINES(arrive(3, greeting(node_a, 102)),
              {"c3 goodbye s2>102 refused/already_connected"});
  layer.loss_done(node_a);
  CHECK_LINES(finish(), {"c1 hello s3>101 b"});
}

TEST_CASE_FIXTURE(layer_b, "losing: without a loss there is nothing to "
                           "settle") {
  up(node_a, 1, 100);
  layer.loss_done(node_a);
  CHECK_LINES(finish(), {});
}

// -- what decides that a peer is lost -----------------------------------------

TEST_CASE_FIXTURE(watched_by_puppet, "detector: it hears every message of the "
                                     "session and nothing else") {
  b->arrive(1, tick{b->pair(100, 1), 0});
  CHECK(held->heard == 1);
  b->arrive(1, probe{b->pair(100, 1), 7});
  CHECK(held->heard == 2);
  b->arrive(1, tick{b->pair(99, 1), 0});
  CHECK(held->heard == 2);
}

TEST_CASE_FIXTURE(watched_by_puppet, "detector: missed ticks are counted and "
                                     "told once each, before the verdict") {
  CHECK_LINES(look(), {});
  held->missed = 1;
  CHECK_LINES(look(), {"ticks_missed a 1"});
  CHECK_LINES(look(), {});
  held->missed = 3;
  CHECK_LINES(look(), {"ticks_missed a 3"});
  CHECK(b->layer.counters().ticks_missed == 3);
  held->missed = 0;
  b->arrive(1, tick{b->pair(100, 1), 0});
  CHECK_LINES(look(), {});
  held->missed = 1;
  CHECK_LINES(look(), {"ticks_missed a 1"});
}

TEST_CASE_FIXTURE(layer_b, "detector: a look that comes due while a step of "
                           "another session runs is not forgotten") {
  up(node_a, 1, 100);
  up(node_c, 2, 200);
  // The first tick of a is missed after three seconds; the step comes before
  // the timer has its turn.
  until(now + milliseconds{2'999});
  now += milliseconds{2};
  CHECK_LINES(arrive(2, tick{pair(200, 2), 0}), {});
  CHECK_LINES(network(event::timer{}), {"ticks_missed a 1"});
}

TEST_CASE_FIXTURE(watched_by_puppet, "detector: ticks that are missed again, "
                                     "after the peer was heard, are told "
                                     "again") {
  look();
  held->missed = 1;
  CHECK_LINES(look(), {"ticks_missed a 1"});
  b->arrive(1, tick{b->pair(100, 1), 0});
  CHECK_LINES(look(), {"ticks_missed a 1"});
}

TEST_CASE_FIXTURE(layer_b,
                  "detector: that this node was late counts for nothing "
                  "once the peer was heard") {
  up(node_c, 2, 200);
  until(now + milliseconds{500});
  up(node_a, 1, 100);
  // The tick to c is late by 100 ms; nobody has looked at a.
  now = *layer.next_wake() + milliseconds{100};
  CHECK_LINES(arrive(1, tick{pair(100, 2), 0}), {});
  auto start = now;
  auto is_down = [](const lines& xs) {
    return std::find(xs.begin(), xs.end(), "link_down a net_tick_timeout")
           != xs.end();
  };
  CHECK_FALSE(is_down(until(start + seconds{8} - milliseconds{1})));
  CHECK(is_down(until(start + seconds{8})));
}

TEST_CASE_FIXTURE(watched_by_puppet, "detector: its verdict ends the session, "
                                     "with how long it took to find out") {
  CHECK_LINES(look(), {});
  held->lost = true;
  CHECK_LINES(look(), {"link_down a net_tick_timeout",
                       "c1 goodbye s1>100 net_tick_timeout/closed"});
  CHECK(b->last_loss.silence == seconds{5});
  CHECK(b->last_loss.detection == seconds{3});
}

TEST_CASE_FIXTURE(layer_b, "provenance: an end that is announced takes no time "
                           "to find out, a probe takes as long as it waited") {
  up(node_a, 1, 100);
  now += seconds{1};
  arrive(1, goodbye{pair(100, 1), {down_cause::shutdown, errc::shutdown, {}}});
  CHECK(last_loss.cause == down_cause::shutdown);
  CHECK(last_loss.silence == seconds{1});
  CHECK(last_loss.detection == timespan{0});
  up(node_c, 3, 300);
  arrive(4, greeting(node_c, 400, 0, 1));
  until(now + seconds{2});
  CHECK(last_loss.cause == down_cause::restarted);
  CHECK(last_loss.detection == config_of(node_b).probe_time());
}
