#pragma once

#include "tests/cluster/relay.hpp"
#include "tests/soak/disturbances.hpp"
#include "tests/soak/ledger.hpp"
#include "tests/soak/population.hpp"
#include "tests/soak/station.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vigil::soak {

using namespace std::chrono_literals;

/// Four nodes, a relay on the way from each to each other, and the account of
/// what they do. What the nodes print goes into the ledger here.
///
/// Thread-safety: none.
class stage {
public:
  using clock = node_client::clock;

  static constexpr size_t num_nodes = 4;

  /// Short, so that many losses fit into the time.
  static constexpr std::chrono::milliseconds tick_time = 800ms;
  static constexpr std::chrono::milliseconds setup_time = 1000ms;

  /// How long the loss of a link may be due to a fault that is over: a dial may
  /// fail a set-up time later, silence be noticed a tick time later.
  static constexpr std::chrono::milliseconds aftermath = tick_time + setup_time;

  /// How long anything may take before the nodes count as stuck.
  static constexpr std::chrono::seconds patience{30};

  stage();

  stage(const stage&) = delete;

  stage& operator=(const stage&) = delete;

  /// Starts the nodes and tells each where the others are. Returns why it could
  /// not.
  std::optional<std::string> start();

  // -- properties -------------------------------------------------------------

  station& node(size_t i) {
    return *nodes_[i];
  }

  population& people(size_t i) {
    return people_[i];
  }

  /// The relay that node `from` calls when it dials node `to`.
  test::relay& link(size_t from, size_t to) {
    return *links_[from * num_nodes + to];
  }

  ledger& account() noexcept {
    return account_;
  }

  disturbances& faults() noexcept {
    return faults_;
  }

  // -- time -------------------------------------------------------------------

  /// Takes in what all nodes have printed.
  void read();

  // -- lives ------------------------------------------------------------------

  /// Kills a node.
  void kill(size_t i);

  /// Returns whether a node that was told to quit has ended.
  bool has_quit(size_t i);

  /// Starts a node again.
  void restart(size_t i);

private:
  void on_event(size_t i, const station::line& what);
  void on_down(size_t i, const station::line& what);
  void bury(size_t i);
  std::optional<size_t> index_of(std::string_view name) const;

  disturbances faults_{num_nodes, aftermath};
  ledger account_{num_nodes, faults_};
  std::deque<population> people_;
  std::vector<std::unique_ptr<station>> nodes_;
  std::vector<std::unique_ptr<test::relay>> links_;
};

} // namespace vigil::soak
