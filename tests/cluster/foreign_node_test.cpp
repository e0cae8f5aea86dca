// Peers that get as far as vigil's own protocol and then do not keep it.

#include "tests/cluster/cluster.hpp"
#include "tests/cluster/fair_stopwatch.hpp"
#include "tests/cluster/foreign_node.hpp"
#include "tests/cluster/mutual_watch.hpp"

#include <doctest/doctest.h>

#include <sstream>

using namespace vigil;
using namespace vigil::test;

namespace {

const std::string ghost = "ghost@127.0.0.1";

const std::string object = "{db,ghost@127.0.0.1}";

/// Alpha, which meets the foreign node, and bravo, which shall not notice.
struct bystander {
  test_node alpha;
  test_node bravo{"bravo"};
  std::string watcher = alpha.ok("spawn");

  explicit bystander(const test_node::options& of_alpha = {})
    : alpha("alpha", of_alpha) {
    alpha.connect(bravo);
  }

  /// Returns the lines of alpha's log that speak of the foreign node.
  std::vector<std::string> log() {
    std::vector<std::string> result;
    std::istringstream all{alpha.client().process().errors()};
    for (std::string line; std::getline(all, line);)
      if (line.find("ghost") != std::string::npos)
        result.push_back(line);
    return result;
  }

  void finish(mutual_watch& watch) {
    CHECK(alpha.ok("nodes") == bravo.name());
    alpha.exit(watch.here, "true");
    bravo.sees_down(watch.there, watch.backward, watch.here, "true");
    for (const auto& event : bravo.client().take_events())
      CHECK_MESSAGE(!starts_with(event.text, "node"), event.text);
    CHECK(alpha.quit().empty());
  }
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

foreign_manners of_version(uint16_t lowest, uint16_t highest) {
  foreign_manners result;
  result.greeting.lowest_version = lowest;
  result.greeting.highest_version = highest;
  return result;
}

} // namespace

TEST_CASE("a node of another protocol version that is dialled is refused, in "
          "one clear line") {
  bystander x;
  mutual_watch watch{x.alpha, x.bravo};
  foreign_node later{of_version(1, 1)};
  auto answer = x.alpha.client().ask(join({"connect", ghost, later.address()}));
  CAPTURE(answer);
  CHECK(starts_with(answer, "error no_connection "));
  CHECK(contains(answer, "version_mismatch"));
  CHECK(contains(answer, "version 2, the other versions 1 to 1"));
  auto log = x.log();
  REQUIRE(log.size() == 1);
  CHECK(contains(log[0], "version_mismatch"));
  // It is told as well.
  auto why = later.await_goodbye();
  CHECK(why.failure == errc::version_mismatch);
  CHECK(contains(why.detail, "version 2, the other versions 1 to 1"));
  auto ref = x.alpha.monitor(x.watcher, object);
  x.alpha.sees_down(x.watcher, ref, object, "noconnection");
  x.finish(watch);
}

TEST_CASE("a node of another protocol version that dials is refused and told "
          "why") {
  bystander x;
  mutual_watch watch{x.alpha, x.bravo};
  foreign_node later{of_version(3, 4)};
  later.dial(x.alpha.port());
  auto why = later.await_goodbye();
  CHECK(why.failure == errc::version_mismatch);
  CHECK(contains(why.detail, "version 2, the other versions 3 to 4"));
  CHECK(x.alpha.counter("refusals") == 1);
  x.finish(watch);
}

TEST_CASE("a node that also speaks later versions is no stranger") {
  bystander x;
  mutual_watch watch{x.alpha, x.bravo};
  foreign_node later{of_version(1, 9)};
  x.alpha.ok(join({"connect", ghost, later.address()}));
  x.alpha.sees("nodeup " + ghost);
  x.alpha.ok("disconnect " + ghost);
  x.alpha.sees("nodedown " + ghost + " requested");
  CHECK(later.await_goodbye().cause == down_cause::requested);
  x.finish(watch);
}

TEST_CASE("a node that accepts and never says hello is given up within the "
          "set-up time") {
  constexpr auto setup_time = 2s;
  bystander x{{"--net-setuptime=2s"}};
  mutual_watch watch{x.alpha, x.bravo};
  foreign_manners manners;
  manners.mute = true;
  foreign_node mute{manners};
  fair_stopwatch first{{&x.alpha}};
  auto answer = x.alpha.client().ask(join({"connect", ghost, mute.address()}));
  CAPTURE(answer);
  CHECK(contains(answer, "setup_timeout"));
  CHECK(node_client::clock::now() - first.start() >= setup_time);
  first.check_within("the connect fails", setup_time);
  fair_stopwatch second{{&x.alpha}};
  auto ref = x.alpha.monitor(x.watcher, object);
  x.alpha.sees_down(x.watcher, ref, object, "noconnection");
  second.check_within("the monitor fails", setup_time);
  x.finish(watch);
}

TEST_CASE("a node that sends a frame of garbage loses its session and nobody "
          "else's") {
  bystander x;
  mutual_watch watch{x.alpha, x.bravo};
  foreign_manners manners;
  manners.frame_bytes = "\x01\xff\xff\xff garbage";
  foreign_node garbled{manners};
  x.alpha.ok(join({"connect", ghost, garbled.address()}));
  x.alpha.sees("nodeup " + ghost);
  x.alpha.sees("nodedown " + ghost + " protocol_error");
  CHECK(garbled.await_goodbye().cause == down_cause::protocol_error);
  auto ref = x.alpha.monitor(x.watcher, object);
  x.alpha.sees_down(x.watcher, ref, object, "noconnection");
  x.finish(watch);
}

TEST_CASE("a node whose hello cannot be true is refused") {
  bystander x;
  mutual_watch watch{x.alpha, x.bravo};
  foreign_manners manners;
  SUBCASE("its name is none") {
    manners.greeting.name = "no\nname";
  }
  SUBCASE("it would have to be sent ticks without end") {
    manners.greeting.tick_time = 1;
  }
  SUBCASE("it has no creation") {
    manners.greeting.life = creation{0};
  }
  foreign_node liar{manners};
  liar.dial(x.alpha.port());
  CHECK(liar.await_goodbye().failure == errc::protocol_error);
  x.finish(watch);
}
