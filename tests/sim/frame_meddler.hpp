#pragma once

#include "messages/session_message.hpp"
#include "tests/sim/session_ledger.hpp"
#include "tests/sim/sim_context.hpp"

#include <map>
#include <optional>
#include <utility>

namespace vigil::sim {

/// Falsifies frames on arrival, for the bugs that are about frames.
class frame_meddler {
public:
  explicit frame_meddler(const sim_context& context) : context_(context) {
    // nop
  }

  /// Rewrites a frame; returns another one that shall be handled before it.
  std::optional<std::pair<frame, frame_mark>> meddle(frame& x,
                                                     const frame_mark& mark) {
    if (context_.has(bug::gap_hidden))
      x.sequence = ++last_[to_key(x.numbers)];
    if (!context_.has(bug::stale_frame_applied))
      return std::nullopt;
    auto& old = kept_[mark.sender];
    std::optional<std::pair<frame, frame_mark>> result;
    if (old && old->second.epoch != mark.epoch) {
      result = std::exchange(old, std::nullopt);
      result->first.numbers = x.numbers;
      result->first.sequence = x.sequence;
      result->first.acknowledged = x.acknowledged;
    }
    old = std::pair{x, mark};
    return result;
  }

private:
  static std::pair<uint64_t, uint64_t> to_key(session_pair x) {
    return {static_cast<uint64_t>(x.sender), static_cast<uint64_t>(x.receiver)};
  }

  const sim_context& context_;
  std::map<std::pair<uint64_t, uint64_t>, uint64_t> last_;
  std::map<life_id, std::optional<std::pair<frame, frame_mark>>> kept_;
};

} // namespace vigil::sim
