#include "tests/cluster/cluster.hpp"

#include <doctest/doctest.h>

using namespace vigil;
using namespace vigil::test;

TEST_CASE("two nodes monitor each other's processes by pid and by name") {
  test_node alpha{"alpha"};
  test_node bravo{"bravo"};
  alpha.connect(bravo);
  CHECK(alpha.ok("nodes") == bravo.name());
  CHECK(bravo.ok("nodes") == alpha.name());
  auto a = alpha.ok("spawn db");
  auto b = bravo.ok("spawn db");
  auto by_pid = alpha.monitor(a, b);
  auto by_name = alpha.monitor(a, bravo.named("db"));
  bravo.monitor(b, a);
  CHECK(alpha.ok("monitors " + a) == b + ' ' + bravo.named("db"));
  bravo.await_counter("inbound", 2);
  CHECK(bravo.ok("monitored_by " + b) == a + ' ' + a);
  alpha.await_counter("inbound", 1);
  CHECK(alpha.ok("monitored_by " + a) == b);

  bravo.exit(b, "\"out of \\\"memory\\\"\"");
  alpha.sees_down(a, by_pid, b, "\"out of \\\"memory\\\"\"");
  alpha.sees_down(a, by_name, bravo.named("db"), "\"out of \\\"memory\\\"\"");
  // What the watcher held went with it.
  alpha.await_counter("inbound", 0);
  CHECK(alpha.ok("monitored_by " + a).empty());
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

TEST_CASE("a name means whoever has it when the monitor arrives") {
  test_node alpha{"alpha"};
  test_node bravo{"bravo"};
  alpha.connect(bravo);
  auto watcher = alpha.ok("spawn");
  auto first = bravo.ok("spawn db");
  auto ref = alpha.monitor(watcher, bravo.named("db"));
  bravo.await_counter("inbound", 1);
  bravo.ok("unregister db");
  auto second = bravo.ok("spawn db");
  bravo.exit(second, "wrong");
  bravo.exit(first, "right");
  alpha.sees_down(watcher, ref, bravo.named("db"), "right");
  CHECK(alpha.quit().empty());
}

TEST_CASE("demonitor in time prevents the DOWN, for this monitor only") {
  test_node alpha{"alpha"};
  test_node bravo{"bravo"};
  alpha.connect(bravo);
  auto watcher = alpha.ok("spawn");
  auto db = bravo.ok("spawn");
  auto gone = alpha.monitor(watcher, db);
  auto kept = alpha.monitor(watcher, db);
  bravo.await_counter("inbound", 2);
  CHECK(alpha.ok("demonitor " + watcher + ' ' + gone + " info") == "true");
  bravo.await_counter("inbound", 1);
  CHECK(bravo.ok("monitored_by " + db) == watcher);
  bravo.exit(db, "bye");
  alpha.sees_down(watcher, kept, db, "bye");
  CHECK(alpha.ok("downs " + watcher) == kept + '/' + db + "/bye");
  CHECK(alpha.quit().empty());
}

TEST_CASE("a watcher that ends takes its monitors with it, on both nodes") {
  test_node alpha{"alpha"};
  test_node bravo{"bravo"};
  alpha.connect(bravo);
  auto watcher = alpha.ok("spawn");
  auto db = bravo.ok("spawn db");
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

TEST_CASE("disconnecting ends the monitors of both sides") {
  test_node alpha{"alpha"};
  test_node bravo{"bravo"};
  alpha.connect(bravo);
  auto a = alpha.ok("spawn");
  auto b = bravo.ok("spawn");
  auto there = alpha.monitor(a, b);
  auto back = bravo.monitor(b, a);
  alpha.ok("disconnect " + bravo.name());
  alpha.sees_down(a, there, b, "noconnection");
  alpha.sees("nodedown bravo@127.0.0.1 requested");
  bravo.sees_down(b, back, a, "noconnection");
  bravo.sees("nodedown alpha@127.0.0.1 requested");
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

TEST_CASE("a demonitor that crosses the exit yields either true or one DOWN") {
  test_node alpha{"alpha"};
  test_node bravo{"bravo"};
  alpha.connect(bravo);
  auto watcher = alpha.ok("spawn");
  int caught = 0;
  constexpr int rounds = 200;
  for (int round = 0; round < rounds; ++round) {
    CAPTURE(round);
    auto db = bravo.ok("spawn");
    auto ref = alpha.monitor(watcher, db);
    bravo.await_counter("inbound", 1);
    // Sometimes this one first, sometimes that one.
    if (round % 2 == 0)
      bravo.send(join({"exit", db, "bye"}));
    auto live = alpha.ok(join({"demonitor", watcher, ref, "info"}));
    if (round % 2 != 0)
      bravo.send(join({"exit", db, "bye"}));
    bravo.next_ok();
    if (live == "true") {
      ++caught;
    } else {
      // It was delivered before the answer.
      alpha.sees_down(watcher, ref, db, "bye");
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
