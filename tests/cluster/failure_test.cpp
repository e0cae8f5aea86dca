#include "tests/cluster/fair_stopwatch.hpp"
#include "tests/cluster/mutual_watch.hpp"
#include "tests/cluster/relay.hpp"
#include "tests/cluster/watching_pair.hpp"

#include <doctest/doctest.h>

using namespace vigil;
using namespace vigil::test;

TEST_CASE_FIXTURE(watching_pair,
                  "a node that is killed yields noconnection and "
                  "then nodedown") {
  auto by_pid = watch(db);
  auto by_name = watch(bravo.named("db"));
  bravo.monitor(db, watcher);
  alpha.await_counter("inbound", 1);
  bravo.kill();
  auto nodedown = alpha.client().take_event("nodedown bravo@127.0.0.1 closed");
  REQUIRE(nodedown);
  for (const auto& line :
       {join({"down", watcher, by_pid, db, "noconnection"}),
        join({"down", watcher, by_name, bravo.named("db"), "noconnection"})}) {
    auto down = alpha.client().take_event(line, 0s);
    REQUIRE(down);
    CHECK(down->at <= nodedown->at);
  }
  CHECK(alpha.ok("nodes").empty());
  CHECK(alpha.ok("monitors " + watcher).empty());
  CHECK(alpha.ok("monitored_by " + watcher).empty());
  CHECK(alpha.counter("outbound") == 0);
  CHECK(alpha.counter("inbound") == 0);
  // Nobody is there to connect to.
  CHECK(alpha.error("connect " + bravo.name()) == "no_connection");
  auto ref = alpha.monitor(watcher, db);
  alpha.sees_down(watcher, ref, db, "noconnection");
  CHECK(alpha.quit().empty());
}

TEST_CASE_FIXTURE(watching_pair, "a node that quits yields noconnection, and "
                                 "nodedown with shutdown") {
  auto web = bravo.ok("spawn");
  auto lost = watch(db);
  auto reported = watch(web);
  // An exit reported before is flushed.
  bravo.send("exit " + web + " \"the last word\"");
  bravo.send("quit");
  bravo.next_ok();
  bravo.next_ok();
  CHECK(bravo.client().wait_end() == 0);
  alpha.sees_down(watcher, reported, web, "\"the last word\"");
  alpha.sees_down(watcher, lost, db, "noconnection");
  alpha.sees("nodedown bravo@127.0.0.1 shutdown");
  CHECK(alpha.quit().empty());
}

TEST_CASE("the pid of a node's former life is noproc after its restart") {
  test_node alpha{"alpha"};
  auto watcher = alpha.ok("spawn");
  std::string former;
  std::string creation;
  uint16_t port = 0;
  {
    test_node bravo{"bravo"};
    alpha.connect(bravo);
    former = bravo.ok("spawn db");
    creation = bravo.client().life();
    port = bravo.port();
    bravo.kill();
  }
  alpha.sees("nodedown bravo@127.0.0.1 closed");
  test_node bravo{"bravo", {"--listen=" + std::to_string(port)}};
  CHECK(bravo.port() == port);
  CHECK(bravo.client().life() != creation);
  auto db = bravo.ok("spawn db");
  CHECK(db != former);
  // The address is remembered, and the monitor dials.
  auto ref = alpha.monitor(watcher, former);
  alpha.sees_down(watcher, ref, former, "noproc");
  alpha.sees("nodeup " + bravo.name());
  ref = alpha.monitor(watcher, bravo.named("db"));
  bravo.await_counter("inbound", 1);
  CHECK(bravo.ok("monitored_by " + db) == watcher);
  bravo.exit(db, "again");
  alpha.sees_down(watcher, ref, bravo.named("db"), "again");
  // Nor can a watcher of the former life be used on its own node.
  CHECK(bravo.error("monitor " + former + ' ' + watcher) == "noproc");
  CHECK(alpha.quit().empty());
}

TEST_CASE("a node that restarts at once is down first and then up") {
  test_node alpha{"alpha"};
  auto watcher = alpha.ok("spawn");
  auto bravo = std::make_unique<test_node>("bravo");
  alpha.connect(*bravo);
  auto port = std::to_string(bravo->port());
  for (int round = 0; round < 5; ++round) {
    CAPTURE(round);
    auto db = bravo->ok("spawn db");
    auto ref = alpha.monitor(watcher, db);
    bravo->await_counter("inbound", 1);
    bravo->kill();
    bravo = std::make_unique<test_node>("bravo",
                                        test_node::options{"--listen=" + port});
    bravo->ok("connect " + alpha.name() + ' ' + alpha.address());
    alpha.sees_down(watcher, ref, db, "noconnection");
    auto down = alpha.client().take_event("nodedown bravo@127.0.0.1 closed");
    auto up = alpha.client().take_event("nodeup bravo@127.0.0.1");
    REQUIRE(down);
    REQUIRE(up);
    CHECK(down->at <= up->at);
  }
  CHECK(alpha.quit().empty());
}

