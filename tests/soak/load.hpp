#pragma once

#include "testkit/net/random_source.hpp"
#include "tests/soak/stage.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace vigil::soak {

/// Gives one node random commands: its processes start, end, take names, watch
/// others and stop watching.
///
/// Thread-safety: none.
class load {
public:
  load(stage& on, size_t node, uint64_t seed);

  /// Gives some commands, unless the node has too many to do.
  void go_on();

  /// Ends all processes that only are watched, or all.
  void end_targets();
  void end_all();

private:
  using line = station::line;

  void one();
  void spawn();
  void end(const process_ptr& x);
  void end_one();
  void change_name();
  void watch();
  void watch_process(const process_ptr& watcher, size_t node);
  void watch_name(const process_ptr& watcher, size_t node);
  void ask_to_watch(monitor x, name_record* record);
  /// Notes that the target's node has the monitor, once it has.
  void make_sure(const std::string& ref, size_t node,
                 const name_record* record);
  void unwatch();
  void empty_mailbox();
  size_t pick_node();
  std::string pick_reason();
  bool expect_ok(const std::string& command, const line* answer);

  population& people() {
    return stage_.people(node_);
  }

  station& self() {
    return stage_.node(node_);
  }

  stage& stage_;
  size_t node_;
  testkit::random_source random_;
  uint64_t last_reason_ = 0;
};

} // namespace vigil::soak
