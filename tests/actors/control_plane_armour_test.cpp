// Whoever holds the handle of a control plane, or gets hold of it from another
// program, cannot end the node, nor make it do anything it may not ask for.

#include <vigil/actors.hpp>
#include "tests/actors/loopback.hpp"

#include <caf/all.hpp>
#include <caf/io/all.hpp>

using namespace vigil;
using namespace vigil::test;

namespace {

/// A node in a system of the test's own, which publishes the handle as no
/// program should.
struct open_house {
  struct configured : caf::actor_system_config {
    configured() {
      configure(*this);
    }
  };

  /// Returns whether the control plane still does what it is there for.
  bool works() {
    caf::scoped_actor self{system};
    auto id = impl->processes().add(self).value();
    auto granted = false;
    self->request(impl->control_plane(), patience, monitor_request{id, id})
      .receive([&](reference) { granted = true; }, [](const caf::error&) {});
    return granted;
  }

  /// Connects to a node that stays with this one as long as nobody ends that.
  void meet(const node& other) {
    impl->addresses().add(other.name(), {"127.0.0.1", other.port()});
    REQUIRE(impl->front().connect(other.name()));
  }

  std::vector<node_name> nodes() {
    return impl->front().nodes().value().nodes;
  }

  configured config;
  caf::actor_system system{config};
  std::unique_ptr<node> impl = node::attach(system, config_of(node_a)).value();
};

/// Sends all that CAF itself acts upon, and things that nobody knows.
void try_everything(caf::scoped_actor& self, const caf::actor& plane) {
  for (auto why : {caf::exit_reason::normal, caf::exit_reason::kill,
                   caf::exit_reason::user_shutdown}) {
    caf::anon_send_exit(plane, why);
    self->send_exit(plane, why);
    self->send(plane, caf::exit_msg{plane.address(), why});
    caf::anon_send(plane, caf::down_msg{self->address(), why});
    self->send(plane, caf::down_msg{plane.address(), why});
    self->send(plane, caf::make_error(why));
  }
  self->send(plane, 1, std::string{"two"});
  self->send(plane, std::string{"text"});
  self->send(plane, caf::sys_atom_v, caf::get_atom_v, std::string{"info"});
  self->send(plane, caf::ok_atom_v, plane);
  self->send(plane, caf::message{});
  // What is known, as if it were part of a stream.
  for (uint64_t category = 0; category < 4; ++category)
    caf::actor_cast<caf::strong_actor_ptr>(plane)->enqueue(
      nullptr, caf::message_id{}.with_category(category),
      caf::make_message(nodes_request{}), nullptr);
  self->monitor(plane);
  self->link_to(plane);
}

} // namespace

TEST_CASE("armour: nothing that a program of the node sends ends the control "
          "plane") {
  open_house x;
  {
    caf::scoped_actor self{x.system};
    try_everything(self, caf::actor_cast<caf::actor>(x.impl->control_plane()));
  }
  CHECK(x.works());
}

TEST_CASE("armour: the end of an actor that is linked to the control plane is "
          "not the end of that") {
  open_house x;
  auto linked = x.system.spawn(
    [](caf::event_based_actor* self, const control_plane_handle& plane) {
      self->link_to(plane);
      return caf::behavior{[](int) {}};
    },
    x.impl->control_plane());
  caf::scoped_actor self{x.system};
  self->request(linked, patience, 0)
    .receive([] {}, [](const caf::error&) { FAIL("it has ended too early"); });
  self->monitor(linked);
  self->send_exit(linked, caf::exit_reason::kill);
  self->receive([](const caf::down_msg&) {},
                caf::after(patience) >> [] { FAIL("it does not end"); });
  CHECK(x.works());
}

TEST_CASE("armour: a request that is none is refused, not lost") {
  open_house x;
  caf::scoped_actor self{x.system};
  auto plane = caf::actor_cast<caf::actor>(x.impl->control_plane());
  std::string answer;
  self->request(plane, patience, std::string{"text"})
    .receive([&] { answer = "ok"; },
             [&](const caf::error& why) {
               auto known = vigil_error(why);
               answer = known ? to_string(*known) : "an error of CAF's own";
             });
  CHECK(answer
        == to_string(
          error{errc::bad_argument, "this is no request to a control plane"}));
}

TEST_CASE("armour: another system that gets hold of the control plane can "
          "neither end it nor make it do anything") {
  open_house x;
  auto b = start(config_of(node_b));
  x.meet(*b);
  auto plane = caf::actor_cast<caf::actor>(x.impl->control_plane());
  // An actor of the user's that gives away what it should not.
  auto traitor = x.system.spawn(
    [](caf::event_based_actor*, const caf::actor& secret) {
      return caf::behavior{[secret](caf::get_atom) { return secret; }};
    },
    plane);
  auto port = x.system.middleman().publish(traitor, 0, "127.0.0.1", true);
  REQUIRE(port);
  open_house stranger;
  auto door = stranger.system.middleman().remote_actor("127.0.0.1", *port);
  REQUIRE(door);
  caf::scoped_actor self{stranger.system};
  caf::actor secret;
  self->request(*door, patience, caf::get_atom_v)
    .receive([&](const caf::actor& y) { secret = y; },
             [](const caf::error&) { FAIL("the handle did not arrive"); });
  REQUIRE(secret.node() != stranger.system.node());
  try_everything(self, secret);
  // What is typed cannot be sent at all; CAF writes nothing of it.
  self->send(secret, monitor_request{x.impl->front().new_pid()});
  self->send(secret, disconnect_request{node_b});
  // Once this is answered all that was sent before has arrived.
  self->request(*door, patience, caf::get_atom_v)
    .receive([](const caf::actor&) {},
             [](const caf::error&) { FAIL("the connection was lost"); });
  CHECK(x.works());
  CHECK(x.nodes() == std::vector{node_b});
  CHECK(stranger.works());
  caf::anon_send_exit(traitor, caf::exit_reason::kill);
}

TEST_CASE("armour: a request in the name of an actor of another node is "
          "refused") {
  open_house x;
  auto b = start(config_of(node_b));
  x.meet(*b);
  open_house stranger;
  auto other = stranger.system.spawn(
    [](caf::event_based_actor*, int) { return caf::behavior{[](int) {}}; }, 0);
  auto port = stranger.system.middleman().publish(other, 0, "127.0.0.1", true);
  REQUIRE(port);
  auto proxy = x.system.middleman().remote_actor("127.0.0.1", *port);
  REQUIRE(proxy);
  caf::send_as(*proxy, x.impl->control_plane(), disconnect_request{node_b});
  CHECK(x.works());
  CHECK(x.nodes() == std::vector{node_b});
  caf::anon_send_exit(other, caf::exit_reason::kill);
}

TEST_CASE("armour: the handle itself does not serialize") {
  CHECK(caf::is_allowed_unsafe_message_type<control_plane_handle>::value);
  CHECK_FALSE(
    caf::detail::is_inspectable<caf::serializer, control_plane_handle>::value);
}
