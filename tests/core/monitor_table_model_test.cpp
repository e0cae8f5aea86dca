// Random operations on a monitor table and on a naive model of it, which keeps
// its monitors in vectors and scans them.

#include "src/table/monitor_table.hpp"
#include "tests/core/transcript.hpp"

#include <algorithm>
#include <random>

using namespace vigil;
using namespace vigil::test;

namespace {

constexpr creation own_life{3};

struct resolved_monitor {
  inbound_monitor monitor;
  pid process;
};

template <class T>
bool same_triple(const T& x, const pid& watcher, const target& object,
                 reference r) {
  return x.watcher == watcher && x.object == object && x.ref == r;
}

/// Removes and returns, in order, what `condition` accepts.
template <class T, class F>
std::vector<T> extract(std::vector<T>& from, F condition) {
  std::vector<T> taken;
  std::vector<T> kept;
  for (auto& x : from)
    (condition(x) ? taken : kept).push_back(x);
  from = std::move(kept);
  return taken;
}

lines show(const std::vector<outbound_monitor>& xs) {
  lines result;
  for (const auto& x : xs)
    result.push_back(to_string(x.watcher) + to_string(x.object)
                     + to_string(x.ref));
  return result;
}

lines show(const std::vector<down_notice>& xs) {
  std::vector<outbound_monitor> monitors;
  monitors.reserve(xs.size());
  for (const auto& x : xs)
    monitors.push_back({x.watcher, x.message.object, x.message.ref});
  return show(monitors);
}

lines show(const std::vector<inbound_monitor>& xs) {
  lines result;
  for (const auto& x : xs)
    result.push_back(to_string(x.watcher) + to_string(x.object)
                     + to_string(x.ref));
  return result;
}

/// One table, its model, and a source of random operations.
class duel {
public:
  explicit duel(uint32_t seed) : random_(seed) {
    // nop
  }

  void step() {
    switch (pick(20)) {
      case 0:
      case 1:
      case 2:
      case 3:
      case 4:
        return monitor();
      case 5:
      case 6:
        return demonitor();
      case 7:
      case 8:
        return take_exit();
      case 9:
        return lose_node(pick(4));
      case 10:
        return end_watcher(any_local());
      case 11:
      case 12:
      case 13:
      case 14:
        return register_inbound();
      case 15:
      case 16:
        return remove_inbound_for_watcher_node();
      case 17:
        return drain_target(any_local());
      case 18:
        return drop_node();
      default:
        return compare();
    }
  }

  void compare() {
    CHECK(table_.num_outbound() == outbound_.size());
    CHECK(table_.num_inbound() == inbound_.size());
    for (auto node : nodes_) {
      CHECK(table_.num_outbound(node) == of_node(node).size());
      std::vector<outbound_monitor> listed;
      table_.list_outbound_for_node(node, listed);
      CHECK(show(listed) == show(of_node(node)));
      auto held = std::count_if(inbound_.begin(), inbound_.end(),
                                [&](const auto& x) {
                                  return x.monitor.watcher.node == node;
                                });
      CHECK(table_.num_inbound(node) == static_cast<size_t>(held));
    }
    for (uint32_t i = 1; i <= num_processes; ++i) {
      auto process = local(i);
      auto copy = outbound_;
      CHECK(show(table_.monitors(process))
            == show(extract(copy, [&](const auto& x) {
                 return x.watcher == process;
               })));
      std::vector<pid> watchers;
      for (const auto& x : inbound_)
        if (x.process == process)
          watchers.push_back(x.monitor.watcher);
      CHECK(table_.monitored_by(process) == watchers);
    }
    CHECK(table_.empty() == (outbound_.empty() && inbound_.empty()));
  }

  /// Removes everything, each time in one of the ways there are.
  void finish() {
    compare();
    for (uint32_t i = 1; i <= num_processes; ++i) {
      if (pick(2) == 0)
        end_watcher(local(i));
      drain_target(local(i));
    }
    for (auto node : nodes_) {
      std::vector<down_notice> out;
      CHECK(
        table_.end_outbound_for_node(table_.begin_sweep(node), {}, out).taken
        == of_node(node).size());
    }
    outbound_.clear();
    compare();
    CHECK(table_.empty());
    CHECK(outbound_.empty());
    CHECK(inbound_.empty());
  }

private:
  static constexpr uint32_t num_processes = 6;

