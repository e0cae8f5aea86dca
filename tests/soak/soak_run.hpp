#pragma once

#include "tests/soak/faults.hpp"
#include "tests/soak/load.hpp"
#include "tests/soak/report.hpp"
#include "tests/soak/stage.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>

namespace vigil::soak {

/// One soak test: load and faults for some time, then peace until every monitor
/// has ended.
class soak_run {
public:
  explicit soak_run(uint64_t seed);

  /// Starts the nodes. Returns why it could not.
  std::optional<std::string> start();

  /// Does all of it. Says every minute how it goes.
  report run(std::chrono::seconds length, std::ostream& progress);

  const std::vector<std::string>& findings() {
    return stage_.account().findings();
  }

private:
  using condition = std::function<bool()>;

  void keep_busy(std::chrono::seconds length, std::ostream& progress);
  void make_peace();
  void compare_tables();
  void end_everybody();
  void stop_nodes();
  void beat();
  bool await(const condition& reached);
  bool all_answered();
  uint64_t sum_of(const std::string& counter);

  stage stage_;
  faults faults_;
  std::deque<load> loads_;
  report report_;
  time_point next_beat_{};
};

} // namespace vigil::soak
