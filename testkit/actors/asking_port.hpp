#pragma once

#include "src/front/plane_port.hpp"
#include "testkit/actors/actor_life.hpp"

namespace vigil::testkit {

/// Asks the control plane of a life that is an actor, and runs the cluster
/// until it has answered.
class asking_port final : public plane_port {
public:
  explicit asking_port(actor_life& life) noexcept : life_(life) {
    // nop
  }

  bool may_wait() const noexcept override;

  result<unit> connect(node_name peer, bool keep) override;
  result<unit> disconnect(node_name peer) override;
  result<unit> sync(node_name peer, timespan limit) override;
  result<monitor_list> monitors(const pid& watcher) override;
  result<watcher_list> monitored_by(const pid& process) override;
  result<node_list> nodes() override;
  result<statistics> stats() override;

private:
  template <class Answer, class Request>
  result<Answer> ask(Request x, timespan limit = timespan::max());

  actor_life& life_;
};

} // namespace vigil::testkit
