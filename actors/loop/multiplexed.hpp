#pragma once

#include <caf/actor_system.hpp>
#include <caf/execution_unit.hpp>
#include <caf/io/middleman.hpp>
#include <caf/io/network/multiplexer.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/resumable.hpp>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace vigil {

/// Makes an actor run in the thread that reads and writes the actor system's
/// sockets, as CAF's brokers do: what arrives for it, and what it sends to
/// other nodes, is not handed from thread to thread, and it needs no thread of
/// the scheduler, which may all be busy or waiting. It must never wait itself.
///
/// In an actor system without a middleman, such as one that is driven by hand,
/// the actor runs like any other.
template <class Base>
class multiplexed : public Base {
public:
  explicit multiplexed(caf::actor_config& config)
    : Base(config),
      loop_(this->system().has_middleman()
              ? &this->system().middleman().backend()
              : nullptr) {
    // nop
  }

  using Base::enqueue;

  void enqueue(caf::mailbox_element_ptr x,
               caf::execution_unit* context) override {
    Base::enqueue(std::move(x), loop_ != nullptr ? loop_ : context);
  }

  void launch(caf::execution_unit* context, bool lazy, bool hide) override {
    Base::launch(loop_ != nullptr ? loop_ : context, lazy, hide);
  }

  /// Between a few messages the multiplexer looks at its sockets: however much
  /// there is to do, what arrives is read and what is sent leaves.
  caf::resumable::resume_result resume(caf::execution_unit* context,
                                       size_t limit) override {
    return Base::resume(context,
                        loop_ != nullptr ? std::min(limit, turn) : limit);
  }

  /// What makes the multiplexer keep the actor, in place of passing it on to
  /// the scheduler.
  caf::resumable::subtype_t subtype() const override {
    return loop_ != nullptr ? caf::resumable::io_actor : Base::subtype();
  }

private:
  static constexpr size_t turn = 4;

  caf::execution_unit* loop_;
};

} // namespace vigil
