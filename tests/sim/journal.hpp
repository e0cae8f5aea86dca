#pragma once

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace vigil::sim {

/// Thrown where a promise is broken; ends the run.
class violation : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// Counts of one run, by kind.
using tally = std::map<std::string, uint64_t>;

/// What happened in a run, to be read by people. Text is made only if somebody
/// wants to read it: a failed run is repeated for its transcript.
class journal {
public:
  explicit journal(bool wanted) : wanted_(wanted) {
    // nop
  }

  /// Notes the line that `f` returns.
  template <class F>
  void note(F f) {
    if (wanted_)
      lines_.push_back(f());
  }

  /// Counts a fault of the network or of a node or, with a kind that starts
  /// with an equals sign, what followed.
  void count(const std::string& kind) {
    ++faults_[kind];
  }

  const std::vector<std::string>& lines() const noexcept {
    return lines_;
  }

  const tally& faults() const noexcept {
    return faults_;
  }

private:
  bool wanted_;
  std::vector<std::string> lines_;
  tally faults_;
};

} // namespace vigil::sim
