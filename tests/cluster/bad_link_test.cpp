// Two real nodes whose only link stalls, delays or is slow. Nothing of it
// closes a connection.

#include "tests/cluster/cluster.hpp"
#include "tests/cluster/fair_stopwatch.hpp"
#include "tests/cluster/mutual_watch.hpp"
#include "tests/cluster/relay.hpp"

#include <doctest/doctest.h>

using namespace vigil;
using namespace vigil::test;

namespace {

/// Long enough that a quarter of it, which is what a stall of half of it leaves
/// between two ticks, is no time for which a busy machine forgets a node.
constexpr auto tick_time = 1600ms;

const test_node::options patient = {"--net-ticktime=1600ms"};

/// Two nodes; alpha knows bravo by the address of the relay.
struct linked_pair {
  test_node bravo{"bravo", patient};
  relay link{bravo.port()};
  test_node alpha{"alpha", {patient[0], "--peer=bravo@" + link.address()}};

  linked_pair() {
    alpha.ok("connect " + bravo.name());
    alpha.sees("nodeup " + bravo.name());
    bravo.sees("nodeup " + alpha.name());
  }

  /// Requires that neither node has lost the other.
  void is_undisturbed() {
    for (auto* node : {&alpha, &bravo})
      for (const auto& event : node->client().take_events())
        CHECK_MESSAGE(!starts_with(event.text, "node"),
                      node->name() << " sees " << event.text);
  }
};

/// Stalls the link, in one direction or both, and requires that both nodes
/// notice, neither too early nor too late.
template <class... Direction>
void lose(linked_pair& x, mutual_watch& watch, Direction... direction) {
  auto before_last_word = watch.speak();
  x.link.stall(direction...);
  fair_stopwatch time{{&x.alpha, &x.bravo}};
  watch.sees_loss("net_tick_timeout");
  for (auto down : {watch.first_down, watch.second_down}) {
    CHECK(down - before_last_word >= tick_time);
    time.check_within("noticed", tick_time * 5 / 4, down);
  }
}

} // namespace

TEST_CASE("a link that stalls in one direction is lost at both ends") {
  for (auto direction : {relay::to_node, relay::to_caller}) {
    CAPTURE(direction);
    linked_pair x;
    mutual_watch watch{x.alpha, x.bravo};
    // The deaf side notices the silence and can still say goodbye.
    lose(x, watch, direction);
    x.link.resume();
    watch.works();
    watch.finish();
  }
}

TEST_CASE("a link that stalls in both directions is lost at both ends") {
  linked_pair x;
  mutual_watch watch{x.alpha, x.bravo};
  lose(x, watch);
  // A monitor that is made now waits for the link.
  auto ref = x.alpha.request_monitor(watch.here, watch.there);
  x.link.resume();
  x.bravo.await_answer("monitored_by " + watch.there, watch.here);
  x.bravo.exit(watch.there, "true");
  x.alpha.sees_down(watch.here, ref, watch.there, "true");
  watch.works();
  watch.finish();
}

TEST_CASE("delays of up to half the tick time lose nothing") {
  linked_pair x;
  mutual_watch watch{x.alpha, x.bravo};
  x.link.delay(tick_time / 2, 4711);
  // Nothing but ticks at first.
  x.alpha.does_not_see("node", 4 * tick_time);
  auto end = node_client::clock::now() + 2 * tick_time;
  while (node_client::clock::now() < end)
    watch.works();
  x.is_undisturbed();
  x.link.delay(0ms, 0);
  x.bravo.exit(watch.there, "late");
  x.alpha.sees_down(watch.here, watch.outward, watch.there, "late");
  x.bravo.await_counter("outbound", 0);
  watch.finish();
}

TEST_CASE("stalls of half the tick time lose nothing, however often") {
  linked_pair x;
  mutual_watch watch{x.alpha, x.bravo};
  for (int round = 0; round < 8; ++round) {
    CAPTURE(round);
    if (round % 3 == 0)
      x.link.stall();
    else
      x.link.stall(round % 3 == 1 ? relay::to_node : relay::to_caller);
    auto db = x.bravo.ok("spawn");
    auto ref = x.alpha.request_monitor(watch.here, db);
    x.bravo.exit(db, "late");
    x.alpha.does_not_see("node", tick_time / 2);
    x.link.resume();
    auto end = x.alpha.client().take_event([&](const auto& line) {
      return starts_with(line, join({"down", watch.here, ref, db}));
    });
    REQUIRE(end);
    // Whether the monitor or the exit came first depends on the direction.
    auto reason = words(end->text).back();
    INFO(x.alpha.client().process().errors());
    INFO(x.bravo.client().process().errors());
    CHECK((reason == "late" || reason == "noproc"));
  }
  x.is_undisturbed();
  x.bravo.exit(watch.there, "last");
  x.alpha.sees_down(watch.here, watch.outward, watch.there, "last");
  watch.finish();
}

TEST_CASE("over a slow link everything arrives, in order") {
  constexpr int num_targets = 300;
  constexpr size_t bytes_per_second = 120'000;
  linked_pair x;
  mutual_watch watch{x.alpha, x.bravo};
  std::vector<std::string> targets;
  std::vector<std::string> refs;
  targets.reserve(num_targets);
  refs.reserve(num_targets);
  for (int i = 0; i < num_targets; ++i) {
    targets.push_back(x.bravo.ok("spawn"));
    refs.push_back(x.alpha.monitor(watch.here, targets.back()));
  }
  x.bravo.await_counter("inbound", num_targets + 1);
  x.link.throttle(bytes_per_second);
  auto start = node_client::clock::now();
  auto before = x.link.forwarded(relay::to_caller);
  auto reason = [](int i) {
    return '"' + std::to_string(i) + std::string(2000, '.') + '"';
  };
  for (int i = 0; i < num_targets; ++i)
    x.bravo.send(join({"exit", targets[static_cast<size_t>(i)], reason(i)}));
  for (int i = 0; i < num_targets; ++i)
    x.bravo.next_ok();
  for (int i = 0; i < num_targets; ++i) {
    CAPTURE(i);
    auto event = x.alpha.client().take_event(
      [](const auto& line) { return starts_with(line, "down "); });
    REQUIRE(event);
    auto target = static_cast<size_t>(i);
    REQUIRE(
      event->text
      == join({"down", watch.here, refs[target], targets[target], reason(i)}));
  }
  // The link was slow indeed, for several tick times.
  auto taken = node_client::clock::now() - start;
  auto bytes = x.link.forwarded(relay::to_caller) - before;
  CHECK(bytes > num_targets * 2000);
  CHECK(taken > 3 * tick_time);
  x.is_undisturbed();
  x.link.throttle(0);
  x.bravo.exit(watch.there, "last");
  x.alpha.sees_down(watch.here, watch.outward, watch.there, "last");
  watch.finish();
}
