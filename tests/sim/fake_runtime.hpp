#pragma once

#include <vigil/process_table.hpp>
#include <vigil/runtime.hpp>
#include "tests/sim/sim_context.hpp"

#include <algorithm>
#include <exception>
#include <functional>
#include <optional>
#include <tuple>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

namespace vigil::sim {

/// The processes of one node and their names. Who judges what they are told may
/// throw, but a runtime must not: what was thrown is kept.
class fake_runtime final : public runtime {
public:
  using down_receiver = std::function<void(const down_notice*, size_t)>;

  using event_receiver = std::function<void(const node_event&)>;

  /// Hands on DOWNs and node events, as they come.
  fake_runtime(const sim_context& context, node_name self, creation life,
               down_receiver downs, event_receiver events)
    : context_(context),
      self_(self),
      life_(life),
      downs_(std::move(downs)),
      events_(std::move(events)) {
    // nop
  }

  /// Throws what a receiver has thrown, if it has.
  void check() {
    if (failure_)
      std::rethrow_exception(std::exchange(failure_, nullptr));
  }

  // -- runtime ----------------------------------------------------------------

  /// Looks at the number only: a core that asks for processes of others gets a
  /// wrong answer, which does not stay hidden.
  bool alive(const pid& process) const noexcept override {
    const pid mine{self_, life_, process.number, process.serial};
    return processes_.contains(mine)
           || (context_.has(bug::resolve_after_exit) && dead_.count(mine) != 0);
  }

  std::optional<pid> whereis(const process_name& name) const noexcept override {
    return processes_.whereis(name);
  }

  void deliver(const down_notice* first, size_t count) noexcept override {
    keep_failure([&] { downs_(first, count); });
  }

  void remove_down(const pid&, reference) noexcept override {
    // nop: nobody demonitors with flush here
  }

  void on_node_event(const node_event& x) noexcept override {
    keep_failure([&] { events_(x); });
  }

  // -- processes --------------------------------------------------------------

  void add(const pid& x) {
    // Without a name nothing can go wrong.
    static_cast<void>(processes_.add(x, {}));
  }

  void remove(const pid& x) {
    processes_.remove(x);
    dead_.insert(x);
  }

  /// Fails if the name is taken or the process has one.
  bool give_name(const pid& x, const process_name& name) {
    return processes_.register_name(name, x) == errc::none;
  }

  bool take_name(const process_name& name) {
    return processes_.unregister_name(name) == errc::none;
  }

  /// Returns them in an order that is the same in every run.
  std::vector<pid> all() const {
    std::vector<pid> result;
    processes_.for_each([&](const pid& x, auto) { result.push_back(x); });
    std::sort(result.begin(), result.end(), [](const pid& x, const pid& y) {
      return std::tie(x.number, x.serial) < std::tie(y.number, y.serial);
    });
    return result;
  }

private:
  template <class F>
  void keep_failure(const F& f) noexcept {
    try {
      f();
    } catch (...) {
      failure_ = std::current_exception();
    }
  }

  const sim_context& context_;
  node_name self_;
  creation life_;
  process_table<std::monostate> processes_;
  std::unordered_set<pid> dead_;
  down_receiver downs_;
  event_receiver events_;
  std::exception_ptr failure_;
};

} // namespace vigil::sim
