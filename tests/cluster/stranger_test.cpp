#include "tests/cluster/cluster.hpp"
#include "tests/cluster/tcp.hpp"
#include "tests/cluster/watching_pair.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace vigil;
using namespace vigil::test;

namespace {

/// Requires that a node refuses to connect, and returns why.
std::string refusal(test_node& node, const std::string& arguments) {
  auto answer = node.client().ask("connect " + arguments);
  CHECK(starts_with(answer, "error no_connection "));
  return answer;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("a peer that is not vigil is refused, whatever it says") {
  test_node alpha{"alpha", {"--net-setuptime=2s"}};
  test_node bravo{"bravo"};
  auto watcher = alpha.ok("spawn");
  tcp_listener stranger;
  const std::string ghost = "ghost@127.0.0.1";
  std::vector<descriptor> callers;

  SUBCASE("it is mute") {
    CHECK(contains(refusal(alpha, ghost + ' ' + stranger.address()),
                   "setup_timeout"));
  }
  SUBCASE("it speaks another language") {
    alpha.send("connect " + ghost + ' ' + stranger.address());
    auto caller = stranger.accept();
    tcp_send(caller, "HTTP/1.1 400 Bad Request\r\n\r\n"
                     "a text that is longer than any header");
    auto answer = alpha.client().answer();
    REQUIRE(answer);
    CHECK(starts_with(answer->text, "error no_connection "));
    callers.push_back(std::move(caller));
  }
  SUBCASE("it closes at once") {
    alpha.send("connect " + ghost + ' ' + stranger.address());
    stranger.accept();
    auto answer = alpha.client().answer();
    REQUIRE(answer);
    CHECK(starts_with(answer->text, "error no_connection "));
  }
  // Dialling it disturbs nothing, neither during nor after.
  auto ref = alpha.ok("monitor " + watcher + " {db," + ghost + '}');
  alpha.connect(bravo);
  alpha.sees_down(watcher, ref, "{db," + ghost + '}', "noconnection");
  CHECK(alpha.ok("nodes") == bravo.name());
  CHECK(alpha.quit().empty());
}

TEST_CASE("a dial that hangs holds up no other") {
  // Longer than anybody here waits for anything else.
  test_node alpha{"alpha", {"--net-setuptime=1h"}};
  test_node bravo{"bravo"};
  test_node ghost{"ghost"};
  auto watcher = alpha.ok("spawn");
  auto db = bravo.ok("spawn");
  // Makes an address known under which nobody answers.
  alpha.connect(ghost);
  alpha.ok("disconnect " + ghost.name());
  ghost.sees("nodedown alpha@127.0.0.1 requested");
  ghost.pause();
  auto hanging = alpha.request_monitor(watcher, ghost.named("db"));
  alpha.await_counter("dials", 2);
  alpha.connect(bravo);
  auto ref = alpha.monitor(watcher, db);
  bravo.await_counter("inbound", 1);
  bravo.exit(db, "quick");
  alpha.sees_down(watcher, ref, db, "quick");
  // It hung all the time, and ends well.
  CHECK(alpha.ok("monitors " + watcher) == ghost.named("db"));
  ghost.resume();
  alpha.sees_down(watcher, hanging, ghost.named("db"), "noproc");
}

TEST_CASE("a node that cannot be reached is refused with the cause") {
  test_node alpha{"alpha"};
  uint16_t port = 0;
  {
    tcp_listener gone;
    port = gone.port();
  }
  CHECK(contains(refusal(alpha,
                         "ghost@127.0.0.1 127.0.0.1:" + std::to_string(port)),
                 "refused"));
  CHECK(contains(refusal(alpha, "nobody@127.0.0.1"), "unresolvable"));
  CHECK(contains(refusal(alpha, "other@127.0.0.1 no-such-host.invalid:4000"),
                 "unresolvable"));
  auto watcher = alpha.ok("spawn");
  for (const std::string node :
       {"ghost@127.0.0.1", "nobody@127.0.0.1", "other@127.0.0.1"}) {
    auto object = "{db," + node + '}';
    auto ref = alpha.monitor(watcher, object);
    alpha.sees_down(watcher, ref, object, "noconnection");
  }
  CHECK(alpha.quit().empty());
}

TEST_CASE("a node that answers under another name is refused") {
  test_node alpha{"alpha"};
  test_node bravo{"bravo"};
  CHECK(contains(refusal(alpha, "ghost@127.0.0.1 " + bravo.address()),
                 "wrong_name"));
  CHECK(alpha.ok("nodes").empty());
  alpha.connect(bravo);
  CHECK(alpha.quit().empty());
}

TEST_CASE("a node does not connect to itself") {
  test_node alpha{"alpha"};
  auto answer
    = alpha.client().ask("connect " + alpha.name() + ' ' + alpha.address());
  CAPTURE(answer);
  CHECK((answer == "ok" || starts_with(answer, "error ")));
  CHECK(alpha.ok("nodes").empty());
  // And can still be used.
  auto watcher = alpha.ok("spawn");
  auto ref = alpha.monitor(watcher, alpha.named("x"));
  alpha.sees_down(watcher, ref, alpha.named("x"), "noproc");
}

TEST_CASE("what strangers send to a node's port disturbs nothing") {
  watching_pair pair{{}, {"--net-setuptime=2s"}};
  auto& [alpha, bravo, watcher, db] = pair;
  auto ref = pair.watch(db);

  std::mt19937 random{4711};
  auto noise = [&](size_t size) {
    std::string result;
    for (size_t i = 0; i < size; ++i)
      result += static_cast<char>(random());
    return result;
  };
  // A header of CAF's protocol: operation, two unused bytes, flags, the size of
  // what follows, and three words of eight bytes. Operation 1 needs something
  // to follow: without, CAF 0.17.6 itself breaks down.
  auto header = [](char operation, char size) {
    std::string result(36, '\0');
    result[0] = operation;
    result[7] = size;
    return result;
  };
  std::vector<descriptor> open;
  for (const auto& bytes :
       {"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"s, std::string(36, '\0'),
        std::string(1, '\0'), std::string(4096, '\0'), std::string(36, '\xff'),
        header(0, 0), header(1, 8) + "12345678", header(2, 8) + "12345678",
        header(3, 0), header(4, 0), header(5, 1) + '\0', header(6, 0),
        header(7, 0), header(99, 0),
        "ready bravo@127.0.0.1 port=1 creation=1\n"s}) {
    open.push_back(tcp_connect(bravo.port()));
    tcp_send(open.back(), bytes);
  }
  for (int i = 0; i < 50; ++i) {
    // Sizes are kept small: the header says how much CAF shall allocate.
    auto bytes = noise(8) + noise(200);
    bytes[4] = bytes[5] = bytes[6] = '\0';
    auto socket = tcp_connect(bravo.port());
    tcp_send(socket, bytes);
    if (i % 2 == 0)
      open.push_back(std::move(socket));
  }
  // One that says nothing.
  open.push_back(tcp_connect(bravo.port()));

  test_node charlie{"charlie"};
  charlie.connect(bravo);
  CHECK(bravo.ok("nodes") == "alpha@127.0.0.1 charlie@127.0.0.1");
  bravo.exit(db, "undisturbed");
  alpha.sees_down(watcher, ref, db, "undisturbed");
  for (const auto& event : alpha.client().take_events())
    CHECK(!starts_with(event.text, "nodedown"));
  CHECK(alpha.quit().empty());
  CHECK(bravo.quit().empty());
}
