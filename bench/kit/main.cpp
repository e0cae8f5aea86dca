// What tests with the test kit cost: how many monitors of a process on another
// node, each with its DOWN, go through a cluster in a second, with so many a
// round; how long 1,000 seeds of a test take; and how long nodes that all know
// each other take to do nothing for a minute. Prints `metric NAME COLUMN VALUE
// UNIT` for each figure.

#include <vigil/process_table.hpp>
#include <vigil/testkit_actors.hpp>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <functional>
#include <string>
#include <vector>

using namespace vigil;
using namespace std::chrono_literals;

namespace {

using wall_clock = std::chrono::steady_clock;

const auto a_name = "a@h"_node;
const auto b_name = "b@h"_node;
const auto c_name = "c@h"_node;

constexpr uint64_t num_seeds = 1000;

void print(const char* name, uint64_t column, double value, const char* unit) {
  std::printf("metric kit_%s %llu %.3f %s\n", name,
              static_cast<unsigned long long>(column), value, unit);
}

double seconds_since(wall_clock::time_point begin) {
  return std::chrono::duration<double>(wall_clock::now() - begin).count();
}

/// A runtime that does as little as it may.
class bare_runtime final : public runtime {
public:
  explicit bare_runtime(const runtime_front& front) : front_(front) {
    // nop
  }

  pid spawn() {
    auto result = front_.new_pid();
    static_cast<void>(processes_.add(result, true));
    return result;
  }

  void exit(const pid& x) {
    static_cast<void>(processes_.remove(x));
    static_cast<void>(front_.process_exited(x, exit_reason::normal()));
  }

  bool alive(const pid& x) const noexcept override {
    return processes_.contains(x);
  }

  std::optional<pid> whereis(const process_name& x) const noexcept override {
    return processes_.whereis(x);
  }

  void deliver(const down_notice*, size_t count) noexcept override {
    num_downs += count;
  }

  void remove_down(const pid&, reference) noexcept override {
    // nop
  }

