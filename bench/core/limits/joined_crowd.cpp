#include "bench/core/limits/joined_crowd.hpp"

#include <vigil/core/control_event.hpp>
#include <vigil/exit_reason.hpp>
#include <vigil/literals.hpp>
#include <vigil/pid.hpp>
#include <vigil/reference.hpp>
#include "bench/common/failure.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace vigil::bench {

namespace {

const auto targets_node = "target@localhost"_node;
constexpr creation life{1};

node_name watchers_node(size_t number) {
  return node_name::parse("w" + std::to_string(number) + "@localhost").value();
}

} // namespace

joined_crowd::pair::pair(size_t number, down_check& downs)
  : watcher(watchers_node(number), life, downs),
    target(targets_node, life, downs) {
  watcher.join(target);
  target.join(watcher);
}

joined_crowd::joined_crowd(figures& out) : out_(out) {
  for (size_t i = 0; i < num_watchers; ++i)
    pairs_.emplace_back(i, downs_);
}

void joined_crowd::run() {
  for (auto& x : pairs_)
    set_up(x);
  std::chrono::nanoseconds taken{0};
  for (auto& x : pairs_) {
    auto before = x.watcher.spent();
    lose(x);
    taken += x.watcher.spent() - before;
  }
  out_.add("crowd_loss", "joined_watcher", taken);
}

void joined_crowd::set_up(pair& x) {
  x.watcher.take(event::connect{targets_node});
  settle(x.watcher, x.target);
  auto self = x.watcher.plane().self();
  x.watcher.take_slice(0, monitors_each, [&](size_t i) {
    return event::monitor{{self, life, 1, 0},
                          pid{targets_node, life, static_cast<uint32_t>(i + 1),
                              0},
                          reference{to_integer(first_reference) + i}};
  });
  settle(x.watcher, x.target);
  if (x.watcher.plane().num_outbound() != monitors_each
      || x.target.plane().num_inbound() != monitors_each)
    throw failure{"a node of many does not have its monitors"};
}

void joined_crowd::lose(pair& x) {
  downs_.expect(first_reference, monitors_each, exit_reason::noconnection());
  x.watcher.lose_connection();
  settle(x.watcher, x.target);
  downs_.close();
}

} // namespace vigil::bench