  uint32_t pick(uint32_t bound) {
    return static_cast<uint32_t>(random_() % bound);
  }

  pid local(uint32_t number) const {
    return {node_a, own_life, number, number % 2};
  }

  pid any_local() {
    return local(1 + pick(num_processes));
  }

  pid any_remote(node_name node) {
    return {node, creation{1 + pick(2)}, 1 + pick(3), pick(2)};
  }

  target any_name(node_name node) {
    const char* names[] = {"db", "web", "log"};
    return named(names[pick(3)], node);
  }

  target any_target(node_name node) {
    if (pick(3) == 0)
      return any_name(node);
    return node == node_a ? any_local() : any_remote(node);
  }

  pid any_watcher() {
    auto node = nodes_[pick(4)];
    return node == node_a ? any_local() : any_remote(node);
  }

  std::vector<outbound_monitor> of_node(node_name node) const {
    auto copy = outbound_;
    return extract(copy,
                   [&](const auto& x) { return node_of(x.object) == node; });
  }

  // -- the watcher's half -----------------------------------------------------

  void monitor() {
    outbound_monitor x{any_local(), any_target(nodes_[pick(4)]),
                       ref(++last_ref_)};
    table_.monitor_remote(x.watcher, x.object, x.ref);
    outbound_.push_back(x);
  }

  reference any_ref() {
    return ref(1 + pick(static_cast<uint32_t>(last_ref_) + 2));
  }

  void demonitor() {
    outbound_monitor x{any_local(), local(1), any_ref()};
    if (!outbound_.empty() && pick(3) != 0)
      x = outbound_[pick(static_cast<uint32_t>(outbound_.size()))];
    if (pick(4) == 0)
      x.watcher = any_local();
    auto expected = extract(outbound_, [&](const auto& y) {
      return y.ref == x.ref && y.watcher == x.watcher;
    });
    auto object = table_.demonitor_remote(x.watcher, x.ref);
    CHECK(object.has_value() == !expected.empty());
    if (object && !expected.empty())
      CHECK(*object == expected[0].object);
  }

  void take_exit() {
    outbound_monitor x{any_local(), any_target(node_b), any_ref()};
    if (!outbound_.empty() && pick(3) != 0)
      x = outbound_[pick(static_cast<uint32_t>(outbound_.size()))];
    if (pick(4) == 0)
      x.object = any_target(nodes_[pick(4)]);
    if (pick(4) == 0)
      x.watcher = any_local();
    auto sender = pick(4) == 0 ? nodes_[pick(4)] : node_of(x.object);
    auto match = monitor_table::exit_match::unknown;
    for (const auto& y : outbound_)
      if (y.ref == x.ref)
        match = same_triple(y, x.watcher, x.object, x.ref)
                    && node_of(y.object) == sender
                  ? monitor_table::exit_match::taken
                  : monitor_table::exit_match::mismatch;
    if (match == monitor_table::exit_match::taken)
      extract(outbound_, [&](const auto& y) { return y.ref == x.ref; });
    CHECK(table_.take_outbound_for_exit(sender, x.object, x.watcher, x.ref)
          == match);
  }

  void lose_node(uint32_t index) {
    auto node = nodes_[index];
    // In two portions, and perhaps without the newest.
    std::vector<down_notice> out;
    auto sweep = table_.begin_sweep(node);
    auto& newest = sweep.newest;
    newest = pick(2) == 0 ? last_reference : any_ref();
    auto limit = size_t{pick(4)};
    table_.end_outbound_for_node(sweep, {}, out, limit);
    CHECK(out.size() <= limit);
    CHECK(table_.end_outbound_for_node(sweep, {}, out).done);
    std::sort(out.begin(), out.end(), [](const auto& x, const auto& y) {
      return x.message.ref < y.message.ref;
    });
    CHECK(show(out) == show(extract(outbound_, [&](const auto& x) {
            return node_of(x.object) == node && x.ref <= newest;
          })));
  }

  void end_watcher(const pid& watcher) {
    std::vector<outbound_monitor> out;
    table_.remove_outbound_for_watcher(watcher, out);
    CHECK(show(out) == show(extract(outbound_, [&](const auto& x) {
            return x.watcher == watcher;
          })));
  }