  uint64_t num_downs = 0;

private:
  runtime_front front_;
  process_table<bool> processes_;
};

/// Ends when it is told to.
caf::behavior mortal(caf::event_based_actor* self, uint64_t* num_downs) {
  return {
    [self](int) { self->quit(); },
    [num_downs](const down&) { ++*num_downs; },
  };
}

/// Makes such an actor a process of a node.
pid spawn_mortal(node& home, uint64_t& num_downs) {
  return home.processes()
    .spawn([&](pid) { return home.system().spawn(mortal, &num_downs); })
    .value();
}

// -- pairs --------------------------------------------------------------------

void measure_runtime_pairs(uint64_t per_round, uint64_t total) {
  testkit::run([=](testkit::cluster& c) {
    auto& a = c.start<bare_runtime>(a_name);
    auto& b = c.start<bare_runtime>(b_name);
    auto& watching = a.runtime<bare_runtime>();
    auto& watched = b.runtime<bare_runtime>();
    auto front = a.front();
    auto watcher = watching.spawn();
    front.connect(b_name).value();
    std::vector<pid> objects;
    uint64_t expected = 0;
    auto begin = wall_clock::now();
    while (watching.num_downs < total) {
      for (uint64_t i = 0; i < per_round; ++i)
        objects.push_back(watched.spawn());
      for (const auto& x : objects)
        front.monitor(watcher, x).value();
      c.expect(front.sync(b_name, 1min) == errc::none, "b has them");
      for (const auto& x : objects)
        watched.exit(x);
      expected += objects.size();
      objects.clear();
      c.expect(c.run_until([&] { return watching.num_downs == expected; }),
               "all DOWNs come");
    }
    print("runtime_rounds_of", per_round,
          static_cast<double>(total) / seconds_since(begin), "per_s");
  });
}

void measure_actor_pairs(uint64_t per_round, uint64_t total) {
  testkit::run([=](testkit::cluster& c) {
    auto& a = c.start_actors(a_name).node();
    auto& b = c.start_actors(b_name).node();
    auto front = a.front();
    uint64_t num_downs = 0;
    auto watcher = spawn_mortal(a, num_downs);
    front.connect(b_name).value();
    std::vector<pid> objects;
    uint64_t expected = 0;
    auto begin = wall_clock::now();
    while (num_downs < total) {
      for (uint64_t i = 0; i < per_round; ++i)
        objects.push_back(spawn_mortal(b, num_downs));
      for (const auto& x : objects)
        front.monitor(watcher, x).value();
      c.expect(front.sync(b_name, 1min) == errc::none, "b has them");
      for (const auto& x : objects)
        caf::anon_send(b.processes().find(x), 1);
      expected += objects.size();
      objects.clear();
      c.expect(c.run_until([&] { return num_downs == expected; }),
               "all DOWNs come");
    }
    print("actor_rounds_of", per_round,
          static_cast<double>(total) / seconds_since(begin), "per_s");
  });
}

// -- seeds --------------------------------------------------------------------

/// A process of a watches one of b and one of c; a and b lose each other, and c
/// dies.
void lose_both(testkit::cluster& c, runtime_front a, const pid& watcher,
               const pid& on_b, const pid& on_c) {
  auto first = a.monitor(watcher, on_b).value();
  auto second = a.monitor(watcher, on_c).value();
  c.expect(a.sync(b_name, 1min) == errc::none, "b has it");
  c.expect(a.sync(c_name, 1min) == errc::none, "c has it");
  c.cut(a_name, b_name);
  c.expect_down(watcher, first, exit_reason::noconnection());
  c.heal(a_name, b_name);
  c.kill(c_name);
  c.expect_down(watcher, second, exit_reason::noconnection());
}

void measure_runtime_seeds() {
  auto begin = wall_clock::now();
  testkit::run(
    [](testkit::cluster& c) {
      auto& a = c.start<bare_runtime>(a_name);
      auto& b = c.start<bare_runtime>(b_name);
      auto& d = c.start<bare_runtime>(c_name);
      lose_both(c, a.front(), a.runtime<bare_runtime>().spawn(),
                b.runtime<bare_runtime>().spawn(),
                d.runtime<bare_runtime>().spawn());
    },
    {1, num_seeds});
  print("runtime_seeds", num_seeds, seconds_since(begin), "s");
}

void measure_actor_seeds() {
  auto begin = wall_clock::now();
  testkit::run(
    [](testkit::cluster& c) {
      uint64_t num_downs = 0;
      auto& a = c.start_actors(a_name).node();
      auto& b = c.start_actors(b_name).node();
      auto& d = c.start_actors(c_name).node();
      lose_both(c, a.front(), spawn_mortal(a, num_downs),
                spawn_mortal(b, num_downs), spawn_mortal(d, num_downs));
    },
    {1, num_seeds});
  print("actor_seeds", num_seeds, seconds_since(begin), "s");
}

// -- a mesh -------------------------------------------------------------------

void measure_mesh(uint64_t num_nodes) {
  testkit::run([=](testkit::cluster& c) {
    std::vector<testkit::runtime_node*> nodes;
    for (uint64_t i = 0; i < num_nodes; ++i) {
      auto name = node_name::parse("n" + std::to_string(i) + "@h");
      nodes.push_back(&c.start<bare_runtime>(*name));
    }
    for (size_t i = 0; i < nodes.size(); ++i)
      for (size_t j = 0; j < i; ++j)
        nodes[i]->front().connect(nodes[j]->name()).value();
    c.settle();
    auto begin = wall_clock::now();
    c.run_for(1min);
    print("idle_minute_of", num_nodes, seconds_since(begin), "s");
  });
}

} // namespace

int main() {
  try {
    for (auto per_round : {1U, 16U, 256U})
      measure_runtime_pairs(per_round, per_round == 1 ? 100'000 : 400'000);
    for (auto per_round : {1U, 16U, 256U})
      measure_actor_pairs(per_round, per_round == 1 ? 50'000 : 200'000);
    measure_runtime_seeds();
    measure_actor_seeds();
    for (auto num_nodes : {10U, 50U, 100U})
      measure_mesh(num_nodes);
    return 0;
  } catch (const std::exception& why) {
    std::fprintf(stderr, "vigil_bench_kit: %s\n", why.what());
    return 1;
  }
}
