#pragma once

#include <vigil/core/process_view.hpp>
#include "tests/sim/sim_context.hpp"

#include <map>
#include <optional>
#include <vector>

namespace vigil::sim {

/// The processes of one node and their names.
class fake_runtime final : public process_view {
public:
  explicit fake_runtime(const sim_context& context) : context_(context) {
    // nop
  }

  bool alive(const pid& process) const noexcept override {
    if (processes_.count(number_of(process)) != 0)
      return true;
    return context_.has(bug::resolve_after_exit)
           && dead_.count(number_of(process)) != 0;
  }

  std::optional<pid> whereis(const process_name& name) const noexcept override {
    auto i = names_.find(name);
    if (i == names_.end())
      return std::nullopt;
    return i->second;
  }

  void add(const pid& x) {
    processes_.emplace(number_of(x), x);
  }

  void remove(const pid& x) {
    dead_.emplace(number_of(x), x);
    processes_.erase(number_of(x));
    for (auto i = names_.begin(); i != names_.end();)
      i = i->second == x ? names_.erase(i) : std::next(i);
  }

  /// Fails if the name is taken or the process has one.
  bool give_name(const pid& x, const process_name& name) {
    for (const auto& entry : names_)
      if (entry.second == x)
        return false;
    return names_.emplace(name, x).second;
  }

  bool take_name(const process_name& name) {
    return names_.erase(name) != 0;
  }

  std::vector<pid> all() const {
    std::vector<pid> result;
    for (const auto& x : processes_)
      result.push_back(x.second);
    return result;
  }

private:
  using key = std::pair<uint32_t, uint32_t>;

  static key number_of(const pid& x) noexcept {
    return {x.number, x.serial};
  }

  const sim_context& context_;
  std::map<key, pid> processes_;
  std::map<key, pid> dead_;
  std::map<process_name, pid> names_;
};

} // namespace vigil::sim
