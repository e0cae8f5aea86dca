#pragma once

#include <vigil/caf.hpp>
#include <vigil/core/time_point.hpp>
#include <vigil/errc.hpp>
#include <vigil/node.hpp>
#include <vigil/node_name.hpp>

#include <caf/all.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace vigil::testkit {

class node_place;

/// A node of a cluster whose processes are actors. Stands for all its lives:
/// each has an actor system of its own.
///
/// Its actors run one message at a time, in an order that the seed chooses, and
/// CAF's clock shows the time of the cluster. A handler must not wait, nor may
/// an actor have a thread of its own (`detached`, blocking actors): either is a
/// failure. A `scoped_actor` that waits in the test waits for ever, because
/// nothing happens meanwhile: `request` is in its place.
///
/// Thread-safety: none, as all of the kit: one thread runs the whole cluster.
/// Ownership: owned by the cluster.
class actor_node {
public:
  /// @private
  explicit actor_node(node_place& place) noexcept : place_(place) {
    // nop
  }

  actor_node(const actor_node&) = delete;

  actor_node& operator=(const actor_node&) = delete;

  /// Returns what the node was started as.
  node_name name() const noexcept;

  /// Returns the node of the present life, which may have ended. One that was
  /// returned before lasts until the cluster ends. It has no port, and its
  /// table of addresses is never asked.
  vigil::node& node() const;

  /// Sends a request as an actor of this node, and runs the cluster until the
  /// answer is there; `timespan::max()` is no limit. Errors: what the other end
  /// has answered, and of CAF's own `request_timeout` after `limit`; of
  /// vigil's, `shutdown` if this node has ended meanwhile, `busy` where nothing
  /// may wait, which is a failure too. Throws `failure` if something was found
  /// wrong meanwhile.
  template <class Answer, class Handle, class... Ts>
  caf::expected<Answer> request(const Handle& to, timespan limit, Ts... xs) {
    auto answer = std::make_shared<std::optional<caf::expected<Answer>>>();
    auto within = limit != timespan::max() ? caf::duration{limit}
                                           : caf::duration{caf::infinite};
    auto begin = [answer, to, within, args = std::make_tuple(std::move(xs)...)](
                   caf::event_based_actor* self) {
      auto pending = std::apply(
        [&](const Ts&... ys) { return self->request(to, within, ys...); },
        args);
      auto fail = [answer](caf::error& why) {
        answer->emplace(std::move(why));
      };
      if constexpr (std::is_void_v<Answer>)
        pending.then([answer] { answer->emplace(caf::unit); }, fail);
      else
        pending.then([answer](Answer& x) { answer->emplace(std::move(x)); },
                     fail);
    };
    auto why = ask(
      begin, [answer] { return answer->has_value(); }, limit);
    if (why.code != errc::none)
      return make_error(why);
    return *std::move(*answer);
  }

  /// Returns a handle, in the actor system of this node, for an actor of
  /// another node of the cluster. What is sent with it travels in the
  /// connections of vigil's sessions: a cut stops it, and the end of the
  /// session ends it, as seen by `monitor` and `link_to`. It arrives as over
  /// sockets: what a process sends before it ends comes before its DOWN, and
  /// what is of a type that was not announced to both systems arrives as an
  /// empty message. Handles that are sent along are handles of that kind too.
  ///
  /// Connects first if there is no session, and throws `failure` if that fails.
  /// A handle that is used in the system of another node without this passes
  /// the network by.
  template <class Handle>
  Handle remote(const Handle& x) {
    return caf::actor_cast<Handle>(
      remote_actor(caf::actor_cast<caf::strong_actor_ptr>(x)));
  }

private:
  error ask(std::function<void(caf::event_based_actor*)> begin,
            const std::function<bool()>& done, timespan limit);

  caf::strong_actor_ptr remote_actor(const caf::strong_actor_ptr& x);

  node_place& place_;
};

} // namespace vigil::testkit
