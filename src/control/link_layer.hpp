#pragma once

#include <vigil/control_message.hpp>
#include <vigil/core/control_event.hpp>
#include <vigil/core/time_point.hpp>
#include <vigil/core/transport.hpp>
#include <vigil/node_name.hpp>

#include <optional>

namespace vigil {

/// Hears what happens to links.
class link_listener {
public:
  virtual ~link_listener() = default;

  /// A link has come up, is down, or could not be made; `what` is nothing else.
  virtual void on_link(const control_event& what) = 0;

  /// A control message has arrived over a link that is up.
  virtual void on_received(node_name peer, const control_message& message) = 0;
};

/// One kind of links, which a node core steps together with its control plane:
/// a transport that tells the time, reports what happens, and sends in batches.
/// vigil's own sessions are one; another may speak another protocol.
///
/// How a layer learns what its connections do, and tells what they shall do, is
/// its own business and that of whoever drives it.
///
/// Thread-safety: none; owned by a node core.
class link_layer : public transport {
public:
  /// Returns whether a link to `peer` is this layer's to make. Asked for peers
  /// of whom no layer has a link, nor makes one.
  virtual bool serves(node_name peer) const = 0;

  /// Returns whether there is a link to `peer`: it is up, or was and
  /// `loss_done` has not followed yet.
  virtual bool has_link(node_name peer) const = 0;

  /// Tells the time; precedes every other call of a step.
  virtual void set_time(time_point now) = 0;

  /// Tells `listener` what has happened since the last call, in order. What the
  /// listener makes the layer report comes before the next: once a link is down
  /// nothing else is received over it.
  virtual void take_reports(link_listener& listener) = 0;

  /// Sends what may leave now; ends a step. Returns whether something waits for
  /// the next step for no other reason than that this one has done its work:
  /// see `work_meter`. If `more_comes`, another step follows soon and will
  /// send more: what is little may be held back for it.
  virtual bool flush(bool more_comes) = 0;

  /// Returns when a step is due in which time alone has passed; nothing if
  /// nobody waits for anything. Asked between two steps.
  virtual std::optional<time_point> next_wake() const = 0;

  /// Starts the orderly shutdown: makes no link and lets nobody in, sends what
  /// is queued, and says goodbye to all. What it reports after that is ignored.
  virtual void stop() = 0;

  /// Returns whether the shutdown is complete.
  virtual bool stopped() const = 0;
};

} // namespace vigil