TEST_CASE_FIXTURE(watching_pair, "a second node of the same name is refused, "
                                 "the first stays") {
  auto ref = watch(db);
  test_node impostor{"bravo"};
  auto answer
    = impostor.client().ask("connect " + alpha.name() + ' ' + alpha.address());
  CHECK(starts_with(answer, "error no_connection "));
  CHECK(answer.find("duplicate_name") != std::string::npos);
  CHECK(impostor.ok("nodes").empty());
  auto stranger = impostor.ok("spawn");
  auto refused = impostor.monitor(stranger, alpha.named("x"));
  impostor.sees_down(stranger, refused, alpha.named("x"), "noconnection");
  // The first has not noticed.
  CHECK(alpha.ok("nodes") == bravo.name());
  bravo.exit(db, "fine");
  alpha.sees_down(watcher, ref, db, "fine");
  for (const auto& event : alpha.client().take_events())
    CHECK(event.text == "nodeup bravo@127.0.0.1");
  CHECK(alpha.quit().empty());
}

TEST_CASE(
  "a node that stops longer than the tick time is lost and comes back") {
  constexpr auto tick_time = 2000ms;
  watching_pair pair{{"--net-ticktime=2s"}};
  auto& [alpha, bravo, watcher, db] = pair;
  auto ref = pair.watch(db);
  auto before_last_word = node_client::clock::now();
  alpha.ok("sync " + bravo.name());
  bravo.pause();
  fair_stopwatch time{{&alpha}};
  alpha.sees_down(watcher, ref, db, "noconnection");
  auto down = alpha.sees_at("nodedown bravo@127.0.0.1 net_tick_timeout");
  CHECK(down - before_last_word >= tick_time);
  time.check_within("noticed", tick_time * 5 / 4, down);
  bravo.resume();
  // Whether it still hears why depends on when its peer hung up.
  REQUIRE(bravo.client().take_event([](const auto& line) {
    return line == "nodedown alpha@127.0.0.1 net_tick_timeout"
           || line == "nodedown alpha@127.0.0.1 closed";
  }));
  CHECK(bravo.ok("monitored_by " + db).empty());
  alpha.ok("connect " + bravo.name());
  ref = pair.watch(db);
  bravo.exit(db, "\"really\"");
  alpha.sees_down(watcher, ref, db, "\"really\"");
  CHECK(alpha.quit().empty());
  CHECK(bravo.quit().empty());
}

TEST_CASE("a node that stops for less than the tick time loses nothing") {
  watching_pair pair{{"--net-ticktime=5s"}, {"--net-ticktime=5s"}};
  auto& [alpha, bravo, watcher, db] = pair;
  auto first = alpha.monitor(watcher, db);
  bravo.pause();
  // Arrives when bravo goes on.
  auto second = alpha.request_monitor(watcher, bravo.named("db"));
  alpha.does_not_see("node", 500ms);
  bravo.resume();
  bravo.await_counter("inbound", 2);
  bravo.exit(db, "well");
  alpha.sees_down(watcher, first, db, "well");
  alpha.sees_down(watcher, second, bravo.named("db"), "well");
  CHECK(alpha.ok("nodes") == bravo.name());
  CHECK(alpha.quit().empty());
}

TEST_CASE("monitors of a node that is silent are answered at once, and hold up "
          "nothing else") {
  // Nobody is to find out: whoever waits for that waits in vain.
  watching_pair pair{{"--net-ticktime=1h"}, {"--net-ticktime=1h"}};
  auto& [alpha, bravo, watcher, db] = pair;
  bravo.pause();
  auto echo = alpha.ok("spawn");
  auto local = alpha.monitor(watcher, echo);
  for (int i = 0; i < 250; ++i)
    alpha.request_monitor(watcher, db);
  alpha.exit(echo, "done");
  alpha.sees_down(watcher, local, echo, "done");
  CHECK(alpha.ok("nodes") == bravo.name());
  bravo.resume();
  CHECK(alpha.ok("sync " + bravo.name()).empty());
  CHECK(bravo.counter("inbound") == 250);
  CHECK(alpha.error("sync nobody@127.0.0.1") == "no_connection");
}

TEST_CASE("a node that was paused does not blame its peer for the silence") {
  // Bravo is patient for less time than it will be paused.
  constexpr auto tick_time = 2000ms;
  test_node bravo{"bravo", {"--net-ticktime=2s"}};
  relay link{bravo.port()};
  test_node alpha{"alpha",
                  {"--net-ticktime=1h", "--peer=bravo@" + link.address()}};
  alpha.ok("connect " + bravo.name());
  mutual_watch watch{alpha, bravo};
  // Nor does it find words of alpha's before it can judge.
  link.stall(relay::to_node);
  bravo.pause();
  alpha.does_not_see("nodedown", tick_time * 5 / 4);
  bravo.resume();
  CHECK(bravo.counter("inbound") == 1);
  link.resume();
  // Once it has heard of alpha again, it has judged what was before.
  bravo.ok("sync " + alpha.name());
  for (const auto& event : bravo.client().take_events())
    CHECK_MESSAGE(!starts_with(event.text, "nodedown"), event.text);
  bravo.exit(watch.there, "well");
  alpha.sees_down(watch.here, watch.outward, watch.there, "well");
}

TEST_CASE("nodes that have nothing to say stay connected") {
  constexpr auto tick_time = 2000ms;
  test_node alpha{"alpha", {"--net-ticktime=2s"}};
  test_node bravo{"bravo", {"--net-ticktime=2s"}};
  alpha.connect(bravo);
  // Without a command, so that only their own clocks wake them.
  alpha.does_not_see("nodedown", tick_time * 3 / 2);
  CHECK(alpha.ok("nodes") == bravo.name());
  CHECK(bravo.ok("nodes") == alpha.name());
  CHECK(alpha.counter("ticks_sent") > 0);
}
