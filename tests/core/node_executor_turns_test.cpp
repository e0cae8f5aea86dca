// When a node executor does what it is asked for: in slices, in its turn, and
// answered then.

#include "tests/core/executor_fixture.hpp"

#include <functional>
#include <iterator>

using namespace vigil;
using namespace vigil::test;

TEST_CASE(
  "node executor: more requests than a slice go on later, and no second "
  "slice is ordered while one is due") {
  executor_fixture f;
  for (size_t i = 0; i < 2 * request_slice + 10; ++i)
    f.request_monitor(f.a1, f.a2);
  CHECK(f.woken);
  f.x.on_requests();
  CHECK_LINES(f.take(), {"slice later"});
  CHECK(f.x.core().plane().num_outbound() == request_slice);
  // Somebody calls, who does not know that a slice is due.
  f.x.on_requests();
  CHECK_LINES(f.take(), {});
  CHECK(f.x.core().plane().num_outbound() == request_slice);
  f.x.on_slice();
  CHECK_LINES(f.take(), {"slice later"});
  f.x.on_slice();
  CHECK_LINES(f.take(), {});
  CHECK(f.x.core().plane().num_outbound() == 2 * request_slice + 10);
}

TEST_CASE("node executor: what a slice leaves of a frame leaves with the last "
          "one, whatever happens in between") {
  control_limits limits;
  limits.step_work = 2;
  executor_fixture f{limits};
  f.come_up(node_b);
  f.take();
  for (auto i = 0; i < 3; ++i)
    f.request_monitor(f.a1, f.b1);
  f.x.on_requests();
  CHECK_LINES(f.take(), {"slice later"});
  f.x.on_slice();
  CHECK_LINES(f.take(), {"slice later"});
  f.x.on_slice();
  CHECK_LINES(f.take(), {"c98 frame s1>7 #1 ack 0"});
  for (auto i = 0; i < 2; ++i)
    f.request_monitor(f.a1, f.b1);
  f.x.on_requests();
  CHECK_LINES(f.take(), {"slice later"});
  f.x.resume();
  CHECK_LINES(f.take(), {});
  CHECK_LINES(f.go_on(), {"c98 frame s1>7 #2 ack 0"});
  // Also if the last slice has but a question.
  f.request_monitor(f.a1, f.b1);
  f.request_monitor(f.a1, f.b1);
  f.x.stats({}, f.answer<statistics>("stats"));
  CHECK_LINES(f.take(), {"slice later"});
  f.x.on_slice();
  CHECK_LINES(f.take(), {"stats ok", "c98 frame s1>7 #3 ack 0"});
  // But not for ever.
  for (auto i = 0; i < 6; ++i)
    f.request_monitor(f.a1, f.b1);
  f.x.on_requests();
  f.x.on_slice();
  f.x.on_slice();
  f.take();
  f.x.on_slice();
  CHECK_LINES(f.take(), {"c98 frame s1>7 #4 ack 0", "slice later"});
  CHECK_LINES(f.go_on(), {"c98 frame s1>7 #5 ack 0"});
}

TEST_CASE("node executor: whoever asks is answered in its turn, and sees all "
          "that was requested before") {
  executor_fixture f;
  for (size_t i = 0; i < 3 * request_slice; ++i)
    f.request_monitor(f.a1, f.a2);
  f.x.on_requests();
  CHECK_LINES(f.take(), {"slice later"});
  monitor_list held;
  watcher_list watchers;
  f.x.monitors({f.a1}, f.answer_into(held));
  f.x.monitored_by({f.a2}, f.answer_into(watchers));
  CHECK(held.monitors.empty());
  CHECK_LINES(f.take(), {});
  f.x.on_slice();
  CHECK(held.monitors.empty());
  CHECK_LINES(f.go_on(), {});
  CHECK(held.monitors.size() == 3 * request_slice);
  CHECK(watchers.watchers.size() == 3 * request_slice);
}

