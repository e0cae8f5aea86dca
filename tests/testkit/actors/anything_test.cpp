// Whatever is done to nodes of actors, by the test or by an actor, in whatever
// order: monitors end once, and the kit stands it.

#include "tests/testkit/actors/watching_actor.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

using namespace vigil;
using namespace vigil::test;

namespace {

/// Does at random what can be done to three nodes, and to the actors on them.
class chance_test {
public:
  explicit chance_test(testkit::cluster& c) : c_(c) {
    for (auto name : names_)
      nodes_.push_back(&c.start_actors(name));
  }

  void run(int count) {
    for (auto i = 0; i < count; ++i) {
      do_anything();
      c_.run_for(timespan{static_cast<int64_t>(c_.random(20'000'000))});
    }
    for (auto x : names_)
      c_.resume(x);
    c_.heal_all();
    c_.run_for(1min);
    c_.settle();
  }

  /// How many DOWNs each watcher has had.
  std::map<uint64_t, int> downs;

private:
  node_name some_name() {
    return names_[c_.random(names_.size())];
  }

  testkit::actor_node& some_node() {
    return *nodes_[c_.random(nodes_.size())];
  }

  void do_anything() {
    switch (c_.random(20)) {
      case 0:
        return c_.cut(some_name(), some_name());
      case 1:
        return c_.heal(some_name(), some_name());
      case 2:
        return c_.drop_connection(some_name(), some_name());
      case 3:
        return c_.kill(some_name());
      case 4:
        return c_.power_off(some_name());
      case 5:
        return stop_some();
      case 6:
      case 7:
      case 8:
        return c_.restart(some_name());
      case 9:
        paused_ = some_name();
        return c_.pause(paused_);
      case 10:
        return c_.resume(paused_);
      case 11:
        return kill_by_an_actor();
      case 15:
        return talk_to_some();
      case 12:
      case 13:
      case 14:
        return end_some();
      default:
        return watch_some();
    }
  }

  void stop_some() {
    auto name = some_name();
    c_.resume(name);
    c_.stop(name);
  }

  /// Makes a process that watches another, which may be gone.
  void watch_some() {
    auto& here = some_node().node();
    auto& there = some_node().node();
    auto number = ++last_;
    auto object = there.processes().spawn(
      [&](pid) { return there.system().spawn(worker, 1); });
    if (!object)
      return;
    objects_.push_back({&there, *object});
    auto watching = [this, number, front = here.front(), target = *object](
                      caf::event_based_actor*, const pid& self) {
      auto asked = front;
      // Fails if the node is ending.
      static_cast<void>(asked.try_monitor(self, target));
      return caf::behavior{[this, number](const down&) { ++downs[number]; }};
    };
    static_cast<void>(here.processes().spawn(
      [&](const pid& self) { return here.system().spawn(watching, self); }));
  }

  void end_some() {
    if (objects_.empty())
      return;
    auto [home, object] = objects_[c_.random(objects_.size())];
    caf::anon_send(home->processes().find(object), std::string{"boom"});
  }

  /// Lets an actor be linked to one of another node, and ask it.
  void talk_to_some() {
    auto& here = some_node();
    if (objects_.empty())
      return;
    auto [home, object] = objects_[c_.random(objects_.size())];
    auto other = home->processes().find(object);
    if (other == nullptr)
      return;
    // It would wait for a node that is paused for ever.
    c_.resume(here.name());
    try {
      other = here.remote(other);
    } catch (const testkit::failure&) {
      // There is no connection.
      return;
    }
    auto asking = [](caf::event_based_actor* self, const caf::actor& whom) {
      self->link_to(whom);
      self->request(whom, 1s, 1).then([](int) {}, [](const caf::error&) {});
      return caf::behavior{[](int) {}};
    };
    here.node().system().spawn(asking, other);
  }

  void kill_by_an_actor() {
    auto name = some_name();
    auto silently = c_.random(2) == 0;
    auto killing = [this, name, silently](caf::event_based_actor*, int) {
      return caf::behavior{[this, name, silently](int) {
        if (silently)
          c_.power_off(name);
        else
          c_.restart(name);
      }};
    };
    auto& system = some_node().node().system();
    caf::anon_send(system.spawn(killing, 0), 1);
  }

  testkit::cluster& c_;
  std::vector<node_name> names_{node_a, node_b, node_c};
  std::vector<testkit::actor_node*> nodes_;
  std::vector<std::pair<node*, pid>> objects_;
  node_name paused_ = node_a;
  uint64_t last_ = 0;
};

} // namespace

TEST_CASE("whatever is done to nodes, an actor gets at most one DOWN") {
  testkit::run_options options{1, 100};
  options.faults = {50, 5, 20};
  size_t num_downs = 0;
  testkit::run(
    [&](testkit::cluster& c) {
      chance_test x{c};
      x.run(100);
      num_downs += x.downs.size();
      CHECK(std::all_of(x.downs.begin(), x.downs.end(),
                        [](const auto& y) { return y.second == 1; }));
    },
    options);
  CHECK(num_downs > 200);
}
