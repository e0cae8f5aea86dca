#pragma once

#include "testkit/cluster_impl.hpp"
#include "testkit/net/parcel.hpp"

#include <caf/actor_control_block.hpp>
#include <caf/error.hpp>
#include <caf/message.hpp>
#include <caf/message_id.hpp>
#include <caf/node_id.hpp>
#include <caf/proxy_registry.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace vigil::testkit {

class actor_life;

/// The actors of other nodes as the actors of one life know them, and what they
/// send each other: it travels in the connections of vigil's sessions, between
/// the frames, as it does with CAF's middleman.
///
/// Where no session is, nothing travels, and nobody is told; only an answer may
/// go back the way that a message has come, if this end does not know of the
/// session yet. With a session end the proxies for the peer's actors.
class remote_actors final : private caf::proxy_registry::backend {
public:
  /// What is sent to an actor of another node.
  struct letter {
    caf::actor_id receiver = 0;
    caf::strong_actor_ptr sender;
    caf::message_id id;
    std::vector<caf::strong_actor_ptr> stages;
    caf::message content;
  };

  /// That an actor is linked to one of another node, or is not any more.
  struct link_change {
    caf::strong_actor_ptr who;
    caf::actor_id to = 0;
    bool linked = true;
  };

  remote_actors(cluster::impl& home, actor_life& self);

  ~remote_actors() override;

  remote_actors(const remote_actors&) = delete;

  remote_actors& operator=(const remote_actors&) = delete;

  /// Returns the proxy for an actor.
  caf::strong_actor_ptr find(const caf::node_id& system, caf::actor_id id);

  /// Sends `x` to an actor of `there`.
  void send(actor_life& there, const letter& x);

  /// Tells an actor of `there`, once the caller has let go of the locks of his
  /// actors.
  void link(actor_life& there, link_change x);

  /// Takes what an actor of the life `sender` has sent.
  void take(connection_id from, const freight& x, life_id sender);

  /// There is a session with `there` now.
  void came_up(actor_life& there);

  /// There is no session with `there` any more.
  void went_down(const actor_life& there);

  /// Ends all proxies.
  void clear();

private:
  enum class kind : uint8_t {
    /// A letter.
    letter,
    /// The sender has a proxy for an actor, and wants to know of its end.
    watch,
    /// An actor has ended.
    ended,
    /// A link.
    link,
  };

  // -- backend ----------------------------------------------------------------

  caf::strong_actor_ptr make_proxy(caf::node_id system,
                                   caf::actor_id id) override;

  void set_last_hop(caf::node_id*) override {
    // nop: nothing is passed on
  }

  /// Sends what `write` writes.
  void carry(actor_life& there,
             const std::function<caf::error(caf::serializer&)>& write);

  /// Notes something about this life.
  template <class F>
  void note(F f) const {
    home_.state.note([&] { return label() + "  " + f(); });
  }

  std::string label() const;

  void lose(const actor_life& there, const std::string& why) const;

  caf::error take_letter(caf::deserializer& source);

  caf::error take_link(caf::deserializer& source);

  /// Asks `there` to tell of the end of an actor.
  void watch(actor_life& there, caf::actor_id id);

  /// Tells `there` of the end of an actor of this life, once it has ended.
  void tell_end(actor_life& there, caf::actor_id id);

  /// Returns the connection for what goes to `there`, if there is one.
  std::optional<connection_id> way_to(const actor_life& there) const;

  cluster::impl& home_;
  actor_life& self_;
  /// The connection over which something has come last from which life. What
  /// makes a session of it has come before that.
  std::map<life_id, connection_id> heard_;
  caf::proxy_registry proxies_;
};

} // namespace vigil::testkit
