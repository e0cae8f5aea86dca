#include "actors/net/connector.hpp"

#include "actors/net/basp.hpp"
#include "actors/net/endpoint.hpp"

#include <exception>
#include <string>
#include <utility>

namespace vigil {

namespace {

error no_node(const char* what) {
  return {errc::protocol_error,
          std::string{what} + " is published at the address, but no node"};
}

/// Checks who is at an address. Where the id there is that of this very system,
/// CAF looks for the actor that is published there among its own.
error check_published(caf::actor_system& system, const basp_greeting& x) {
  if (x.node != system.node()) {
    if (x.published == nullptr)
      return no_node("nothing");
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

/// One dial, in a thread of its own.
class dialler final : public caf::event_based_actor {
public:
  dialler(caf::actor_config& config, caf::actor connector,
          std::shared_ptr<resolver> addresses, dial_order order,
          std::shared_ptr<cancellation> stop)
    : event_based_actor(config),
      connector_(std::move(connector)),
      addresses_(std::move(addresses)),
      order_(order),
      stop_(std::move(stop)) {
    // nop
  }

  const char* name() const override {
    return "vigil.dialler";
  }

protected:
  caf::behavior make_behavior() override {
    auto peer = dial_safely();
    if (peer)
      send(connector_, dial_outcome{order_.dial, *peer, {}});
    else
      send(connector_, dial_outcome{order_.dial, nullptr, peer.failure()});
    // Without a behavior the actor ends here.
    return {};
  }

private:
  /// A dial without an outcome would keep the connector for ever.
  result<caf::strong_actor_ptr> dial_safely() {
    try {
      return dial(system(), *addresses_, order_, *stop_);
    } catch (const std::exception& x) {
      return error{errc::system_limit,
                   std::string{"the dial threw an exception: "} + x.what()};
    } catch (...) {
      return error{errc::system_limit, "the dial threw an exception"};
    }
  }

  caf::actor connector_;
  std::shared_ptr<resolver> addresses_;
  dial_order order_;
  std::shared_ptr<cancellation> stop_;
};

} // namespace

connector::connector(caf::actor_config& config,
                     std::shared_ptr<resolver> addresses, caf::actor endpoint)
  : event_based_actor(config),
    addresses_(std::move(addresses)),
    endpoint_(std::move(endpoint)) {
  // nop
}

caf::behavior connector::make_behavior() {
  set_exit_handler([this](const caf::exit_msg&) {
    stopping_ = true;
    for (auto& dial : running_)
      dial.second->cancel();
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
  auto stop = std::make_shared<cancellation>();
  running_.emplace(order.dial, stop);
  spawn<dialler, caf::detached>(caf::actor{this}, addresses_, order, stop);
}

void connector::finish(const dial_outcome& outcome) {
  running_.erase(outcome.dial);
  send(endpoint_, outcome);
  if (stopping_ && running_.empty())
    quit();
}

} // namespace vigil
