#pragma once

#include <vigil/resolver.hpp>
#include "actors/net/network_messages.hpp"
#include "actors/net/tcp_connect.hpp"
#include "src/link/ids.hpp"

#include <caf/all.hpp>

#include "absl/container/flat_hash_map.h"

#include <memory>
#include <thread>

namespace vigil {

/// Dials other nodes: finds the address, connects, and lets CAF shake hands,
/// each dial in a thread of its own, so that none delays another or the control
/// plane. Reports to the endpoint, which gets the connection, and ends once
/// told to and no dial is under way.
class connector final : public caf::event_based_actor {
public:
  connector(caf::actor_config& config, std::shared_ptr<resolver> addresses,
            caf::actor endpoint);

  ~connector() override;

  const char* name() const override {
    return "vigil.connector";
  }

protected:
  caf::behavior make_behavior() override;

private:
  struct running_dial {
    std::shared_ptr<cancellation> stop;
    std::thread thread;
  };

  void start(const dial_order& order);

  void finish(const dial_outcome& outcome);

  std::shared_ptr<resolver> addresses_;
  caf::actor endpoint_;
  absl::flat_hash_map<dial_id, running_dial> running_;
  bool stopping_ = false;
};

} // namespace vigil
