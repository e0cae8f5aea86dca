#include "src/node/node_core.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>
#include <variant>

namespace vigil {

/// Hands what links report to the control plane.
class node_core::reports final : public link_listener {
public:
  reports(node_core& core, const process_view& processes, node_effects& out)
    : core_(core),
      processes_(processes),
      out_(out) {
    // nop
  }

  void on_link(const control_event& what) override {
    core_.run(what, processes_, out_);
  }

  void on_received(node_name peer, const control_message& message) override {
    auto emit = [this](auto& x) { out_.local.emplace_back(std::move(x)); };
    if (!core_.rewrite_)
      return core_.driver_.receive(peer, message, processes_, emit);
    event::received other{peer, message};
    core_.rewrite_(other);
    core_.driver_.receive(other.peer, other.message, processes_, emit);
  }

private:
  node_core& core_;
  const process_view& processes_;
  node_effects& out_;
};

node_core::node_core(const session_config& config, const control_limits& limits)
  : plane_(config.self, config.life, limits),
    links_(config),
    driver_(plane_, links_) {
  // nop
}

void node_core::add(std::unique_ptr<link_layer> links) {
  links_.add(std::move(links));
}

node_effects node_core::step(const core_event& what, time_point now,
                             const process_view& processes) {
  node_effects out;
  begin(now);
  apply(what, processes, out);
  finish(out);
  return out;
}

void node_core::begin(time_point now) {
  links_.set_time(now);
}

void node_core::apply(const core_event& what, const process_view& processes,
                      node_effects& out) {
  std::visit(
    [&](const auto& x) {
      using event_type = std::decay_t<decltype(x)>;
      if constexpr (std::is_same_v<event_type, event::sync>)
        held_syncs_.push_back(x);
      else if constexpr (std::is_constructible_v<network_event, event_type>)
        links_.sessions().handle(x);
      else
        run(x, processes, out);
      if constexpr (std::is_same_v<event_type, event::stop>) {
        links_.stop();
        stopping_ = true;
      }
    },
    what);
  report(processes, out);
}

void node_core::apply(const event::monitor& what, const process_view& processes,
                      node_effects& out) {
  run(what, processes, out);
  report(processes, out);
}

void node_core::apply(const event::demonitor& what,
                      const process_view& processes, node_effects& out) {
  run(what, processes, out);
  report(processes, out);
}

void node_core::apply(const event::process_exited& what,
                      const process_view& processes, node_effects& out) {
  run(what, processes, out);
  report(processes, out);
}

void node_core::apply(const event::arrived& what, const process_view& processes,
                      node_effects& out) {
  links_.sessions().handle(what);
  report(processes, out);
}

void node_core::report(const process_view& processes, node_effects& out) {
  reports listener{*this, processes, out};
  links_.take_reports(listener);
}

void node_core::release_syncs() {
  auto waits = [this](const event::sync& x) {
    return plane_.has_waiting(x.peer);
  };
  auto free = std::stable_partition(held_syncs_.begin(), held_syncs_.end(),
                                    waits);
  for (auto i = free; i != held_syncs_.end(); ++i)
    links_.sessions().handle(network_event{*i});
  held_syncs_.erase(free, held_syncs_.end());
}

void node_core::finish(node_effects& out) {
  if (!held_syncs_.empty())
    release_syncs();
  links_.flush();
  links_.sessions().take_effects(out.network);
  if (stopping_ && links_.stopped()) {
    stopping_ = false;
    out.network.emplace_back(effect::stopped{});
  }
}

template <class Event>
void node_core::run(const Event& what, const process_view& processes,
                    node_effects& out) {
  driver_.step(what, processes,
               [&](auto& x) { out.local.emplace_back(std::move(x)); });
}

} // namespace vigil
