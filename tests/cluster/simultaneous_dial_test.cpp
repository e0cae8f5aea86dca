// Two real nodes that dial each other at the same instant, again and again.

#include "tests/cluster/cluster.hpp"

#include <doctest/doctest.h>

using namespace vigil;
using namespace vigil::test;

namespace {

constexpr int rounds = 300;

/// Two nodes that know each other's address, and a process on each.
struct eager_pair {
  test_node alpha{"alpha"};
  test_node bravo{"bravo", {"--peer=alpha@" + alpha.address()}};
  std::string a = alpha.ok("spawn db");
  std::string b = bravo.ok("spawn db");

  eager_pair() {
    // Makes bravo's address known to alpha.
    alpha.connect(bravo);
    part();
  }

  /// Requires that in most rounds both nodes have dialled, so that the dials
  /// crossed.
  void check_dials() {
    auto dials = alpha.counter("dials") + bravo.counter("dials");
    CAPTURE(dials);
    CHECK(dials > static_cast<uint64_t>(rounds) * 3 / 2);
  }

  void part() {
    alpha.ok("disconnect " + bravo.name());
    alpha.sees("nodedown bravo@127.0.0.1 requested");
    bravo.sees("nodedown alpha@127.0.0.1 requested");
  }

  /// Requires that the monitors each has of the other end once, with the loss
  /// of the one session there was, and that nothing else happened.
  void loses(const std::string& outward, const std::string& there,
             const std::string& backward, const std::string& here) {
    alpha.sees("nodeup bravo@127.0.0.1");
    bravo.sees("nodeup alpha@127.0.0.1");
    alpha.await_counter("inbound", 1);
    bravo.await_counter("inbound", 1);
    CHECK(alpha.ok("nodes") == bravo.name());
    CHECK(bravo.ok("nodes") == alpha.name());
    part();
    alpha.sees_down(a, outward, there, "noconnection");
    bravo.sees_down(b, backward, here, "noconnection");
    for (auto* node : {&alpha, &bravo}) {
      for (const auto& event : node->client().take_events())
        FAIL_CHECK(node->name() << " also prints " << event.text);
      CHECK(node->counter("outbound") == 0);
      CHECK(node->counter("inbound") == 0);
    }
  }
};

} // namespace

TEST_CASE("a storm of simultaneous dials: nodes that connect to each other at "
          "once have one session") {
  eager_pair x;
  for (int round = 0; round < rounds; ++round) {
    CAPTURE(round);
    x.alpha.send("connect " + x.bravo.name());
    x.bravo.send("connect " + x.alpha.name());
    x.alpha.next_ok();
    x.bravo.next_ok();
    x.loses(x.alpha.monitor(x.a, x.b), x.b, x.bravo.monitor(x.b, x.a), x.a);
  }
  x.check_dials();
  CHECK(x.alpha.quit().empty());
  CHECK(x.bravo.quit().empty());
}

TEST_CASE("a storm of simultaneous dials: monitors that dial at once are each "
          "granted and end once") {
  eager_pair x;
  auto there = x.bravo.named("db");
  auto here = x.alpha.named("db");
  for (int round = 0; round < rounds; ++round) {
    CAPTURE(round);
    x.alpha.send(join({"monitor", x.a, there}));
    x.bravo.send(join({"monitor", x.b, here}));
    auto outward = x.alpha.next_ok();
    auto backward = x.bravo.next_ok();
    x.loses(outward, there, backward, here);
  }
  x.check_dials();
  CHECK(x.alpha.quit().empty());
  CHECK(x.bravo.quit().empty());
}
