#include "tests/cluster/cluster.hpp"
#include "tests/cluster/mutual_watch.hpp"
#include "tests/cluster/watching_pair.hpp"

#include <doctest/doctest.h>

using namespace vigil;
using namespace vigil::test;

TEST_CASE_FIXTURE(watching_pair, "two nodes monitor each other's processes by "
                                 "pid and by name") {
  CHECK(alpha.ok("nodes") == bravo.name());
  CHECK(bravo.ok("nodes") == alpha.name());
  auto by_pid = watch(db);
  auto by_name = watch(bravo.named("db"));
  bravo.monitor(db, watcher);
  CHECK(alpha.ok("monitors " + watcher) == db + ' ' + bravo.named("db"));
  CHECK(bravo.ok("monitored_by " + db) == watcher + ' ' + watcher);
  alpha.await_counter("inbound", 1);
  CHECK(alpha.ok("monitored_by " + watcher) == db);

  const auto reason = "\"out of \\\"memory\\\"\"";
  bravo.exit(db, reason);
  alpha.sees_down(watcher, by_pid, db, reason);
  alpha.sees_down(watcher, by_name, bravo.named("db"), reason);
  // What the watcher held went with it.
  alpha.await_counter("inbound", 0);
  CHECK(alpha.ok("monitored_by " + watcher).empty());
  CHECK(alpha.counter("outbound") == 0);
  CHECK(bravo.counter("inbound") == 0);
  CHECK(bravo.counter("outbound") == 0);
  CHECK(alpha.quit().empty());
  CHECK(bravo.quit().empty());
}

TEST_CASE("a monitor connects by itself, and its DOWN has the true reason") {
  test_node bravo{"bravo"};
  test_node alpha{"alpha", {"--peer=bravo@" + bravo.address()}};
  auto watcher = alpha.ok("spawn");
  auto db = bravo.ok("spawn db");
  auto ref = alpha.monitor(watcher, db);
  alpha.sees("nodeup " + bravo.name());
  bravo.await_counter("inbound", 1);
  bravo.exit(db, "kaputt");
  alpha.sees_down(watcher, ref, db, "kaputt");
  for (const auto& object : {db, bravo.named("db")}) {
    ref = alpha.monitor(watcher, object);
    alpha.sees_down(watcher, ref, object, "noproc");
  }
  CHECK(alpha.quit().empty());
}

TEST_CASE_FIXTURE(watching_pair, "a name means whoever has it when the monitor "
                                 "arrives") {
  auto ref = watch(bravo.named("db"));
  bravo.ok("unregister db");
  auto second = bravo.ok("spawn db");
  bravo.exit(second, "wrong");
  bravo.exit(db, "right");
  alpha.sees_down(watcher, ref, bravo.named("db"), "right");
  CHECK(alpha.quit().empty());
}

TEST_CASE_FIXTURE(watching_pair,
                  "demonitor in time prevents the DOWN, for this "
                  "monitor only") {
  auto gone = watch(db);
  auto kept = watch(db);
  CHECK(alpha.ok("demonitor " + watcher + ' ' + gone + " info") == "true");
  bravo.await_counter("inbound", 1);
  CHECK(bravo.ok("monitored_by " + db) == watcher);
  bravo.exit(db, "bye");
  alpha.sees_down(watcher, kept, db, "bye");
  CHECK(alpha.ok("downs " + watcher) == kept + '/' + db + "/bye");
  CHECK(alpha.quit().empty());
}

TEST_CASE_FIXTURE(watching_pair, "a watcher that ends takes its monitors with "
                                 "it, on both nodes") {
  for (int i = 0; i < 10; ++i) {
    alpha.monitor(watcher, db);
    alpha.monitor(watcher, bravo.named("db"));
  }
  bravo.await_counter("inbound", 20);
  alpha.exit(watcher, "normal");
  bravo.await_counter("inbound", 0);
  alpha.await_counter("outbound", 0);
  CHECK(bravo.ok("monitored_by " + db).empty());
  bravo.exit(db, "normal");
  CHECK(alpha.quit().empty());
}

TEST_CASE_FIXTURE(watching_pair, "disconnecting ends the monitors of both "
                                 "sides") {
  mutual_watch watches{alpha, bravo};
  alpha.ok("disconnect " + bravo.name());
  watches.sees_loss("requested");
  CHECK(alpha.ok("nodes").empty());
  CHECK(bravo.ok("nodes").empty());
  // The address is remembered.
  alpha.ok("connect " + bravo.name());
  CHECK(alpha.ok("nodes") == bravo.name());
  CHECK(alpha.quit().empty());
  CHECK(bravo.quit().empty());
}

TEST_CASE("disconnecting from a node that is not connected is no error") {
  test_node alpha{"alpha"};
  CHECK(alpha.ok("disconnect bravo@127.0.0.1").empty());
  CHECK(alpha.ok("disconnect bravo@127.0.0.1").empty());
}

TEST_CASE_FIXTURE(watching_pair, "a demonitor that crosses the exit yields "
                                 "either true or one DOWN") {
  int caught = 0;
  constexpr int rounds = 200;
  for (int round = 0; round < rounds; ++round) {
    CAPTURE(round);
    auto target = bravo.ok("spawn");
    auto ref = watch(target);
    // Sometimes this one first, sometimes that one.
    if (round % 2 == 0)
      bravo.send(join({"exit", target, "bye"}));
    auto live = alpha.ok(join({"demonitor", watcher, ref, "info"}));
    if (round % 2 != 0)
      bravo.send(join({"exit", target, "bye"}));
    bravo.next_ok();
    if (live == "true") {
      ++caught;
    } else {
      // It was delivered before the answer.
      alpha.sees_down(watcher, ref, target, "bye");
      CHECK(words(alpha.ok("downs " + watcher)).size() == 1);
    }
    bravo.await_counter("inbound", 0);
    REQUIRE(alpha.counter("outbound") == 0);
  }
  CHECK(caught >= rounds / 2);
  CHECK(alpha.ok("downs " + watcher).empty());
  CHECK(alpha.quit().empty());
}

TEST_CASE("several nodes watch one process, each gets its DOWN") {
  test_node bravo{"bravo"};
  test_node one{"one"};
  test_node two{"two"};
  test_node three{"three"};
  auto db = bravo.ok("spawn db");
  struct watch {
    test_node* node;
    std::string watcher;
    std::string ref;
  };
  std::vector<watch> watches;
  for (auto* node : {&one, &two, &three}) {
    node->connect(bravo);
    auto watcher = node->ok("spawn");
    watches.push_back({node, watcher, node->monitor(watcher, db)});
  }
  bravo.await_counter("inbound", 3);
  CHECK(words(bravo.ok("monitored_by " + db)).size() == 3);
  bravo.exit(db, "enough");
  for (auto& x : watches)
    x.node->sees_down(x.watcher, x.ref, db, "enough");
  for (auto* node : {&one, &two, &three})
    CHECK(node->quit().empty());
}
