#pragma once

#include <vigil/control_message.hpp>
#include <vigil/core/transport.hpp>
#include <vigil/farewell.hpp>
#include <vigil/node_name.hpp>

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace vigil {

/// A transport for tests: goes nowhere, notes what it was asked to do, hands
/// that out in order, and refuses to send where a test wants it to.
///
/// Thread-safety: none.
class recording_transport final : public transport {
public:
  /// A call of `open_link`.
  struct opened {
    /// To whom a link was wanted.
    node_name peer;
    /// Whether it was to be made again whenever it is lost.
    bool keep = false;
  };

  /// A call of `close_link`.
  struct closed {
    /// Whose link was to end.
    node_name peer;
    /// What the peer was to be told.
    farewell why;
  };

  /// A call of `loss_done`.
  struct loss_over {
    /// Whose link may come up again.
    node_name peer;
  };

  /// A call of `send` that found a route.
  struct sent {
    /// For whom it was.
    node_name peer;
    /// What would have travelled.
    control_message message;
  };

  /// One call.
  using record = std::variant<opened, closed, loss_over, sent>;

  void open_link(node_name peer, bool keep) override {
    records_.emplace_back(opened{peer, keep});
  }

  void close_link(node_name peer, const farewell& why) override {
    records_.emplace_back(closed{peer, why});
  }

  void loss_done(node_name peer) override {
    records_.emplace_back(loss_over{peer});
  }

  bool send(node_name peer, const control_message& message) override {
    if (refusing_)
      return false;
    records_.emplace_back(sent{peer, message});
    return true;
  }

  /// From now on `send` finds no route, or finds one again.
  void refuse(bool value) {
    refusing_ = value;
  }

  /// Returns what was asked for since the last call, in order.
  std::vector<record> take() {
    return std::exchange(records_, {});
  }

private:
  std::vector<record> records_;
  bool refusing_ = false;
};

} // namespace vigil
