#include "bench/cluster/caf/caf_driver.hpp"

#include "bench/cluster/caf/caf_system.hpp"
#include "bench/common/failure.hpp"
#include "bench/common/far_side.hpp"
#include "bench/common/kernel_counters.hpp"
#include "bench/common/report.hpp"

#include <caf/actor_system.hpp>
#include <caf/exit_reason.hpp>
#include <caf/io/middleman.hpp>
#include <caf/scoped_actor.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace vigil::bench {

namespace {

constexpr std::chrono::seconds patience{30};

/// How many handles travel in one message.
constexpr uint64_t max_handles = 10000;

/// Two connected actor systems, one here and one in another program.
class caf_pair {
public:
  caf_pair() : target_({"target", "caf"}), system_(config_), self_(system_) {
    auto port = std::stoul(target_.greeting().at(1));
    auto result = system_.middleman().remote_actor("127.0.0.1",
                                                   static_cast<uint16_t>(port));
    if (!result)
      throw failure{system_.render(result.error())};
    server_ = std::move(*result);
  }

  void spawn(size_t count) {
    target_.ask("spawn " + std::to_string(count));
  }

  std::vector<caf::actor> handles(size_t count) {
    std::vector<caf::actor> result;
    result.reserve(count);
    while (result.size() < count) {
      auto n = std::min<uint64_t>(max_handles, count - result.size());
      self_
        ->request(server_, patience, caf::get_atom_v, uint64_t{result.size()},
                  n)
        .receive(
          [&](const std::vector<caf::actor>& some) {
            result.insert(result.end(), some.begin(), some.end());
          },
          [](const caf::error&) { throw failure{"no handles came"}; });
    }
    return result;
  }

  void monitor(const caf::actor& object) {
    self_->monitor(object);
  }

  void sync() {
    self_->request(server_, patience, caf::ok_atom_v)
      .receive([](caf::ok_atom) {},
               [](const caf::error&) { throw failure{"no answer came"}; });
  }

  void expect_downs(size_t count, const caf::error& reason) {
    for (; count > 0; --count)
      self_->receive(
        [&](const caf::down_msg& x) {
          if (x.reason != reason)
            throw failure{"a DOWN has the reason " + system_.render(x.reason)};
        },
        caf::after(patience) >>
          [&] { throw failure{std::to_string(count) + " DOWNs are missing"}; });
  }

  far_side& target() noexcept {
    return target_;
  }

private:
  far_side target_;
  caf_settings config_;
  caf::actor_system system_;
  caf::scoped_actor self_;
  caf::actor server_;
};

void one_to_many(const settings& what, caf_pair& systems) {
  auto n = what.monitors;
  systems.spawn(n);
  auto bytes = tcp_bytes();
  auto taken = what.watch.time("setup", [&] {
    for (const auto& x : systems.handles(n))
      systems.monitor(x);
    systems.sync();
  });
  report_each("wire_monitor", bytes, tcp_bytes(), n);
  report_rate("setup", n, taken, "ops/s");
  bytes = tcp_bytes();
  taken = what.watch.time("exit_storm", [&] {
    systems.target().tell("stop");
    systems.expect_downs(n, caf::exit_reason::user_shutdown);
  });
  report_each("wire_down", bytes, tcp_bytes(), n);
  report_rate("exit_storm", n, taken, "downs/s");
}

void one_target(const settings& what, caf_pair& systems) {
  auto n = what.monitors;
  systems.spawn(1);
  {
    auto object = systems.handles(1).front();
    for (size_t i = 0; i < n; ++i)
      systems.monitor(object);
  }
  systems.sync();
  auto taken = what.watch.time("fan_out", [&] {
    systems.target().tell("stop");
    systems.expect_downs(n, caf::exit_reason::user_shutdown);
  });
  report_rate("fan_out", n, taken, "downs/s");
}

void node_down(const settings& what, caf_pair& systems) {
  auto n = what.monitors;
  systems.spawn(n);
  auto objects = systems.handles(n);
  for (const auto& x : objects)
    systems.monitor(x);
  systems.sync();
  auto taken = what.watch.time("node_down", [&] {
    systems.target().kill();
    systems.expect_downs(n, caf::exit_reason::remote_link_unreachable);
  });
  report_rate("node_down", n, taken, "downs/s");
}

void memory(size_t n, size_t num_targets, const std::string& suffix) {
  caf_pair systems;
  systems.spawn(num_targets);
  systems.sync();
  auto here = resident_set();
  auto there = systems.target().ask("memory");
  auto objects = systems.handles(num_targets);
  for (size_t i = 0; i < n; ++i)
    systems.monitor(objects[i % num_targets]);
  systems.sync();
  report_each("mem_target" + suffix, there, systems.target().ask("memory"), n);
  report_each("mem_watcher" + suffix, here, resident_set(), n);
  systems.target().tell("stop");
  systems.expect_downs(n, caf::exit_reason::user_shutdown);
}

} // namespace

void run_caf_driver(const settings& what) {
  // As many as fit: an actor is much larger than a process of a runtime.
  if (what.wants("memory"))
    memory(what.monitors, 1, "");
  if (what.wants("memory_spread"))
    memory(what.monitors, what.monitors, "_spread");
  if (what.wants_speed()) {
    caf_pair systems;
    if (what.wants("many"))
      one_to_many(what, systems);
    if (what.wants("one"))
      one_target(what, systems);
    if (what.wants("node_down"))
      node_down(what, systems);
  }
}

} // namespace vigil::bench
