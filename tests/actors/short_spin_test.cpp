// How long the node's thread looks for more before it sleeps.

#include "actors/loop/short_spin.hpp"

#include <caf/all.hpp>
#include <caf/io/network/test_multiplexer.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <vector>

using namespace vigil;

namespace {

/// Notes what it shall run.
class idle_loop final : public caf::io::network::test_multiplexer {
public:
  using test_multiplexer::test_multiplexer;

  void exec_later(caf::resumable* x) override {
    taken.emplace_back(x, false);
  }

  std::vector<caf::intrusive_ptr<caf::resumable>> taken;
};

/// Comes back at once, whatever else the machine has to do.
time_point yield_shortly(time_point now) {
  return now;
}

/// Comes back late, as where somebody else has got the core.
time_point yield_for_long(time_point now) {
  return now + std::chrono::milliseconds{1};
}

struct spin_world {
  explicit spin_world(timespan length,
                      short_spin::yield_fun yield = yield_shortly)
    : spin(caf::make_counted<short_spin>(loop, length, yield)) {
    // nop
  }

  /// Runs the spin once; returns whether it goes on.
  bool turn() {
    return spin->resume(&loop, 1) == caf::resumable::resume_later;
  }

  /// Starts it; returns whether the loop was asked to run it.
  bool start() {
    auto before = loop.taken.size();
    spin->start();
    return loop.taken.size() > before;
  }

  caf::actor_system_config config;
  caf::actor_system system{config};
  idle_loop loop{&system};
  caf::intrusive_ptr<short_spin> spin;
};

constexpr timespan long_time = std::chrono::hours{1};
constexpr timespan no_time{1};

} // namespace

TEST_CASE("spin: it runs once however often it is started") {
  spin_world w{long_time};
  CHECK(w.start());
  CHECK(w.turn());
  CHECK_FALSE(w.start());
  CHECK(w.turn());
}

TEST_CASE("spin: it ends when its time is over and can start again") {
  spin_world w{no_time};
  CHECK(w.start());
  CHECK_FALSE(w.turn());
  CHECK(w.start());
}

TEST_CASE("spin: where others want the core it sleeps, each time for longer") {
  using clock = std::chrono::steady_clock;
  spin_world w{long_time, yield_for_long};
  REQUIRE(w.start());
  for (auto rest : {10, 20, 40}) {
    auto before = clock::now();
    REQUIRE_FALSE(w.turn());
    while (!w.start()) {
      // nop
    }
    CHECK(clock::now() - before >= std::chrono::milliseconds{rest});
  }
}

TEST_CASE("spin: of no length it never starts") {
  spin_world w{timespan{0}};
  CHECK_FALSE(w.start());
}

TEST_CASE("spin: what is wrong eight times in a row tries every eighth time") {
  spin_world w{no_time};
  for (int i = 0; i < 8; ++i) {
    REQUIRE(w.start());
    REQUIRE_FALSE(w.turn());
  }
  for (int i = 0; i < 7; ++i)
    CHECK_FALSE(w.start());
  CHECK(w.start());
  // More comes while it spins: it was right, and tries each time again.
  CHECK_FALSE(w.start());
  CHECK_FALSE(w.turn());
  CHECK(w.start());
}
