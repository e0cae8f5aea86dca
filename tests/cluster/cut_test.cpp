// Connections that end in the middle of what two real nodes say to each other,
// at every kind of place: between frames, in a header, in a message, and in the
// greeting.

#include "tests/cluster/cluster.hpp"
#include "tests/cluster/relay.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <map>

using namespace vigil;
using namespace vigil::test;

namespace {

constexpr size_t monitors_a_round = 8;

/// Two nodes whose link is cut at a chosen place.
struct cut_pair {
  test_node bravo{"bravo"};
  relay link{bravo.port()};
  test_node alpha{"alpha", {"--peer=bravo@" + link.address()}};
  std::string watcher = alpha.ok("spawn");
  std::string echo = bravo.ok("spawn echo");

  /// Makes a monitor that must end with the true reason, over a new session if
  /// the last is gone.
  void works() {
    auto db = bravo.ok("spawn");
    auto ref = alpha.monitor(watcher, db);
    bravo.await_answer("monitored_by " + db, watcher);
    bravo.exit(db, "true");
    alpha.sees_down(watcher, ref, db, "true");
  }

  /// Waits for one DOWN of each of these monitors, and for no other.
  void each_ends_once(std::map<std::string, std::string> objects,
                      const std::vector<std::string>& reasons) {
    while (!objects.empty()) {
      auto event = alpha.client().take_event(
        [](const auto& line) { return starts_with(line, "down "); });
      REQUIRE_MESSAGE(event, objects.size() << " DOWNs are missing");
      auto parts = words(event->text);
      REQUIRE(parts.size() == 5);
      CAPTURE(event->text);
      auto i = objects.find(parts[2]);
      REQUIRE(i != objects.end());
      CHECK(parts[3] == i->second);
      CHECK(std::count(reasons.begin(), reasons.end(), parts[4]) == 1);
      objects.erase(i);
    }
  }

  /// Requires that both tables are empty and that nobody has got more DOWNs.
  void finish() {
    for (auto* node : {&alpha, &bravo}) {
      node->await_counter("outbound", 0);
      node->await_counter("inbound", 0);
      for (const auto& event : node->client().take_events())
        CHECK_MESSAGE(!starts_with(event.text, "down "), event.text);
    }
  }
};

constexpr std::array directions{relay::to_node, relay::to_caller};

constexpr std::array endings{relay::ending::orderly, relay::ending::reset};

} // namespace

TEST_CASE("a cut in the middle of a frame: each monitor ends once, and the "
          "next one works") {
  cut_pair x;
  x.works();
  for (auto direction : directions)
    for (uint64_t offset = 0; offset < 500; offset += 7) {
      auto how = endings[offset % 2];
      CAPTURE(direction);
      CAPTURE(offset);
      std::array<std::string, monitors_a_round> targets;
      for (auto& target : targets)
        target = x.bravo.ok("spawn");
      auto back = x.bravo.monitor(x.echo, x.watcher);
      x.alpha.await_answer("monitored_by " + x.watcher, x.echo);
      x.link.cut_after(direction, offset, how);
      // Some get through and some do not, and some are answered.
      std::map<std::string, std::string> objects;
      for (const auto& target : targets) {
        objects[x.alpha.monitor(x.watcher, target)] = target;
        x.bravo.exit(target, "bye");
      }
      x.link.await_cut();
      x.each_ends_once(std::move(objects), {"bye", "noproc", "noconnection"});
      x.bravo.sees_down(x.echo, back, x.watcher, "noconnection");
      x.alpha.sees("nodedown bravo@127.0.0.1 closed");
      x.bravo.sees("nodedown alpha@127.0.0.1 closed");
      x.works();
      x.finish();
    }
  CHECK(x.alpha.quit().empty());
  CHECK(x.bravo.quit().empty());
}

TEST_CASE("a cut in the middle of the greeting: the monitor that dials is "
          "answered all the same") {
  cut_pair x;
  x.works();
  auto nobody = x.bravo.named("nobody");
  auto disconnect = [&] {
    x.alpha.ok("disconnect " + x.bravo.name());
    x.link.await_closed();
    x.finish();
  };
  for (auto direction : directions) {
    // How much there is to cut.
    disconnect();
    auto before = x.link.forwarded(direction);
    x.alpha.ok("connect " + x.bravo.name());
    x.bravo.sees("nodeup " + x.alpha.name());
    auto greeting = x.link.forwarded(direction) - before;
    CAPTURE(greeting);
    CHECK(greeting > 100);
    for (uint64_t offset = 0; offset < greeting; offset += 11) {
      CAPTURE(direction);
      CAPTURE(offset);
      disconnect();
      x.link.cut_after(direction, offset, endings[offset % 2]);
      auto ref = x.alpha.monitor(x.watcher, nobody);
      x.link.await_cut();
      auto end = x.alpha.client().take_event([&](const auto& line) {
        return starts_with(line, join({"down", x.watcher, ref, nobody}));
      });
      REQUIRE(end);
      // Only a session that was up can be lost.
      if (words(end->text).back() == "noconnection")
        x.alpha.sees("nodedown bravo@127.0.0.1 closed");
      else
        CHECK(words(end->text).back() == "noproc");
      x.works();
    }
  }
  x.finish();
  CHECK(x.alpha.quit().empty());
  CHECK(x.bravo.quit().empty());
}
