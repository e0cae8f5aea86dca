#include "actors/net/connector.hpp"

#include "actors/loop/thread_scope.hpp"
#include "actors/net/basp.hpp"
#include "actors/net/endpoint.hpp"

#include <exception>
#include <string>
#include <utility>

namespace vigil {

namespace {

error no_node(const char* what) {
  return {errc::protocol_error,
          std::string{what} + " is published at the address, and no node"};
}

/// Checks who is at an address. Where the id there is that of this very system,
/// CAF looks for the actor that is published there among its own.
error check_published(caf::actor_system& system, const basp_greeting& x) {
  if (x.node != system.node()) {
    if (x.published == nullptr)
      return {errc::protocol_error, "nothing is published at the address"};
    if (!x.interface.empty())
      return no_node("a typed actor");
    return {errc::none, {}};
  }
  if (x.published == nullptr)
    return {errc::duplicate_id,
            "it is that of this node's own, which has no such endpoint"};
  auto published = caf::actor_cast<caf::abstract_actor*>(x.published);
  if (dynamic_cast<const endpoint*>(published) == nullptr)
    return no_node("another actor");
  return {errc::none, {}};
}

/// Runs in the thread of the dial.
result<caf::strong_actor_ptr> dial(caf::actor_system& system,
                                   resolver& addresses, const dial_order& order,
                                   cancellation& stop) {
  auto address = addresses.resolve(order.peer);
  if (!address)
    return error{errc::unresolvable, to_string(order.peer)};
  auto fd = tcp_connect(*address, order.deadline, stop);
  if (!fd)
    return fd.failure();
  auto x = basp_connect(system, *fd, address->port, order.deadline, stop);
  if (!x)
    return x.failure();
  if (auto why = check_published(system, *x); why.code != errc::none)
    return why;
  return std::move(x->published);
}

/// A dial without an outcome would keep the connector for ever.
result<caf::strong_actor_ptr>
dial_safely(caf::actor_system& system, resolver& addresses,
            const dial_order& order, cancellation& stop) {
  try {
    return dial(system, addresses, order, stop);
  } catch (const std::exception& x) {
    return error{errc::system_limit,
                 std::string{"the dial threw an exception: "} + x.what()};
  } catch (...) {
    return error{errc::system_limit, "the dial threw an exception"};
  }
}

} // namespace

connector::connector(caf::actor_config& config,
                     std::shared_ptr<resolver> addresses, caf::actor endpoint)
  : event_based_actor(config),
    addresses_(std::move(addresses)),
    endpoint_(std::move(endpoint)) {
  // nop
}

connector::~connector() {
  for (auto& [id, dial] : running_)
    dial.thread.detach();
}

caf::behavior connector::make_behavior() {
  set_exit_handler([this](const caf::exit_msg&) {
    stopping_ = true;
    for (auto& [id, dial] : running_)
      dial.stop->cancel();
    if (running_.empty())
      quit();
  });
  return {
    [this](const dial_order& order) { start(order); },
    [this](const dial_outcome& outcome) { finish(outcome); },
  };
}

void connector::start(const dial_order& order) {
  if (stopping_)
    return;
  // Not a detached actor: CAF cannot end any more when it lacks the thread.
  try {
    auto& dial = running_[order.dial];
    dial.stop = std::make_shared<cancellation>();
    dial.thread = std::thread{[self = caf::actor{this}, &system = system(),
                               addresses = addresses_, order,
                               stop = dial.stop] {
      thread_scope scope;
      auto peer = dial_safely(system, *addresses, order, *stop);
      if (peer)
        caf::anon_send(self, dial_outcome{order.dial, *peer, {}});
      else
        caf::anon_send(self, dial_outcome{order.dial, nullptr, peer.failure()});
    }};
  } catch (const std::exception& x) {
    running_.erase(order.dial);
    send(endpoint_,
         dial_outcome{order.dial,
                      nullptr,
                      {errc::system_limit,
                       std::string{"the dial cannot start: "} + x.what()}});
  }
}

void connector::finish(const dial_outcome& outcome) {
  // Its last words: it ends now, while the actor system is there for sure.
  auto dial = running_.find(outcome.dial);
  dial->second.thread.join();
  running_.erase(dial);
  send(endpoint_, outcome);
  if (stopping_ && running_.empty())
    quit();
}

} // namespace vigil
