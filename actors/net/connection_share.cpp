#include "actors/net/connection_share.hpp"

#include <cstddef>
#include <map>
#include <mutex>
#include <utility>

namespace vigil {

namespace {

/// How many shares there are in each connection of the program. An actor system
/// has no place of its own for this.
struct ledger {
  std::mutex mutex;
  std::map<std::pair<const caf::actor_system*, caf::node_id>, size_t> counts;
};

ledger& shares() {
  // Never destroyed: a node may end with the program's static objects.
  static auto& instance = *new ledger;
  return instance;
}

} // namespace

connection_share::connection_share(caf::actor_system& system,
                                   const caf::node_id& peer)
  : system_(&system),
    peer_(peer) {
  std::lock_guard guard{shares().mutex};
  ++shares().counts[{system_, peer_}];
}

connection_share::~connection_share() {
  std::lock_guard guard{shares().mutex};
  auto i = shares().counts.find({system_, peer_});
  if (--i->second == 0)
    shares().counts.erase(i);
}

bool connection_share::exists(caf::actor_system& system,
                              const caf::node_id& peer) {
  std::lock_guard guard{shares().mutex};
  return shares().counts.count({&system, peer}) > 0;
}

} // namespace vigil
