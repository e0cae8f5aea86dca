// Tests of a runtime across nodes, with the test kit: what do the processes of
// the toy runtime see when a link is cut, a node dies, a server crashes? Each
// for a thousand seeds, in well under a second, without a socket or a thread.

#include "test_framework.hpp"
#include "toy_runtime.hpp"

#include <vigil/literals.hpp>
#include <vigil/testkit.hpp>

#include <chrono>

using namespace vigil;
using namespace std::chrono_literals;

namespace {

/// The toy runtime as it is, but that the test kit chooses which of its
/// processes runs when, in place of threads.
class tested_runtime final : public toy_runtime, public testkit::scheduler {
public:
  explicit tested_runtime(const runtime_front& front) : front_(front) {
    // nop
  }

  pid spawn() {
    return toy_runtime::spawn(front_).value();
  }

  pid spawn(const process_name& name) {
    return toy_runtime::spawn(front_, name).value();
  }

  void exit(const pid& id, const exit_reason& reason) {
    toy_runtime::exit(front_, id, reason);
  }

  size_t ready() const override {
    return num_scheduled();
  }

  void run_one(size_t choice) override {
    run_scheduled(choice);
  }

private:
  runtime_front front_;
};

const auto a_name = "a@h"_node;
const auto b_name = "b@h"_node;

const testkit::run_options thousand_seeds{1, 1000};

/// A process on one node monitors one on another, and that one knows.
struct watching_pair {
  explicit watching_pair(testkit::cluster& c)
    : a(c.start<tested_runtime>(a_name)),
      b(c.start<tested_runtime>(b_name)),
      watching(a.runtime<tested_runtime>()),
      watched(b.runtime<tested_runtime>()),
      watcher(watching.spawn()),
      object(watched.spawn()),
      ref(a.front().monitor(watcher, object).value()) {
    // From now on the ledger knows of each DOWN whether a process has taken it.
    watching.on_down([this](const pid&, const down& x) { a.received(x.ref); });
    c.expect(a.front().sync(b_name, 1s) == errc::none, "b has the monitor");
  }

  testkit::runtime_node& a;
  testkit::runtime_node& b;
  tested_runtime& watching;
  tested_runtime& watched;
  pid watcher;
  pid object;
  reference ref;
};

} // namespace

EXAMPLE_TEST(an_end_is_told_with_its_reason) {
  testkit::run(
    [](testkit::cluster& c) {
      watching_pair x{c};
      x.watched.exit(x.object, exit_reason::binary("disk full"));
      c.expect_down(x.watcher, x.ref, exit_reason::binary("disk full"));
    },
    thousand_seeds);
}

EXAMPLE_TEST(a_cut_link_gives_one_down) {
  testkit::run(
    [](testkit::cluster& c) {
      watching_pair x{c};
      c.cut(a_name, b_name);
      c.expect_down(x.watcher, x.ref, exit_reason::noconnection());
      // What happens behind the cut is no second DOWN once that is healed.
      x.watched.exit(x.object, exit_reason::normal());
      c.heal(a_name, b_name);
      c.run_for(30s);
    },
    thousand_seeds);
}

EXAMPLE_TEST(clients_end_with_their_server_and_their_supervisor_sees_it) {
  testkit::run(
    [](testkit::cluster& c) {
      constexpr size_t num_clients = 10;
      auto& a = c.start<tested_runtime>(a_name);
      auto& b = c.start<tested_runtime>(b_name);
      auto& clients = a.runtime<tested_runtime>();
      auto& servers = b.runtime<tested_runtime>();
      auto server = servers.spawn("database"_process);
      auto supervisor = clients.spawn();
      size_t seen = 0;
      clients.on_down([&](const pid& self, const down& x) {
        a.received(x.ref);
        if (self != supervisor)
          return clients.exit(self, exit_reason::normal());
        c.expect(x.reason == exit_reason::normal(), "a client ended by itself");
        ++seen;
      });
      for (size_t i = 0; i < num_clients; ++i)
        clients.schedule([&, client = clients.spawn()] {
          auto front = a.front();
          front.monitor(supervisor, client).value();
          front.monitor(client, named_target{"database"_process, b_name})
            .value();
        });
      auto all_watch = c.run_until([&] {
        return b.front().monitored_by(server)->watchers.size() == num_clients;
      });
      c.expect(all_watch, "each client monitors the server");
      servers.exit(server, exit_reason::binary("disk full"));
      c.expect(c.run_until([&] { return seen == num_clients; }),
               "the supervisor sees each client end");
    },
    thousand_seeds);
}

EXAMPLE_TEST(a_killed_node_is_another_one_when_it_comes_back) {
  testkit::run(
    [](testkit::cluster& c) {
      watching_pair x{c};
      c.restart(b_name);
      c.expect_down(x.watcher, x.ref, exit_reason::noconnection());
      // The process of the life before is unknown to the next.
      auto again = x.a.front().monitor(x.watcher, x.object).value();
      c.expect_down(x.watcher, again, exit_reason::noproc());
    },
    thousand_seeds);
}
