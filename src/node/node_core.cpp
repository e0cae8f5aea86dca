#include "src/node/node_core.hpp"

#include <cassert>
#include <iterator>
#include <type_traits>
#include <utility>
#include <variant>

namespace vigil {

/// Takes what the control plane wants done but what its links do.
class node_core::emitter {
public:
  emitter(node_core& core, node_effects& out) : core_(core), out_(out) {
    // nop
  }

  template <class Effect>
  void operator()(Effect& x) const {
    if constexpr (std::is_same_v<Effect, effect::yield>)
      core_.go_on_later(out_);
    else if constexpr (std::is_same_v<Effect, effect::deliver_downs>)
      deliver(x);
    else
      out_.local.emplace_back(std::move(x));
  }

private:
  /// Keeps the DOWNs, which are gone with the next step of the control plane.
  void deliver(const effect::deliver_downs& x) const {
    out_.downs.insert(out_.downs.end(), std::make_move_iterator(x.first),
                      std::make_move_iterator(x.first + x.count));
    if (!out_.local.empty())
      if (auto last = std::get_if<effect::deliver_downs>(&out_.local.back())) {
        last->count += x.count;
        return;
      }
    out_.local.emplace_back(effect::deliver_downs{nullptr, x.count});
  }

  node_core& core_;
  node_effects& out_;
};

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
    emitter emit{core_, out_};
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
  : step_work_(limits.step_work),
    plane_(config.self, config.life, limits, &meter_),
    links_(config, meter_),
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
  meter_.start(step_work_);
  links_.set_time(now);
}

void node_core::apply(const core_event& what, const process_view& processes,
                      node_effects& out) {
  std::visit(
    [&](const auto& x) {
      using event_type = std::decay_t<decltype(x)>;
      if constexpr (std::is_same_v<event_type, event::resume>)
        yielded_ = false;
      if constexpr (std::is_same_v<event_type, event::stop>)
        stop_ = stop_phase::telling;
      if constexpr (std::is_same_v<event_type, event::sync>)
        hold(x);
      else if constexpr (std::is_constructible_v<network_event, event_type>)
        links_.sessions().handle(x);
      else
        run(x, processes, out);
    },
    what);
  if (stop_ == stop_phase::telling)
    stop_links();
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

void node_core::hold(const event::sync& x) {
  if (x.peer == plane_.self())
    own_syncs_.emplace_back(x, plane_.num_deeds());
  else
    held_syncs_[x.peer].push_back(x);
}

void node_core::release_syncs(node_effects& out) {
  for (; !own_syncs_.empty() && plane_.settled(own_syncs_.front().second);
       own_syncs_.pop_front())
    out.network.emplace_back(
      effect::synced{own_syncs_.front().first.token, true});
  for (auto i = held_syncs_.begin(); i != held_syncs_.end();) {
    if (plane_.has_waiting(i->first)) {
      ++i;
      continue;
    }
    for (const auto& x : i->second)
      links_.sessions().handle(network_event{x});
    i = held_syncs_.erase(i);
  }
}

void node_core::stop_links() {
  if (!plane_.settled())
    return;
  links_.stop();
  stop_ = stop_phase::leaving;
}

void node_core::go_on_later(node_effects& out) {
  if (!std::exchange(yielded_, true))
    out.local.emplace_back(effect::yield{});
}

void node_core::finish(node_effects& out, bool more_comes) {
  if (!held_syncs_.empty() || !own_syncs_.empty())
    release_syncs(out);
  if (links_.flush(more_comes))
    go_on_later(out);
  links_.sessions().take_effects(out.network);
  if (stop_ == stop_phase::leaving && links_.stopped()) {
    stop_ = stop_phase::over;
    out.network.emplace_back(effect::stopped{});
  }
  out.place_downs();
  assert(meter_.done() <= max_step_work);
}

template <class Event>
void node_core::run(const Event& what, const process_view& processes,
                    node_effects& out) {
  driver_.step(what, processes, emitter{*this, out});
}

} // namespace vigil
