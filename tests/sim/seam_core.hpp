#pragma once

#include <vigil/core/control_driver.hpp>
#include <vigil/core/control_plane.hpp>
#include "src/node/node_core.hpp"
#include "src/session/session_layer.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace vigil::sim {

/// The core that a simulated node runs on: the real one, or the same parts put
/// together with a seam between sessions and control plane, where a harness can
/// rewrite what was received and say what no honest node says.
class seam_core {
public:
  /// Rewrites what a session has received before the control plane sees it.
  using rewriter = std::function<void(event::received&)>;

  seam_core(const session_config& config, const control_limits& limits)
    : honest_(config, limits) {
    // nop
  }

  /// Opens the seam.
  seam_core(const session_config& config, const control_limits& limits,
            rewriter rewrite)
    : honest_(config, limits),
      open_(std::make_unique<parts>(config, limits)),
      rewrite_(std::move(rewrite)) {
    // nop
  }

  void begin(time_point now) {
    if (open_)
      open_->sessions.set_time(now);
    else
      honest_.begin(now);
  }

  void apply(const core_event& what, const process_view& processes,
             node_core::effects& out) {
    if (!open_)
      return honest_.apply(what, processes, out);
    std::visit(
      [&](const auto& x) {
        using event_type = std::decay_t<decltype(x)>;
        if constexpr (std::is_constructible_v<network_event, event_type>)
          open_->sessions.handle(x);
        else
          run(x, processes, out);
        if constexpr (std::is_same_v<event_type, event::stop>)
          open_->sessions.stop();
      },
      what);
    run_reports(processes, out);
  }

  void finish(node_core::effects& out) {
    if (!open_)
      return honest_.finish(out);
    open_->sessions.flush();
    for (auto& x : open_->sessions.take_effects())
      std::visit([&](auto& y) { out.emplace_back(std::move(y)); }, x);
  }

  /// Says something that the control plane did not want to say.
  /// @pre the seam is open
  void say(node_name peer, const control_message& x) {
    open_->sessions.send(peer, x);
  }

  std::optional<time_point> next_wake() const {
    return sessions().next_wake();
  }

  const control_plane& plane() const noexcept {
    return open_ ? open_->plane : honest_.plane();
  }

  const session_layer& sessions() const noexcept {
    return open_ ? open_->sessions : honest_.sessions();
  }

private:
  struct parts {
    parts(const session_config& config, const control_limits& limits)
      : plane(config.self, config.life, limits),
        sessions(config),
        driver(plane, sessions) {
      // nop
    }

    control_plane plane;
    session_layer sessions;
    control_driver driver;
  };

  template <class Event>
  void run(const Event& what, const process_view& processes,
           node_core::effects& out) {
    open_->driver.step(what, processes,
                       [&](auto& x) { out.emplace_back(std::move(x)); });
  }

  void run_reports(const process_view& processes, node_core::effects& out) {
    open_->sessions.report([&](auto x) {
      if constexpr (std::is_same_v<decltype(x), event::received>)
        rewrite_(x);
      run(x, processes, out);
    });
  }

  node_core honest_;
  std::unique_ptr<parts> open_;
  rewriter rewrite_;
};

} // namespace vigil::sim