  // -- the target's half ------------------------------------------------------

  void register_inbound() {
    resolved_monitor x;
    x.process = any_local();
    x.monitor = {any_watcher(),
                 pick(2) == 0 ? any_name(node_a) : target{x.process},
                 ref(pick(12))};
    auto match = monitor_table::inbound_match::unknown;
    for (const auto& y : inbound_)
      if (y.monitor.ref == x.monitor.ref
          && y.monitor.watcher.node == x.monitor.watcher.node
          && y.monitor.watcher.life == x.monitor.watcher.life)
        match = same_triple(y.monitor, x.monitor.watcher, x.monitor.object,
                            x.monitor.ref)
                  ? monitor_table::inbound_match::repeated
                  : monitor_table::inbound_match::conflicting;
    CHECK(table_.match_inbound_monitor(x.monitor.watcher, x.monitor.object,
                                       x.monitor.ref)
          == match);
    CHECK(table_.register_inbound_monitor(x.monitor.watcher, x.monitor.object,
                                          x.monitor.ref, x.process)
          == match);
    if (match == monitor_table::inbound_match::unknown)
      inbound_.push_back(x);
  }

  void remove_inbound_for_watcher_node() {
    inbound_monitor x{any_watcher(), any_target(node_a), ref(pick(12))};
    if (!inbound_.empty() && pick(2) == 0)
      x = inbound_[pick(static_cast<uint32_t>(inbound_.size()))].monitor;
    auto expected = extract(inbound_, [&](const auto& y) {
      return same_triple(y.monitor, x.watcher, x.object, x.ref);
    });
    CHECK(table_.remove_inbound_monitor(x.watcher, x.object, x.ref)
          == !expected.empty());
  }

  void drain_target(const pid& process) {
    std::vector<inbound_monitor> out;
    table_.collect_inbound_for_target(process, out);
    std::vector<inbound_monitor> expected;
    for (const auto& x :
         extract(inbound_, [&](const auto& y) { return y.process == process; }))
      expected.push_back(x.monitor);
    CHECK(show(out) == show(expected));
  }

  void drop_node() {
    auto node = nodes_[pick(4)];
    auto dropped = extract(inbound_, [&](const auto& x) {
      return x.monitor.watcher.node == node;
    });
    auto sweep = table_.begin_sweep(node);
    CHECK(table_.remove_inbound_for_watcher_node(sweep).taken
          == dropped.size());
  }

  const node_name nodes_[4] = {node_a, node_b, node_c, node_d};
  std::mt19937 random_;
  monitor_table table_{node_a, own_life};
  std::vector<outbound_monitor> outbound_;
  std::vector<resolved_monitor> inbound_;
  uint64_t last_ref_ = 0;
};

} // namespace

TEST_CASE("monitor table: agrees with a naive model under random operations") {
  for (uint32_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    duel x{seed};
    for (auto i = 0; i < 1'000; ++i)
      x.step();
    x.finish();
  }
}

TEST_CASE("monitor table: is empty after a hundred thousand monitors came and "
          "went in another order") {
  // More than one chunk of every slab, and every index grown and shrunk.
  constexpr uint64_t count = 100'000;
  monitor_table table{node_a, first_life};
  auto watcher = [](uint64_t i) {
    return proc(node_a, static_cast<uint32_t>(1 + i % 1'000));
  };
  for (uint64_t i = 0; i < count; ++i) {
    table.monitor_remote(watcher(i), proc(node_b, 1), ref(i));
    table.register_inbound_monitor(proc(node_b, 1), watcher(i), ref(i),
                                   watcher(i));
  }
  for (uint64_t i = 0; i < count; i += 2)
    CHECK(table.demonitor_remote(watcher(i), ref(i)));
  for (uint64_t i = count - 1; i < count; i -= 2)
    CHECK(table.remove_inbound_monitor(proc(node_b, 1), watcher(i), ref(i)));
  std::vector<down_notice> out;
  auto sweep = table.begin_sweep(node_b);
  CHECK(table.end_outbound_for_node(sweep, {}, out).taken == count / 2);
  CHECK(out.front().message.ref == ref(1));
  CHECK(out.back().message.ref == ref(count - 1));
  CHECK(table.remove_inbound_for_watcher_node(sweep).taken == count / 2);
  CHECK(table.empty());
}
