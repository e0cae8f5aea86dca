// The ledger of the soak test: it must notice what may not happen.

#include "tests/soak/ledger.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <utility>

using namespace std::chrono_literals;
using namespace vigil::soak;

namespace {

/// Two nodes, a watcher at the first and a target at the second.
struct account {
  static constexpr std::chrono::milliseconds aftermath = 1s;

  disturbances links{2, aftermath};
  ledger book{2, links};
  process_ptr watcher = make(0, "<watcher>");
  process_ptr target = make(1, "<target>");
  name_record name;
  time_point now{1h};

  static process_ptr make(size_t node, const char* pid) {
    auto result = std::make_shared<process>();
    result->node = node;
    result->pid = pid;
    return result;
  }

  monitor by_pid() const {
    monitor result;
    result.watcher = watcher;
    result.object = target->pid;
    result.target_node = target->node;
    result.target = target;
    result.granted = now;
    return result;
  }

  monitor by_name() const {
    auto result = by_pid();
    result.target = nullptr;
    result.object = "{db,bravo}";
    result.first = name.certain();
    return result;
  }

  void grant() {
    book.grant("ref", by_pid());
  }

  void down(const char* reason) {
    book.down(0, watcher->pid, "ref", target->pid, reason, now);
  }

  void down_of_name(const char* reason) {
    book.down(0, watcher->pid, "ref", "{db,bravo}", reason, now);
  }

  void end_target(const char* reason) {
    target->reason = reason;
    target->ending = true;
    target->dead_since = now;
  }

  ledger::totals total() const {
    auto result = book.total();
    CHECK(result.balanced());
    return result;
  }

  void is_clean() const {
    for (const auto& finding : book.findings())
      MESSAGE(finding);
    CHECK(total().clean());
  }
};

} // namespace

TEST_CASE("soak ledger: a monitor that ends in one way is accounted for") {
  account x;
  SUBCASE("by its DOWN") {
    x.grant();
    CHECK(x.total().pending == 1);
    x.end_target("\"done\"");
    x.down("\"done\"");
    CHECK(x.total().downs_own == 1);
  }
  SUBCASE("by a demonitor that found it") {
    x.grant();
    x.book.demonitored(0, "ref", x.now);
    CHECK(x.total().demonitored == 1);
  }
  SUBCASE("with its watcher") {
    x.grant();
    x.book.watcher_ended(x.watcher, x.now);
    CHECK(x.total().ended_with_watcher == 1);
  }
  SUBCASE("with its node") {
    x.grant();
    x.book.node_ended(0, x.now);
    CHECK(x.total().ended_with_node == 1);
  }
  CHECK(x.watcher->monitors.empty());
  CHECK(x.total().granted == 1);
  x.is_clean();
}

TEST_CASE("soak ledger: what is pending is not clean") {
  account x;
  x.grant();
  CHECK_FALSE(x.total().clean());
  CHECK(x.book.due() == 0);
  x.end_target("bye");
  CHECK(x.book.due() == 1);
}

TEST_CASE("soak ledger: a DOWN that never comes is lost") {
  account x;
  x.grant();
  x.end_target("bye");
  SUBCASE("when all is over") {
    x.book.close();
  }
  SUBCASE("although its watcher ends later") {
    x.now += ledger::patience + 1ms;
    x.book.watcher_ended(x.watcher, x.now);
  }
  SUBCASE("although its watcher's node ends later") {
    x.now += ledger::patience + 1ms;
    x.book.node_ended(0, x.now);
  }
  SUBCASE("although a demonitor finds the monitor later") {
    x.now += ledger::patience + 1ms;
    x.book.demonitored(0, "ref", x.now);
  }
  CHECK(x.total().lost == 1);
  CHECK_FALSE(x.total().clean());
}

TEST_CASE("soak ledger: a DOWN may take its time") {
  account x;
  x.grant();
  x.end_target("bye");
  SUBCASE("a moment") {
    x.now += ledger::patience;
  }
  SUBCASE("as long as a fault lasts") {
    x.links.begin(1);
    x.now += 10 * ledger::patience;
  }
  SUBCASE("a moment after the fault") {
    x.links.begin(0, 1);
    x.now += 10 * ledger::patience;
    x.links.end(1, 0, x.now);
    x.now += account::aftermath + ledger::patience;
  }
  x.book.watcher_ended(x.watcher, x.now);
  x.is_clean();
}

TEST_CASE("soak ledger: a DOWN of a free name is due at once") {
  account x;
  x.book.grant("ref", x.by_name());
  CHECK(x.book.due() == 1);
  x.now += ledger::patience + 1ms;
  x.book.watcher_ended(x.watcher, x.now);
  CHECK(x.total().lost == 1);
}

TEST_CASE("soak ledger: whatever follows the end of a monitor is doubled") {
  account x;
  x.grant();
  x.end_target("bye");
  SUBCASE("DOWN, DOWN") {
    x.down("bye");
    x.down("bye");
  }
  SUBCASE("demonitor, DOWN") {
    x.book.demonitored(0, "ref", x.now);
    x.down("bye");
  }
  SUBCASE("DOWN, demonitor") {
    x.down("bye");
    x.book.demonitored(0, "ref", x.now);
  }
  SUBCASE("the watcher's end, DOWN") {
    x.book.watcher_ended(x.watcher, x.now);
    x.down("bye");
  }
  SUBCASE("the node's end, DOWN") {
    x.book.node_ended(0, x.now);
    x.down("bye");
  }
  CHECK(x.total().doubled == 1);
  CHECK_FALSE(x.total().clean());
}

