#pragma once

#include "src/front/plane_port.hpp"
#include "src/node/completion.hpp"
#include "testkit/cluster_impl.hpp"
#include "testkit/runtime_life.hpp"

namespace vigil::testkit {

/// Asks the executor of a life, and runs the cluster until it has answered.
class waiting_port final : public plane_port {
public:
  waiting_port(cluster::impl& home, runtime_life& life) noexcept
    : home_(home),
      life_(life) {
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
  template <class Request, class Answer>
  using question = void (node_executor::*)(const Request&, completion<Answer>);

  template <class Request, class Answer>
  result<Answer>
  ask(Request x, question<Request, Answer> f, timespan limit = timespan::max());

  cluster::impl& home_;
  runtime_life& life_;
};

} // namespace vigil::testkit
