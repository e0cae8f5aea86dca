#pragma once

#include <vigil/core/time_point.hpp>

#include <caf/detail/test_actor_clock.hpp>

#include <optional>
#include <utility>

namespace vigil::testkit {

/// The clock of a node's actors, which shows the time of their cluster.
class hand_clock final : public caf::detail::test_actor_clock {
public:
  /// Whoever lets time pass.
  class driver {
  public:
    virtual ~driver() = default;

    virtual vigil::time_point actor_time() const noexcept = 0;

    /// A message was planned, which others than the node's own actors may do.
    virtual void message_planned() = 0;
  };

  explicit hand_clock(driver& x) noexcept : driver_(&x) {
    // nop
  }

  /// Shows no time any more.
  void stop() {
    cancel_all();
    driver_ = nullptr;
  }

  time_point now() const noexcept override {
    return driver_ != nullptr ? driver_->actor_time() : time_point{};
  }

  void schedule_message(time_point due, caf::strong_actor_ptr receiver,
                        caf::mailbox_element_ptr content) override {
    if (driver_ == nullptr)
      return;
    test_actor_clock::schedule_message(due, std::move(receiver),
                                       std::move(content));
    driver_->message_planned();
  }

  using test_actor_clock::schedule_message;

  /// Returns when the next timeout or message is due.
  std::optional<vigil::time_point> next_due() const {
    if (schedule().empty())
      return std::nullopt;
    return schedule().begin()->first;
  }

private:
  driver* driver_;
};

} // namespace vigil::testkit
