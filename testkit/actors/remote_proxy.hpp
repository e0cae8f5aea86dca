#pragma once

#include <caf/actor_config.hpp>
#include <caf/actor_proxy.hpp>
#include <caf/error.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/message.hpp>

namespace vigil::testkit {

class actor_life;
class remote_actors;

/// Stands on one node for an actor of another. What it is sent leaves at once,
/// before whatever its sender does next: so what an actor has sent before it
/// ended leaves before its end is known.
class remote_proxy final : public caf::actor_proxy {
public:
  /// `there` is the life that the actor is in. Both outlive this object, or it
  /// is killed before.
  remote_proxy(caf::actor_config& config, remote_actors& carrier,
               actor_life& there);

  const char* name() const override {
    return "vigil.remote_proxy";
  }

  void enqueue(caf::mailbox_element_ptr x, caf::execution_unit*) override;

  bool add_backlink(caf::abstract_actor* x) override;

  bool remove_backlink(caf::abstract_actor* x) override;

  void kill_proxy(caf::execution_unit* context, caf::error reason) override;

private:
  /// Null once it was killed.
  remote_actors* carrier_;
  actor_life& there_;
};

} // namespace vigil::testkit
