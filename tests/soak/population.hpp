#pragma once

#include "tests/soak/process.hpp"
#include "tests/soak/tenure.hpp"

#include <array>
#include <cstddef>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

namespace vigil::soak {

/// The processes and names of one node, all commands given so far included.
///
/// Thread-safety: none.
class population {
public:
  static constexpr size_t num_names = 12;

  /// A monitor that may be demonitored: it need not be live any more.
  struct known_monitor {
    std::string ref;
    process_ptr watcher;
  };

  explicit population(size_t node) : node_(node) {
    // nop
  }

  // -- what there is ----------------------------------------------------------

  /// Processes that were not told to end.
  const std::vector<process_ptr>& alive() const noexcept {
    return alive_;
  }

  /// Those of them that watch.
  const std::vector<process_ptr>& watchers() const noexcept {
    return watchers_;
  }

  /// Processes that have ended, also in former lives of the node.
  const std::deque<process_ptr>& dead() const noexcept {
    return dead_;
  }

  const std::deque<known_monitor>& known_monitors() const noexcept {
    return known_monitors_;
  }

  static std::string name(size_t i) {
    return "name" + std::to_string(i);
  }

  name_record& record(size_t i) noexcept {
    return names_[i];
  }

  /// Processes that were asked for and are alive or not yet there.
  size_t size() const noexcept {
    return alive_.size() + unborn_;
  }

  // -- what happens -----------------------------------------------------------

  /// A process was asked for.
  process_ptr conceive(bool watches);

  /// It is there.
  void born(const process_ptr& x, std::string pid);

  /// It was told to end.
  void tell_to_end(const process_ptr& x, std::string reason);

  /// It will not be there: its node has ended.
  void stillborn(const process_ptr& x, time_point now);

  /// It is gone.
  void gone(const process_ptr& x, time_point now);

  /// A monitor was granted.
  void monitored(std::string ref, process_ptr watcher);

  /// The node has ended, and everybody with it.
  void all_gone(time_point now);

private:
  size_t node_;
  size_t unborn_ = 0;
  std::vector<process_ptr> alive_;
  std::vector<process_ptr> watchers_;
  std::deque<process_ptr> dead_;
  std::deque<known_monitor> known_monitors_;
  std::array<name_record, num_names> names_;
};

} // namespace vigil::soak
