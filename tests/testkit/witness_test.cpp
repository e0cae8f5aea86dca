// What the ledger would find of vigil itself: two ends of a monitor, an end
// that was not the target's, one that goes to somebody else, one that never
// comes.

#include "testkit/watchdog.hpp"
#include "testkit/witness.hpp"
#include "tests/testkit/plain_runtime.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <set>
#include <string>

using namespace vigil;
using namespace vigil::test;

namespace {

/// Processes of which a test says who is there.
class list_runtime final : public runtime {
public:
  bool alive(const pid& x) const noexcept override {
    return gone.count(x) == 0;
  }

  std::optional<pid> whereis(const process_name&) const noexcept override {
    return std::nullopt;
  }

  void deliver(const down_notice*, size_t count) noexcept override {
    num_downs += count;
  }

  void remove_down(const pid&, reference) noexcept override {
    // nop
  }

  std::set<pid> gone;
  size_t num_downs = 0;
};

/// A witness of a node a and one of a node b, with a monitor from a to b.
struct world {
  world() {
    a.watch(runtime_a);
    b.watch(runtime_b);
    a.monitored(watcher, object, ref);
  }

  /// Delivers the DOWN of the monitor on a.
  void deliver(const exit_reason& reason) {
    down_notice x{watcher, down{ref, object, reason, down_origin::exit, 0}};
    a.deliver(&x, 1);
  }

  /// Ends the target, and reports that.
  void end_object(const exit_reason& reason) {
    runtime_b.gone.insert(object);
    b.exited(object, reason);
  }

  std::string found() const {
    return state.finding();
  }

  testkit::watchdog dog{1h};
  testkit::run_state state{1, testkit::run_state::notes::none, dog};
  list_runtime runtime_a;
  list_runtime runtime_b;
  testkit::witness a{state, node_a, creation{7}, 1, 1};
  testkit::witness b{state, node_b, creation{8}, 1, 1};
  pid watcher{node_a, creation{7}, 1, 0};
  pid other{node_a, creation{7}, 2, 0};
  pid object{node_b, creation{8}, 1, 0};
  reference ref = first_reference;
};

} // namespace

TEST_CASE("a DOWN with the target's reason is right") {
  world x;
  x.end_object(boom());
  x.deliver(boom());
  x.a.check_told(x.b);
  CHECK(x.found() == "");
  CHECK(x.runtime_a.num_downs == 1);
}

TEST_CASE("noproc and noconnection can be right") {
  world gone;
  gone.end_object(boom());
  gone.deliver(exit_reason::noproc());
  CHECK(gone.found() == "");
  world cut;
  cut.deliver(exit_reason::noconnection());
  CHECK(cut.found() == "");
}

TEST_CASE("a second DOWN of a monitor is found") {
  world x;
  x.end_object(boom());
  x.deliver(boom());
  x.deliver(boom());
  CHECK(x.found() == "0.000 s: a: a second end of r1: DOWN boom");
}

TEST_CASE("a DOWN of a monitor that was ended is found") {
  world x;
  x.a.demonitored(x.watcher, x.ref, true, false);
  x.end_object(boom());
  x.deliver(boom());
  CHECK(x.found() == "0.000 s: a: a second end of r1: DOWN boom");
}

TEST_CASE("a DOWN for somebody else is found") {
  world x;
  x.end_object(boom());
  x.watcher = x.other;
  x.deliver(boom());
  CHECK(x.found() == "0.000 s: a: DOWN r1 goes to a.2, but a.1 monitors");
}

TEST_CASE("a DOWN with another reason than the target's is found") {
  world x;
  x.end_object(boom());
  x.deliver(exit_reason::normal());
  CHECK(x.found()
        == "0.000 s: a: DOWN r1 says normal of b.1, which has ended by boom");
}

TEST_CASE("a DOWN of a process that is alive is found") {
  world x;
  x.deliver(exit_reason::noproc());
  CHECK(x.found() == "0.000 s: a: DOWN r1 says noproc of b.1, which is alive");
}

TEST_CASE("a watcher that is never told is found") {
  world x;
  x.end_object(boom());
  x.a.check_told(x.b);
  CHECK(x.found()
        == "0.000 s: a: a.1 monitors b.1, which has ended, and has got no DOWN "
           "of r1");
}

TEST_CASE("who is gone itself need not be told") {
  world x;
  x.end_object(boom());
  x.runtime_a.gone.insert(x.watcher);
  x.a.check_told(x.b);
  CHECK(x.found() == "");
}

TEST_CASE("a DOWN that is taken twice, or was not there, is found") {
  world twice;
  twice.end_object(boom());
  twice.deliver(boom());
  twice.a.received(twice.ref);
  CHECK(twice.found() == "");
  twice.a.received(twice.ref);
  CHECK(twice.found() == "0.000 s: a: DOWN r1 was received twice");
  world never;
  never.a.received(never.ref);
  CHECK(never.found().find("that was not delivered") != std::string::npos);
}

TEST_CASE("a process that is there again after its end is found") {
  world x;
  x.end_object(boom());
  x.runtime_b.gone.clear();
  CHECK(x.b.alive(x.object));
  CHECK(
    x.found()
    == "0.000 s: b: `alive` says that b.1 is there, whose end was reported");
}

TEST_CASE("a process that was denied before its end was reported is found") {
  world x;
  x.runtime_b.gone.insert(x.object);
  CHECK_FALSE(x.b.alive(x.object));
  x.b.exited(x.object, boom());
  CHECK(x.found().find("b: `alive` said no for b.1 before its end was reported")
        != std::string::npos);
}
