// Where DOWNs come from, as a node shell shows it that is asked to.

#include "tests/cluster/watching_pair.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace vigil;
using namespace vigil::test;

namespace {

/// Alpha shows where DOWNs come from.
struct shown_pair : watching_pair {
  shown_pair() : watching_pair({"--show-origins"}) {
    // nop
  }

  /// Waits for the DOWN of a monitor that is made now.
  void watch_sees(const std::string& object, const std::string& rest) {
    auto ref = alpha.request_monitor(watcher, object);
    alpha.sees(join({"down", watcher, ref, object, rest}));
  }
};

/// More than are told in one slice.
constexpr size_t num_monitors = 3000;

struct lost_pair : shown_pair {
  std::vector<std::string> refs;

  lost_pair() {
    for (size_t i = 0; i < num_monitors; ++i)
      alpha.send(join({"monitor", watcher, db}));
    for (size_t i = 0; i < num_monitors; ++i)
      refs.push_back(alpha.next_ok());
    bravo.await_counter("inbound", num_monitors);
  }

  /// Requires that the DOWN of each monitor comes, and after them the nodedown.
  void sees_loss(const std::string& provenance, const std::string& nodedown) {
    std::set<std::string> missing;
    for (const auto& ref : refs)
      missing.insert(
        join({"down", watcher, ref, db, "noconnection", provenance}));
    auto next = [&] {
      auto event = alpha.client().take_event([](const auto&) { return true; });
      REQUIRE_MESSAGE(event, missing.size() << " DOWNs are missing");
      return event->text;
    };
    auto line = next();
    for (; missing.erase(line) > 0; line = next()) {
      // until something else comes
    }
    CHECK(line == nodedown);
    CHECK(missing.empty());
    CHECK(alpha.quit().empty());
  }
};

} // namespace

TEST_CASE_FIXTURE(shown_pair, "each DOWN says where it comes from") {
  auto web = bravo.ok("spawn");
  auto ended = watch(web);
  bravo.exit(web, "boom");
  alpha.sees(join({"down", watcher, ended, web, "boom origin=exit loss=0"}));
  watch_sees(alpha.named("nobody"), "noproc origin=noproc_here loss=0");
  watch_sees(bravo.named("nobody"), "noproc origin=noproc_there loss=0");
  watch_sees("{db,nowhere@127.0.0.1}", "noconnection origin=no_address loss=0");
  auto lost = watch(db);
  bravo.kill();
  alpha.sees(
    join({"down", watcher, lost, db, "noconnection origin=link_lost loss=1"}));
  alpha.sees("nodedown bravo@127.0.0.1 closed loss=1");
  watch_sees(db, "noconnection origin=setup_failed loss=0");
  test_node charlie{"charlie"};
  alpha.connect(charlie);
  auto ref = alpha.monitor(watcher, alpha.named("nobody"));
  auto left = alpha.monitor(watcher, charlie.ok("spawn"));
  charlie.quit();
  alpha.sees("nodedown charlie@127.0.0.1 shutdown loss=2");
  auto entries = words(alpha.ok("downs " + watcher));
  REQUIRE(entries.size() == 8);
  CHECK(entries[6] == ref + "/{nobody,alpha@127.0.0.1}/noproc/noproc_here/0");
  CHECK(starts_with(entries[7], left + "/<charlie@127.0.0.1:"));
  CHECK(entries[7].find("/noconnection/shutdown/2") != std::string::npos);
}

TEST_CASE_FIXTURE(lost_pair, "the DOWNs of a killed node come before its "
                             "nodedown, all with one number") {
  bravo.kill();
  sees_loss("origin=link_lost loss=1",
            "nodedown bravo@127.0.0.1 closed loss=1");
}

TEST_CASE_FIXTURE(lost_pair, "the DOWNs of a node that stops come before its "
                             "nodedown, all with one number") {
  bravo.quit();
  sees_loss("origin=shutdown loss=1",
            "nodedown bravo@127.0.0.1 shutdown loss=1");
}
