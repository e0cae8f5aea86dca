#pragma once

#include "tests/sim/sim_context.hpp"
#include "tests/sim/sim_node.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace vigil::sim {

/// How a run goes.
struct simulation_options {
  uint64_t seed = 1;
  /// How many random things are done before the weather clears up.
  uint64_t steps = 200;
  bug seeded = bug::none;
  /// Whether the transcript is wanted.
  bool transcript = false;
};

/// What came out of a run.
struct simulation_result {
  /// Which promise was broken, if any.
  std::optional<std::string> broken;
  uint64_t steps = 0;
  uint64_t monitors = 0;
  tally faults;
  /// The transcript, if it was wanted.
  std::vector<std::string> lines;
  /// Of the transcript, what the lives of nodes told: the DOWNs and the node
  /// events, life by life, without times.
  std::vector<std::string> outcome;
};

/// One run: some nodes in one thread under a virtual clock, a bad network
/// between them, random processes on them, and ledgers that know what really
/// happened. The same options give the same run.
class simulation {
public:
  explicit simulation(const simulation_options& options);

  /// Runs to the end or to the first broken promise.
  simulation_result run();

private:
  /// Something random that can happen.
  struct deed {
    unsigned weight;
    void (simulation::*what)();
  };

  // -- phases, in simulation.cpp ----------------------------------------------

  void run_phases();
  void clear_up();
  void check_agreement();
  void check_pair(sim_node& x, sim_node& y);
  void check_monitor(sim_node& node, const monitor_fact& x);
  void connect_all();
  void end_one_node();
  void end_all_processes();
  void check_empty();
  void stop_all();

  // -- judges -----------------------------------------------------------------

  void note_debts(sim_node& node, const pid& process);
  /// Returns whether another node of the same name lives.
  bool has_double(const sim_node& node) const;
  void judge_loss(sim_node& node, node_name peer, const char* what);
  void judge_debt(sim_node& node, const monitor_fact& x);
  void judge_sync(sim_node& node, const sync_fact& x);
  /// The longest time after which a disturbance can still have an effect.
  timespan aftermath() const;

  // -- choices, in simulation_choices.cpp -------------------------------------

  void choose_deeds();
  void choose_weather();
  void do_something();

  // -- deeds, in simulation_deeds.cpp -----------------------------------------

  void spawn();
  void end_process();
  void end_many();
  void give_name();
  void take_name();
  void monitor();
  void monitor_many();
  void demonitor();
  void connect();
  void connect_both();
  void disconnect();
  void disconnect(sim_node& x);
  void sync();
  void cut();
  void cut_one_way();
  void heal();
  void close_socket();
  void replace_socket();
  void switch_sockets();
  void pause();
  void crash();
  void crash_silently();
  void stop();
  void stop(sim_node& x);
  /// Does something to a node that is in the middle of something large.
  void meet_half_done(sim_node& x);
  void restart();
  void double_name();
  void lie();

  // -- nodes ------------------------------------------------------------------

  sim_node& start(size_t place);
  sim_node* listener(node_name name) const;
  sim_node* current(size_t place) const;
  std::vector<sim_node*> running() const;
  /// Returns some node whose processes can do something; null if there is none.
  sim_node* some_active();
  std::optional<size_t> place_of(node_name name) const;
  std::optional<pid> some_process(sim_node& x);
  process_name some_name();
  target some_target(sim_node& from);
  void heal_all();

  simulation_options options_;
  size_t num_nodes_;
  sim_context context_;
  testkit::wire_network network_;
  std::vector<node_name> names_;
  std::vector<process_name> process_names_;
  /// All lives of all nodes; none is forgotten while the run lasts.
  std::vector<std::unique_ptr<sim_node>> lives_;
  /// Of each place, which node answers there.
  std::vector<sim_node*> current_;
  std::vector<creation> last_creation_;
  std::vector<deed> deeds_;
  unsigned total_weight_ = 0;
  timespan base_tick_{};
  timespan setup_time_{};
  bool liars_ = false;
};

} // namespace vigil::sim