namespace {

using request = std::function<void(executor_fixture&, std::function<void()>)>;

/// Answers with a call of `then`, whatever the answer is.
template <class T>
completion<T> calls(std::function<void()> then) {
  return completion<T>{[then = std::move(then)](const result<T>&) { then(); }};
}

/// Requests more than a slice takes. The first demonitor makes the others, of
/// the same process, wait in order.
void request_pairs(executor_fixture& f) {
  for (size_t n = 0; n < request_slice + 2; ++n) {
    f.request_monitor(f.a1, f.a2);
    f.request_demonitor(f.a1, ref(n));
  }
}

/// Everything that is answered.
const request answered_requests[] = {
  [](auto& f, auto then) {
    f.x.monitor({f.a3, f.a1}, calls<reference>(then));
  },
  [](auto& f, auto then) {
    f.x.demonitor({last_reference, {}, f.a1}, calls<bool>(then));
  },
  [](auto& f, auto then) { f.x.connect({node_a}, calls<unit>(then)); },
  [](auto& f, auto then) { f.x.disconnect({node_b}, calls<unit>(then)); },
  [](auto& f, auto then) { f.x.sync({node_b}, calls<unit>(then)); },
  [](auto& f, auto then) { f.x.sync({node_a}, calls<unit>(then)); },
  [](auto& f, auto then) { f.x.monitors({f.a1}, calls<monitor_list>(then)); },
  [](auto& f, auto then) {
    f.x.monitored_by({f.a2}, calls<watcher_list>(then));
  },
  [](auto& f, auto then) { f.x.stats({}, calls<statistics>(then)); },
  [](auto& f, auto then) { f.x.stop(calls<unit>(then)); },
};

} // namespace

TEST_CASE("node executor: each request that is answered comes after what "
          "threads have requested before") {
  for (size_t i = 0; i < std::size(answered_requests); ++i) {
    CAPTURE(i);
    executor_fixture f;
    request_pairs(f);
    size_t answers = 0;
    answered_requests[i](f, [&] {
      ++answers;
      CHECK(f.x.core().plane().counters().demonitors == request_slice + 2);
    });
    CHECK(answers == 0);
    f.go_on();
    CHECK(answers == 1);
  }
}

TEST_CASE("node executor: a monitor of an actor does not wait behind what "
          "others have requested, one behind its own requests does") {
  executor_fixture f;
  for (size_t n = 0; n < 3 * request_slice; ++n)
    static_cast<void>(f.threads.process_exited(
      proc(node_a, static_cast<uint32_t>(10 + n)), exit_reason::normal()));
  CHECK(f.monitor(f.a1, f.a2) == "r0");
  f.request_demonitor(f.a1, ref(0));
  CHECK(f.monitor(f.a1, f.a2, "behind") == "waits");
  CHECK(f.monitor(f.a3, f.a2, "prompt") == "waits");
  // The slice that is due.
  CHECK_LINES(f.take(), {"slice later"});
  f.x.on_slice();
  CHECK_LINES(f.take(), {"prompt ok", "slice later"});
  CHECK_LINES(f.go_on(), {"behind ok"});
}

TEST_CASE("node executor: who waits for its turn when nobody goes on is told "
          "so") {
  for (size_t i = 0; i < std::size(answered_requests); ++i) {
    CAPTURE(i);
    executor_fixture f;
    request_pairs(f);
    f.x.on_requests();
    size_t answers = 0;
    answered_requests[i](f, [&] { ++answers; });
    CHECK(answers == 0);
    f.x.abandon();
    CHECK(answers == 1);
  }
}

TEST_CASE("node executor: a sync of the own node is answered when all that was "
          "requested before has happened") {
  executor_fixture f{slices_of(2)};
  for (auto i = 0; i < 6; ++i)
    f.monitor(f.a1, f.a2);
  f.exit(2, "boom");
  f.x.sync({node_a}, f.answer("sync"));
  CHECK_LINES(f.go_on(), {"down a1 r0 a2 boom | a1 r1 a2 boom",
                          "down a1 r2 a2 boom | a1 r3 a2 boom",
                          "down a1 r4 a2 boom | a1 r5 a2 boom", "sync ok"});
  f.x.sync({node_a}, f.answer("sync"));
  CHECK_LINES(f.take(), {"sync ok"});
}

TEST_CASE("node executor: an end that an actor reports comes after what "
          "threads have requested") {
  executor_fixture f;
  for (size_t i = 0; i < request_slice + 1; ++i)
    f.request_monitor(f.a1, f.a2);
  f.x.on_requests();
  f.take();
  f.exit(2, "boom");
  f.go_on();
  CHECK(f.x.core().plane().empty());
  CHECK(f.front.gate.size() == 0);
  CHECK(f.count("downs_exit") == request_slice + 1);
}

TEST_CASE("node executor: thousands who wait for a connection are answered a "
          "slice at a time") {
  executor_fixture f;
  size_t answers = 0;
  for (size_t i = 0; i < 2 * request_slice + 10; ++i)
    f.x.connect({node_b}, calls<unit>([&] { ++answers; }));
  f.take();
  f.host.own_number = {};
  f.say_hello(node_b);
  f.sessions[node_b].numbers.receiver = f.host.own_number;
  f.say_hello(node_b);
  CHECK(answers == request_slice);
  f.go_on();
  CHECK(answers == 2 * request_slice + 10);
}
