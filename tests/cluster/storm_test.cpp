#include "tests/cluster/watching_pair.hpp"
#include "tools/demo/down_ledger.hpp"

#include <doctest/doctest.h>

using namespace vigil;
using namespace vigil::test;

namespace {

constexpr int num_targets = 500;
constexpr int num_monitors = 5000;

/// Many monitors of one watcher on processes of another node.
struct storm : watching_pair {
  std::vector<std::string> targets;
  std::vector<std::string> refs;
  down_ledger ledger;

  storm() {
    for (int i = 0; i < num_targets; ++i)
      bravo.send("spawn p" + std::to_string(i));
    for (int i = 0; i < num_targets; ++i)
      targets.push_back(bravo.next_ok());
    for (int i = 0; i < num_monitors; ++i)
      alpha.send("monitor " + watcher + ' ' + object(i));
    for (int i = 0; i < num_monitors; ++i)
      refs.push_back(alpha.next_ok());
    bravo.await_counter("inbound", num_monitors);
    ledger.begin("storm");
  }

  /// What the monitor of this number watches: every second one by name.
  std::string object(int i) const {
    auto target = i % num_targets;
    auto by_name = i / num_targets % 2 != 0;
    return by_name ? bravo.named("p" + std::to_string(target))
                   : targets[static_cast<size_t>(target)];
  }

  void expect(int i, const std::string& reason) {
    ledger.expect("down " + watcher + ' ' + refs[static_cast<size_t>(i)] + ' '
                  + object(i) + ' ' + reason);
  }

  /// Waits for all that is expected.
  void await() {
    auto due = ledger.total().expected;
    auto is_down = [](const auto& line) { return starts_with(line, "down "); };
    while (ledger.total().received < due) {
      auto event = alpha.client().take_event(is_down);
      REQUIRE_MESSAGE(event, ledger.total().received << " of " << due);
      REQUIRE_MESSAGE(ledger.receive(event->text), event->text);
    }
  }

  /// Requires that nothing is left over.
  void finish() {
    CHECK(ledger.balanced());
    CHECK(alpha.ok("monitors " + watcher).empty());
    CHECK(alpha.counter("outbound") == 0);
    CHECK(words(alpha.ok("downs " + watcher)).size()
          == ledger.total().expected);
    CHECK(alpha.quit().empty());
  }
};

} // namespace

TEST_CASE("a storm of exits yields every DOWN exactly once") {
  storm x;
  for (int i = 0; i < num_monitors; ++i)
    x.expect(i, "storm" + std::to_string(i % num_targets));
  for (int i = 0; i < num_targets; ++i)
    x.bravo.send("exit " + x.targets[static_cast<size_t>(i)] + " storm"
                 + std::to_string(i));
  for (int i = 0; i < num_targets; ++i)
    x.bravo.next_ok();
  x.await();
  CHECK(x.bravo.counter("inbound") == 0);
  x.finish();
}

TEST_CASE("the loss of a node yields every DOWN exactly once") {
  storm x;
  for (int i = 0; i < num_monitors; ++i)
    x.expect(i, "noconnection");
  x.bravo.kill();
  x.await();
  x.finish();
}

TEST_CASE("a node that dies amidst a storm yields every DOWN exactly once") {
  storm x;
  for (int i = 0; i < num_targets; ++i)
    x.bravo.send("exit " + x.targets[static_cast<size_t>(i)] + " storm");
  // Some exits get through, some do not.
  x.bravo.next_ok();
  x.bravo.kill();
  auto is_down = [](const auto& line) { return starts_with(line, "down "); };
  std::vector<bool> seen(num_monitors);
  for (int i = 0; i < num_monitors; ++i) {
    auto event = x.alpha.client().take_event(is_down);
    REQUIRE(event);
    auto parts = words(event->text);
    REQUIRE(parts.size() == 5);
    REQUIRE((parts[4] == "storm" || parts[4] == "noconnection"));
    // References are handed out in order.
    auto number = std::stoull(parts[2].substr(5))
                  - std::stoull(x.refs.front().substr(5));
    REQUIRE(number < seen.size());
    REQUIRE(!seen[number]);
    seen[number] = true;
    REQUIRE(x.refs[number] == parts[2]);
    REQUIRE(x.object(static_cast<int>(number)) == parts[3]);
  }
  CHECK(x.alpha.counter("outbound") == 0);
  CHECK(x.alpha.quit().empty());
}

TEST_CASE("demonitors amidst a storm: each monitor ends in one way") {
  storm x;
  for (int i = 0; i < num_monitors; ++i) {
    x.alpha.send("demonitor " + x.watcher + ' ' + x.refs[static_cast<size_t>(i)]
                 + " info");
    if (i % 10 == 0)
      x.bravo.send("exit " + x.targets[static_cast<size_t>(i / 10)] + " storm");
  }
  for (int i = 0; i < num_targets; ++i)
    x.bravo.next_ok();
  int removed = 0;
  for (int i = 0; i < num_monitors; ++i) {
    if (x.alpha.next_ok() == "true")
      ++removed;
    else
      x.expect(i, "storm");
  }
  x.await();
  CHECK(removed > 0);
  x.bravo.await_counter("inbound", 0);
  x.finish();
}
