// Tests of actors across nodes, with the test kit: does the supervisor of
// supervisor.hpp start again what crashed, and what does it do when the link is
// cut? Each for a thousand seeds, with the actors as they are.

#include "supervisor.hpp"
#include "test_framework.hpp"

#include <vigil/testkit_actors.hpp>

#include <chrono>

using namespace vigil;
using namespace std::chrono_literals;

namespace {

const auto office_name = "office@h"_node;
const auto shop_name = "shop@h"_node;

const testkit::run_options thousand_seeds{1, 1000};

/// A supervisor in the office, and its worker in the shop.
class small_firm {
public:
  explicit small_firm(testkit::cluster& c)
    : c_(c),
      office_(c.start_actors(office_name).node()),
      shop_(c.start_actors(shop_name).node()) {
    auto spawn = [this](pid self) {
      return office_.system().spawn<supervisor>(self, office_.front(), &shop_,
                                                [this](const down& x) {
                                                  last_reason = x.reason;
                                                });
    };
    boss = office_.processes().spawn(spawn).value();
    wait_for_worker();
  }

  /// Waits until there is a worker that the supervisor watches.
  void wait_for_worker() {
    auto is_watched = [this] {
      auto id = shop_.processes().whereis(worker_name());
      return id.has_value()
             && !shop_.front().monitored_by(*id)->watchers.empty();
    };
    c_.expect(c_.run_until(is_watched), "a worker is watched");
  }

  /// Ends the worker.
  void end_worker(const std::string& fate) {
    auto id = shop_.processes().whereis(worker_name());
    caf::anon_send(shop_.processes().find(id.value()), fate);
  }

  bool works() const {
    return office_.processes().find(boss) != nullptr;
  }

  pid boss;
  exit_reason last_reason;

private:
  testkit::cluster& c_;
  node& office_;
  node& shop_;
};

} // namespace

EXAMPLE_TEST(the_supervisor_starts_again_what_crashed) {
  testkit::run(
    [](testkit::cluster& c) {
      small_firm firm{c};
      for (auto fate : {"badmatch", "timeout"}) {
        firm.end_worker(fate);
        c.expect(
          c.run_until([&] { return to_string(firm.last_reason) == fate; }),
          "the supervisor hears of it");
        firm.wait_for_worker();
      }
      firm.end_worker("normal");
      c.expect(c.run_until([&] { return !firm.works(); }),
               "the supervisor ends when the work is done");
    },
    thousand_seeds);
}

EXAMPLE_TEST(the_supervisor_outlives_a_cut) {
  testkit::run(
    [](testkit::cluster& c) {
      small_firm firm{c};
      c.cut(office_name, shop_name);
      c.run_for(1min);
      c.expect(firm.last_reason == exit_reason::noconnection(),
               "the cut is noticed");
      c.heal(office_name, shop_name);
      firm.wait_for_worker();
      firm.end_worker("badmatch");
      c.expect(
        c.run_until([&] { return to_string(firm.last_reason) == "badmatch"; }),
        "the worker from before the cut is watched again");
    },
    thousand_seeds);
}
