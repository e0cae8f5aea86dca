#pragma once

#include <vigil/core/time_point.hpp>
#include <vigil/core/transport.hpp>
#include <vigil/node_name.hpp>
#include "src/control/link_layer.hpp"
#include "src/session/session_layer.hpp"

#include "absl/container/flat_hash_map.h"

#include <memory>
#include <optional>
#include <vector>

namespace vigil {

/// The transport of a node core: owns its link layers and knows which of them
/// has which peer. vigil's own sessions have all peers that no other layer
/// serves.
///
/// A peer has one link at most, whatever its kind. Where two layers come to one
/// for the same name, the second is closed before anybody hears of it.
///
/// Thread-safety: none; owned by a node core.
class link_router final : public transport {
public:
  /// The meter outlives it.
  link_router(const session_config& config, work_meter& meter);

  /// Takes another layer in.
  /// @pre no step was made yet
  void add(std::unique_ptr<link_layer> layer);

  session_layer& sessions() noexcept {
    return sessions_;
  }

  const session_layer& sessions() const noexcept {
    return sessions_;
  }

  // -- transport --------------------------------------------------------------

  void open_link(node_name peer, bool keep) override;

  void close_link(node_name peer, const farewell& why) override;

  void loss_done(node_name peer) override;

  bool send(node_name peer, const control_message& message) override {
    return others_.empty() ? sessions_.send(peer, message)
                           : layer_of(peer).send(peer, message);
  }

  // -- what is done with all layers, as `link_layer` says it ------------------

  void set_time(time_point now);

  void take_reports(link_listener& listener) {
    if (!others_.empty())
      take_all_reports(listener);
    else if (sessions_.has_reports())
      sessions_.take_reports(listener);
  }

  bool flush(bool more_comes);

  std::optional<time_point> next_wake() const;

  void stop();

  bool stopped() const;

private:
  class filter;

  /// Whose a peer is: from the attempt to make a link until that has failed, or
  /// until the link is down and its loss is done.
  struct claim {
    link_layer* layer = nullptr;
    bool up = false;
  };

  void take_all_reports(link_listener& listener);

  link_layer& layer_of(node_name peer);

  /// Lets a link come up, unless there is another.
  bool admit(link_layer& layer, node_name peer);

  session_layer sessions_;
  std::vector<std::unique_ptr<link_layer>> others_;
  /// Empty as long as there is one layer only.
  absl::flat_hash_map<node_name, claim> claims_;
};

} // namespace vigil
