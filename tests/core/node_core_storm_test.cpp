// Two whole cores under random requests, over a network that does everything
// that a network may do.

#include "tests/core/test_network.hpp"

using namespace vigil;
using namespace vigil::test;

namespace {

class storm {
public:
  explicit storm(uint32_t seed) : x_(seed) {
    net().share_connections(pick(2) == 0);
    net().sky().greedy_hang_up = pick(3) == 0;
    net().sky().latency = milliseconds{1};
    x_.a.processes.spawn(4);
  }

  void step() {
    auto& node = pick(2) == 0 ? x_.a : x_.b;
    auto& other = &node == &x_.a ? x_.b : x_.a;
    auto watcher = proc(node.name(), 1 + pick(3));
    switch (pick(18)) {
      case 0:
      case 1:
      case 2:
        return net().monitor(node, watcher, proc(other.name(), 1 + pick(8)),
                             ++last_);
      case 3:
        return net().step(node,
                          event::demonitor{watcher, ref(1 + pick(last_))});
      case 4:
        return exit_and_return(node, 1 + pick(3));
      case 5:
        return net().disconnect_all(pick(2) == 0 ? nullptr : &node);
      case 6:
        return net().mute(pick(3) == 0);
      case 7:
        return net().step(node, event::connect{other.name()});
      case 8:
        if (pick(4) == 0)
          net().step(node, event::disconnect{other.name()});
        return;
      case 9:
        return net().pass(milliseconds{pick(3'000)});
      case 10:
        net().wires().replace_some();
        return;
      default:
        for (auto n = pick(6); n > 0; --n)
          net().deliver_one();
    }
  }

  /// The network is well again: whatever state the two are in, a request leads
  /// to a session, both tables agree, and nothing is left after the last exit.
  void calm() {
    net().mute(false);
    // A frame that was lost is noticed when the next one comes.
    net().monitor(x_.a, proc(node_a, 1), proc(node_b, 1), ++last_);
    net().monitor(x_.b, proc(node_b, 1), proc(node_a, 1), ++last_);
    net().pass(seconds{30});
    if (!x_.a.sees(node_b))
      net().step(x_.a, event::connect{node_b});
    net().pass(seconds{7});
    CHECK(x_.a.sees(node_b));
    CHECK(x_.b.sees(node_a));
    x_.check_agreement();
    for (auto node : {&x_.a, &x_.b})
      for (uint32_t i = 1; i <= 3; ++i)
        net().exit(*node, i, atom("x"));
    net().run();
    x_.check_empty();
    check_told(x_.a);
    check_told(x_.b);
  }

  size_t downs = 0;
  size_t sessions = 0;

private:
  test_network& net() {
    return x_.net;
  }

  uint32_t pick(uint64_t bound) {
    return static_cast<uint32_t>(net().random().below(bound));
  }

  /// Ends a process, whose number is then used by another: numbers do not
  /// return in one life, but their ends must not leave a trace either way.
  void exit_and_return(test_node& node, uint32_t number) {
    net().exit(node, number, atom("x"));
    node.processes.spawn(number);
  }

  /// No monitor has ended twice, and nodes go up and down by turns.
  void check_told(test_node& node) {
    std::set<std::string> ended;
    auto up = false;
    for (const auto& told : node.take()) {
      if (told.substr(0, 5) == "down " || told.substr(0, 7) == "retire ") {
        auto start = told.find(" r");
        auto name = told.substr(start, told.find(' ', start + 1) - start);
        CAPTURE(told);
        CHECK(ended.insert(name).second);
        ++downs;
      } else if (told.substr(0, 7) == "nodeup ") {
        CHECK(!up);
        up = true;
        ++sessions;
      } else if (told.substr(0, 9) == "nodedown ") {
        CHECK(up);
        up = false;
      }
    }
  }

  two_nodes x_;
  uint64_t last_ = 0;
};

} // namespace

TEST_CASE("node core: whatever the network does, no monitor ends twice, and "
          "both sides recover") {
  size_t downs = 0;
  size_t sessions = 0;
  for (uint32_t seed = 1; seed <= 200; ++seed) {
    CAPTURE(seed);
    storm x{seed};
    for (auto i = 0; i < 300; ++i)
      x.step();
    x.calm();
    downs += x.downs;
    sessions += x.sessions;
  }
  // The storm was one.
  CHECK(downs > 5'000);
  CHECK(sessions > 2'000);
}
