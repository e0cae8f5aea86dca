#include "src/node/node_core.hpp"

#include <type_traits>
#include <utility>
#include <variant>

namespace vigil {

node_core::node_core(const session_config& config, const control_limits& limits)
  : plane_(config.self, config.life, limits),
    sessions_(config),
    driver_(plane_, sessions_) {
  // nop
}

node_core::effects node_core::step(const core_event& what, time_point now,
                                   const process_view& processes) {
  effects out;
  begin(now);
  apply(what, processes, out);
  finish(out);
  return out;
}

void node_core::begin(time_point now) {
  sessions_.set_time(now);
}

void node_core::apply(const core_event& what, const process_view& processes,
                      effects& out) {
  std::visit(
    [&](const auto& x) {
      using event_type = std::decay_t<decltype(x)>;
      if constexpr (std::is_constructible_v<network_event, event_type>)
        sessions_.handle(x);
      else
        run(x, processes, out);
      if constexpr (std::is_same_v<event_type, event::stop>)
        sessions_.stop();
    },
    what);
  run_reports(processes, out);
}

void node_core::finish(effects& out) {
  sessions_.flush();
  for (auto& x : sessions_.take_effects())
    std::visit([&](auto& y) { out.emplace_back(std::move(y)); }, x);
}

template <class Event>
void node_core::run(const Event& what, const process_view& processes,
                    effects& out) {
  driver_.step(what, processes,
               [&](auto& x) { out.emplace_back(std::move(x)); });
}

void node_core::run_reports(const process_view& processes, effects& out) {
  sessions_.report([&](const auto& x) { run(x, processes, out); });
}

} // namespace vigil
