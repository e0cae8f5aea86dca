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

/// What happened in a run, to be read by people, and what came of it. Text is
/// made only if somebody wants to read it: a failed run is repeated for its
/// transcript.
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

  /// Notes what a life of a node has told its processes or its runtime: the
  /// line that `f` returns.
  template <class F>
  void tell(uint64_t life, F f) {
    if (wanted_)
      told_[life].push_back(f());
  }

  /// Counts a fault of the network or of a node or, with a kind that starts
  /// with an equals sign, what followed.
  void count(const std::string& kind) {
    ++faults_[kind];
  }

  const std::vector<std::string>& lines() const noexcept {
    return lines_;
  }

  /// Returns what each life has told, one life after the other: when things
  /// happen on two nodes is left to chance, but within one the order is part of
  /// the promise (contract 13, 14, 16), and a change that swaps what may be
  /// swapped had better be a change that wanted to.
  std::vector<std::string> outcome() const {
    std::vector<std::string> result;
    for (const auto& [life, lines] : told_)
      for (const auto& line : lines)
        result.push_back(std::to_string(life) + "  " + line);
    return result;
  }

  const tally& faults() const noexcept {
    return faults_;
  }

private:
  bool wanted_;
  std::vector<std::string> lines_;
  std::map<uint64_t, std::vector<std::string>> told_;
  tally faults_;
};

} // namespace vigil::sim
