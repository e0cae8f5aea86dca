#pragma once

#include <vigil/core/process_view.hpp>
#include <vigil/creation.hpp>
#include <vigil/node_name.hpp>
#include <vigil/pid.hpp>
#include <vigil/process_name.hpp>

#include <cstdint>
#include <optional>
#include <set>

namespace vigil::fuzz {

inline constexpr creation any_life{1};

inline pid process_of(node_name node, uint32_t number) {
  return {node, any_life, number, 0};
}

/// Processes 1 to 4 of a node, until they end; the second is registered as db.
class few_processes final : public process_view {
public:
  bool alive(const pid& x) const noexcept override {
    return x.serial == 0 && x.number >= 1 && x.number <= 4
           && dead_.count(x.number) == 0;
  }

  std::optional<pid> whereis(const process_name& name) const noexcept override {
    if (name.str() != "db" || dead_.count(2) != 0)
      return std::nullopt;
    return process_of(node, 2);
  }

  void end(uint32_t number) {
    dead_.insert(number);
  }

  node_name node;

private:
  std::set<uint32_t> dead_;
};

} // namespace vigil::fuzz
