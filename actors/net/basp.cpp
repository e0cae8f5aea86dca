#include "actors/net/basp.hpp"

#include "actors/net/connection_share.hpp"

#include <caf/actor_system.hpp>
#include <caf/atom.hpp>
#include <caf/io/basp_broker.hpp>
#include <caf/io/middleman.hpp>
#include <caf/io/network/multiplexer.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/sec.hpp>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

namespace vigil {

namespace {

caf::actor broker_of(caf::actor_system& system) {
  return system.middleman().named_broker<caf::io::basp_broker>(
    caf::atom("BASP"));
}

/// BASP knows a connection by its descriptor and forgets it a little later than
/// the kernel does, so that a number shall not come back at once: numbers are
/// taken in turn from the upper half of those that the program may use.
int move_to_fresh_number(int fd) {
  static std::atomic<unsigned> turn{0};
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return fd;
  auto top = static_cast<unsigned>(std::min<rlim_t>(limit.rlim_cur, 65536));
  auto lowest = static_cast<int>(top / 2);
  auto wanted = lowest + static_cast<int>(turn.fetch_add(1) % (top / 2 + 1));
  auto moved = ::fcntl(fd, F_DUPFD_CLOEXEC, wanted);
  if (moved < 0)
    moved = ::fcntl(fd, F_DUPFD_CLOEXEC, lowest);
  if (moved < 0)
    return fd;
  ::close(fd);
  return moved;
}

error explain(const caf::error& x, const cancellation& stop,
              caf::actor_system& system) {
  if (stop.cancelled())
    return {errc::shutdown, {}};
  if (x == caf::sec::request_timeout)
    return {errc::setup_timeout, "the address accepts, but does not speak"};
  if (x == caf::sec::disconnect_during_handshake)
    return {errc::closed, "the other side closed the connection at once"};
  if (x == caf::sec::incompatible_application_ids)
    return {errc::protocol_error,
            "it has other middleman.app-identifiers than this node"};
  return {errc::protocol_error,
          "the address is not that of a node: " + system.render(x)};
}

/// Runs in the multiplexer's thread.
void close_in_broker(caf::io::basp_broker& broker, const caf::node_id& node) {
  std::vector<caf::io::connection_handle> connections;
  auto& routes = broker.instance.tbl();
  {
    std::unique_lock guard{routes.mtx_};
    for (const auto& entry : routes.direct_by_hdl_)
      if (entry.second == node)
        connections.push_back(entry.first);
  }
  routes.erase_indirect(node);
  for (const auto& connection : connections) {
    // Takes the routes away and, with the last of them, the proxies; whoever
    // monitors one is told.
    broker.connection_cleanup(connection, caf::sec::none);
    if (!broker.valid(connection))
      continue;
    // Also a connection whose other side does not read any more ends now.
    ::shutdown(static_cast<int>(connection.id()), SHUT_RDWR);
    broker.close(connection);
  }
}

} // namespace

result<basp_greeting> basp_connect(caf::actor_system& system, int fd,
                                   uint16_t port, time_point deadline,
                                   cancellation& stop) {
  fd = move_to_fresh_number(fd);
  // A second descriptor, to shut the socket down if the handshake takes too
  // long. Closed afterwards, or the broker's own close would not end the
  // connection.
  auto handle = ::fcntl(fd, F_DUPFD_CLOEXEC, 0);
  if (handle < 0) {
    ::close(fd);
    return error{errc::system_limit, "no descriptors left"};
  }
  stop.guard(handle);
  auto scribe = system.middleman().backend().new_scribe(fd);
  caf::scoped_actor self{system, true};
  basp_greeting greeting;
  caf::error failure;
  auto left = std::max(deadline - std::chrono::steady_clock::now(),
                       timespan{1});
  self
    ->request(broker_of(system), left, caf::connect_atom_v, std::move(scribe),
              port)
    .receive(
      [&](caf::node_id& node, caf::strong_actor_ptr& published,
          std::set<std::string>& interface) {
        greeting = {std::move(node), std::move(published),
                    std::move(interface)};
      },
      [&](caf::error& x) { failure = std::move(x); });
  stop.unguard();
  if (failure)
    ::shutdown(handle, SHUT_RDWR);
  ::close(handle);
  if (failure)
    return explain(failure, stop, system);
  return greeting;
}

void basp_close_unused(caf::actor_system& system, const caf::node_id& node) {
  if (!node || node == system.node())
    return;
  auto& multiplexer = system.middleman().backend();
  multiplexer.post([broker = broker_of(system), node, &system, &multiplexer] {
    auto self = static_cast<caf::io::basp_broker*>(
      caf::actor_cast<caf::abstract_actor*>(broker));
    if (self->getf(caf::abstract_actor::is_terminated_flag))
      return;
    // Decided here, in the thread that reads from the connection: a session
    // that is being made over it meanwhile cannot come up before it is closed.
    if (connection_share::exists(system, node))
      return;
    // Outside of its message handlers the broker has no execution unit.
    self->context(&multiplexer);
    close_in_broker(*self, node);
  });
}

} // namespace vigil