TEST_CASE("soak ledger: a reference that nobody got, or got twice") {
  account x;
  SUBCASE("never granted") {
    x.down("bye");
  }
  SUBCASE("granted while it is live") {
    x.grant();
    x.grant();
    CHECK(x.total().granted == 1);
  }
  SUBCASE("of another node") {
    x.grant();
    x.book.down(1, x.watcher->pid, "ref", x.target->pid, "noproc", x.now);
  }
  CHECK(x.total().doubled == 1);
}

TEST_CASE("soak ledger: a reason that cannot be true") {
  account x;
  SUBCASE("of a target that was not told to end") {
    x.grant();
    x.down("bye");
  }
  SUBCASE("other than what it was told") {
    x.grant();
    x.end_target("bye");
    x.down("ciao");
  }
  SUBCASE("its own, although it was gone before") {
    x.end_target("bye");
    auto late = x.by_pid();
    late.dead_when_asked = true;
    x.book.grant("ref", late);
    x.down("bye");
  }
  SUBCASE("noproc of one that is alive") {
    x.grant();
    x.down("noproc");
  }
  SUBCASE("noproc, although its node had the monitor before") {
    auto held = x.by_pid();
    held.held = true;
    x.book.grant("ref", held);
    x.end_target("bye");
    x.down("noproc");
  }
  SUBCASE("noproc, although its node told that it has the monitor") {
    x.grant();
    x.book.held(0, "ref", nullptr);
    x.end_target("bye");
    x.down("noproc");
  }
  SUBCASE("noconnection without a fault") {
    x.grant();
    x.end_target("bye");
    x.down("noconnection");
  }
  SUBCASE("noconnection long after a fault") {
    x.links.begin(0, 1);
    x.links.end(0, 1, x.now);
    x.grant();
    x.now += account::aftermath;
    x.down("noconnection");
  }
  SUBCASE("noconnection to a process of the same node") {
    x.links.strike(x.now);
    x.target->node = 0;
    x.grant();
    x.down("noconnection");
  }
  CHECK(x.total().untrue == 1);
  CHECK_FALSE(x.total().clean());
}

TEST_CASE("soak ledger: a DOWN that names something else is untrue") {
  account x;
  x.grant();
  x.end_target("bye");
  SUBCASE("another object") {
    x.book.down(0, x.watcher->pid, "ref", "<other>", "bye", x.now);
  }
  SUBCASE("another watcher") {
    x.book.down(0, "<other>", "ref", x.target->pid, "bye", x.now);
  }
  CHECK(x.total().untrue == 1);
}

TEST_CASE("soak ledger: a fault and what follows it explain noconnection") {
  account x;
  x.grant();
  SUBCASE("at the link") {
    x.links.begin(1, 0);
  }
  SUBCASE("at either node") {
    x.links.begin(1);
  }
  SUBCASE("a moment ago") {
    x.links.begin(0);
    x.links.end(0, x.now);
    x.now += account::aftermath - 1ms;
  }
  SUBCASE("one of two that is not over") {
    x.links.begin(0);
    x.links.begin(0, 1);
    x.links.end(0, x.now);
    x.now += 1h;
  }
  SUBCASE("a machine that had no time") {
    x.links.strike(x.now);
  }
  x.book.node_down(0, 1, "nodedown", x.now);
  x.down("noconnection");
  x.is_clean();
}

TEST_CASE("soak ledger: a link that is lost without a fault is unexplained") {
  account x;
  x.book.node_down(0, 1, "nodedown", x.now);
  CHECK(x.total().unexplained == 1);
  CHECK_FALSE(x.total().clean());
}

TEST_CASE("soak ledger: a name stands for whoever the request can have met") {
  account x;
  auto other = account::make(1, "<other>");
  other->reason = "other";
  x.target->reason = "mine";
  auto mine = x.name.change(x.target);
  SUBCASE("one who had the name") {
    x.book.grant("ref", x.by_name());
    x.down_of_name("mine");
    x.is_clean();
  }
  SUBCASE("nobody, before it was certain that somebody has it") {
    x.book.grant("ref", x.by_name());
    x.down_of_name("noproc");
    x.is_clean();
  }
  SUBCASE("not nobody, after it was certain") {
    x.name.confirm(mine);
    x.book.grant("ref", x.by_name());
    x.down_of_name("noproc");
    CHECK(x.total().untrue == 1);
  }
  SUBCASE("one who took it later") {
    x.book.grant("ref", x.by_name());
    x.name.change(nullptr);
    x.name.change(other);
    x.down_of_name("other");
    x.is_clean();
  }
  SUBCASE("not one who took it after the request had arrived") {
    auto arrived = x.by_name();
    arrived.last = x.name.latest();
    x.book.grant("ref", arrived);
    x.name.change(nullptr);
    x.name.change(other);
    x.down_of_name("other");
    CHECK(x.total().untrue == 1);
  }
  SUBCASE("not one who had it before") {
    x.name.confirm(x.name.change(nullptr));
    x.book.grant("ref", x.by_name());
    x.down_of_name("mine");
    CHECK(x.total().untrue == 1);
  }
}
