#pragma once

#include "tests/soak/process.hpp"

#include <memory>
#include <utility>

namespace vigil::soak {

/// A period in which a name stood for one process, or for none, and the periods
/// that followed. A monitor by name keeps the periods that it can have met.
struct tenure {
  /// None: the name was free.
  process_ptr holder;
  /// None: it lasts.
  std::shared_ptr<tenure> next;
};

using tenure_ptr = std::shared_ptr<tenure>;

/// What is known about one name of a node.
class name_record {
public:
  name_record() : certain_(std::make_shared<tenure>()), latest_(certain_) {
    // nop
  }

  /// Notes that a command was given that changes the name; returns the new
  /// period, to be confirmed by the answer.
  tenure_ptr change(process_ptr holder) {
    latest_->next
      = std::make_shared<tenure>(tenure{std::move(holder), nullptr});
    latest_ = latest_->next;
    return latest_;
  }

  /// Notes that the node has reached this period.
  void confirm(tenure_ptr reached) {
    certain_ = std::move(reached);
  }

  /// The period that the node has reached, at least.
  const tenure_ptr& certain() const noexcept {
    return certain_;
  }

  /// The period that comes of all commands given so far.
  const tenure_ptr& latest() const noexcept {
    return latest_;
  }

private:
  tenure_ptr certain_;
  tenure_ptr latest_;
};

} // namespace vigil::soak
