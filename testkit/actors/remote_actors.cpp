#include "testkit/actors/remote_actors.hpp"

#include "testkit/actors/actor_life.hpp"
#include "testkit/actors/drop_attachables.hpp"
#include "testkit/actors/remote_proxy.hpp"

#include <caf/actor_proxy.hpp>
#include <caf/actor_registry.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/detail/sync_request_bouncer.hpp>
#include <caf/make_actor.hpp>
#include <caf/scoped_execution_unit.hpp>

#include <exception>
#include <utility>

namespace vigil::testkit {

remote_actors::remote_actors(cluster::impl& home, actor_life& self)
  : home_(home),
    self_(self),
    proxies_(self.system(), *this) {
  // nop
}

remote_actors::~remote_actors() = default;

// -- proxies ------------------------------------------------------------------

caf::strong_actor_ptr remote_actors::find(const caf::node_id& system,
                                          caf::actor_id id) {
  return proxies_.get_or_put(system, id);
}

caf::strong_actor_ptr remote_actors::make_proxy(caf::node_id system,
                                                caf::actor_id id) {
  auto there = actor_life::find(home_, system);
  if (there == nullptr || id == caf::invalid_actor_id)
    return nullptr;
  caf::actor_config config;
  auto made = caf::make_actor<remote_proxy, caf::strong_actor_ptr>(
    id, system, &self_.system(), config, *this, *there);
  // Without a session, once there is one.
  if (way_to(*there))
    watch(*there, id);
  return made;
}

void remote_actors::watch(actor_life& there, caf::actor_id id) {
  carry(there, [id](caf::serializer& sink) { return sink(kind::watch, id); });
}

void remote_actors::came_up(actor_life& there) {
  for (const auto& x : proxies_.get_all(there.system().node()))
    if (x != nullptr)
      watch(there, x->id());
}

void remote_actors::went_down(const actor_life& there) {
  heard_.erase(there.id());
  proxies_.erase(there.system().node());
}

void remote_actors::clear() {
  for (auto life : home_.lives())
    if (auto there = dynamic_cast<actor_life*>(life))
      for (const auto& x : proxies_.get_all(there->system().node()))
        if (x != nullptr)
          drop_attachables(static_cast<caf::actor_proxy&>(*x->get()));
  proxies_.clear();
}

std::optional<connection_id>
remote_actors::way_to(const actor_life& there) const {
  if (auto session = self_.connection_to(there))
    return session;
  auto i = heard_.find(there.id());
  if (i == heard_.end())
    return std::nullopt;
  return i->second;
}

// -- what leaves --------------------------------------------------------------

void remote_actors::send(actor_life& there, const letter& x) {
  note(
    [&] { return "sends to " + there.label() + ": " + to_string(x.content); });
  carry(there, [&x](caf::serializer& sink) {
    return sink(kind::letter, x.receiver, x.id.integer_value(), x.sender,
                x.stages, x.content);
  });
}

void remote_actors::link(actor_life& there, link_change x) {
  home_.state.clock.in({}, [this, &there, change = std::move(x)] {
    carry(there, [&](caf::serializer& sink) {
      return sink(kind::link, change.to, change.who, change.linked);
    });
  });
}

void remote_actors::carry(
  actor_life& there, const std::function<caf::error(caf::serializer&)>& write) {
  if (!self_.running())
    return;
  auto over = way_to(there);
  if (!over)
    return lose(there, "there is no session");
  caf::scoped_execution_unit unit{&self_.system()};
  unit.proxy_registry_ptr(&proxies_);
  freight bytes;
  caf::binary_serializer sink{&unit, bytes};
  try {
    if (auto why = write(sink))
      return lose(there, self_.system().render(why));
  } catch (const std::exception& x) {
    // A type that must not leave its program.
    return lose(there, x.what());
  }
  home_.network.transmit(self_, *over,
                         {{}, {self_.id(), {}, 0, 0}, std::move(bytes)});
}

std::string remote_actors::label() const {
  return self_.label();
}

void remote_actors::lose(const actor_life& there,
                         const std::string& why) const {
  note([&] {
    return "a message of an actor to " + there.label() + " is lost: " + why;
  });
}

// -- what arrives -------------------------------------------------------------

void remote_actors::take(connection_id from, const freight& x, life_id sender) {
  auto& there = actor_life::get(home_, sender);
  heard_[sender] = from;
  caf::scoped_execution_unit unit{&self_.system()};
  unit.proxy_registry_ptr(&proxies_);
  caf::binary_deserializer source{&unit, x};
  caf::error why;
  kind what{};
  caf::actor_id id = 0;
  caf::error reason;
  if (why = source(what); why)
    return lose(self_, self_.system().render(why));
  switch (what) {
    case kind::letter:
      why = take_letter(source);
      break;
    case kind::watch:
      why = source(id);
      if (!why)
        tell_end(there, id);
      break;
    case kind::link:
      why = take_link(source);
      break;
    case kind::ended:
      why = source(id, reason);
      if (!why)
        proxies_.erase(there.system().node(), id, std::move(reason));
      break;
  }
  if (why)
    lose(self_, self_.system().render(why));
}

void remote_actors::tell_end(actor_life& there, caf::actor_id id) {
  auto tell = [this, &there, id](const caf::error& reason) {
    carry(there,
          [&](caf::serializer& sink) { return sink(kind::ended, id, reason); });
  };
  if (auto who = self_.system().registry().get(id))
    who->get()->attach_functor(tell);
  else
    tell(caf::exit_reason::unknown);
}

caf::error remote_actors::take_letter(caf::deserializer& source) {
  letter x;
  uint64_t id = 0;
  if (auto why = source(x.receiver, id, x.sender, x.stages, x.content))
    return why;
  x.id = caf::make_message_id(id);
  auto receiver = self_.system().registry().get(x.receiver);
  if (receiver == nullptr) {
    if (x.id.is_request() && x.sender != nullptr)
      caf::detail::sync_request_bouncer{
        caf::exit_reason::remote_link_unreachable}(x.sender, x.id);
    return {};
  }
  note([&] { return "gets " + to_string(x.content); });
  receiver->enqueue(caf::make_mailbox_element(std::move(x.sender), x.id,
                                              std::move(x.stages),
                                              std::move(x.content)),
                    nullptr);
  return {};
}

caf::error remote_actors::take_link(caf::deserializer& source) {
  link_change x;
  if (auto why = source(x.to, x.who, x.linked))
    return why;
  auto to = self_.system().registry().get(x.to);
  if (to == nullptr || x.who == nullptr)
    return {};
  auto& who = static_cast<caf::actor_proxy&>(*x.who->get());
  if (x.linked)
    who.add_link(to->get());
  else
    who.remove_link(to->get());
  return {};
}

} // namespace vigil::testkit
