// That CAF takes no two actor systems for one; and what is said if it does all
// the same, because somebody has given one the id of another.

#include <vigil/node.hpp>
#include "actors/net/random_node_id.hpp"
#include "messages/session_caf.hpp"
#include "tests/actors/certain_node.hpp"
#include "tests/actors/loopback.hpp"

#include <caf/all.hpp>
#include <caf/io/all.hpp>

#include <atomic>
#include <string>
#include <vector>

using namespace vigil;
using namespace vigil::test;

namespace {

node_config known_to(const std::shared_ptr<resolver>& addresses, node_name name,
                     vigil::runtime* runtime = nullptr) {
  auto result = config_of(name, runtime);
  result.addresses = addresses;
  return result;
}

/// Counts what it gets: nothing should.
caf::behavior counter(caf::event_based_actor* self,
                      std::atomic<size_t>* received) {
  self->set_default_handler(
    [received](caf::scheduled_actor*,
               caf::message_view&) -> caf::result<caf::message> {
      ++*received;
      return caf::message{};
    });
  return {[](const caf::unit_t&) {}};
}

std::string connect(node& from, node_name to) {
  return to_string(from.front().connect(to).failure());
}

} // namespace

TEST_CASE("identity: ids are random and known as such") {
  auto x = random_node_id();
  CHECK(is_random(x));
  CHECK(x != random_node_id());
  CHECK_FALSE(is_random(caf::node_id{}));
  caf::actor_system_config config;
  caf::actor_system system{config};
  CHECK_FALSE(is_random(system.node()));
}

TEST_CASE("identity: a node that lives on meets each of the 600 that its "
          "program starts after it") {
  loopback_node a{node_a};
  for (int i = 0; i < 600; ++i) {
    auto b = start(config_of(node_b));
    b->addresses().add(node_a, {"127.0.0.1", a.impl->port()});
    REQUIRE(connect(*b, node_a) == "none nothing is wrong");
  }
}

TEST_CASE("identity: a node whose system has this one's id is told from this "
          "node itself") {
  auto addresses = std::make_shared<static_resolver>();
  auto id = random_node_id();
  certain_node a{id, known_to(addresses, node_a)};
  certain_node b{id, known_to(addresses, node_b)};
  addresses->add(node_a, {"127.0.0.1", a.impl->port()});
  addresses->add(node_b, {"127.0.0.1", b.impl->port()});
  addresses->add(node_c, {"127.0.0.1", a.impl->port()});
  const std::string same
    = "duplicate_id the actor system at the address has the id of another: it "
      "is that of this node's own, which has no such endpoint";
  CHECK(connect(*a.impl, node_b) == same);
  CHECK(connect(*b.impl, node_a) == same);
  CHECK(connect(*a.impl, node_c)
        == "wrong_name the node that answered has another name: dialled c@h, "
           "but reached a@h");
}

TEST_CASE("identity: a third node that knows one of two with equal ids says "
          "so of the other, until the first has gone") {
  auto addresses = std::make_shared<static_resolver>();
  auto id = random_node_id();
  auto a = std::make_unique<certain_node>(id, known_to(addresses, node_a));
  certain_node b{id, known_to(addresses, node_b)};
  table_runtime runtime;
  auto of_c = known_to(addresses, node_c, &runtime);
  of_c.net_setuptime = milliseconds{200};
  certain_node c{random_node_id(), of_c};
  addresses->add(node_a, {"127.0.0.1", a->impl->port()});
  addresses->add(node_b, {"127.0.0.1", b.impl->port()});
  REQUIRE(connect(*c.impl, node_a) == "none nothing is wrong");
  CHECK(connect(*c.impl, node_b)
        == "duplicate_id the actor system at the address has the id of "
           "another: dialled b@h");
  // Nothing has happened to it.
  CHECK(c.impl->front().sync(node_a, patience) == errc::none);
  a->impl->stop();
  REQUIRE(runtime.wait_for_event("nodedown a shutdown"));
  CHECK(connect(*c.impl, node_b) == "none nothing is wrong");
}

TEST_CASE("identity: no actor but an endpoint is told hello, whatever is "
          "published in this node's own system") {
  auto addresses = std::make_shared<static_resolver>();
  auto id = random_node_id();
  certain_node a{id, known_to(addresses, node_a)};
  std::atomic<size_t> received{0};
  std::vector<caf::actor> others;
  uint16_t port = 0;
  for (int i = 0; i < 64; ++i) {
    others.push_back(a.system.spawn(counter, &received));
    auto bound = a.system.middleman().publish(others.back(), 0, "127.0.0.1");
    REQUIRE(bound);
    port = *bound;
  }
  // Counted as CAF counts, the endpoint of b would have the number of one of
  // them: CAF looks among them for it.
  certain_config config{id};
  caf::actor_system system{config};
  for (int i = 0; i < 32; ++i)
    others.push_back(system.spawn(counter, &received));
  REQUIRE(a.system.registry().get(others.back().id()) != nullptr);
  auto b = node::attach(system, config_of(node_b));
  REQUIRE(b);
  addresses->add(node_b, {"127.0.0.1", (*b)->port()});
  addresses->add(node_c, {"127.0.0.1", port});
  CHECK(a.impl->front().connect(node_b).code() == errc::duplicate_id);
  CHECK(connect(*a.impl, node_c)
        == "protocol_error the peer does not keep to the protocol: another "
           "actor is published at the address, and no node");
  for (const auto& x : others)
    caf::anon_send_exit(x, caf::exit_reason::kill);
  CHECK(received == 0);
}

TEST_CASE("identity: a typed actor of another program is no node") {
  using typed = caf::typed_actor<caf::reacts_to<hello>>;
  certain_config config{random_node_id()};
  caf::actor_system system{config};
  std::atomic<bool> greeted{false};
  auto published = system.spawn(
    [](typed::pointer, std::atomic<bool>* flag) -> typed::behavior_type {
      return {[flag](const hello&) { *flag = true; }};
    },
    &greeted);
  auto port = system.middleman().publish(published, 0, "127.0.0.1");
  REQUIRE(port);
  loopback_node a{node_a};
  a.impl->addresses().add(node_b, {"127.0.0.1", *port});
  CHECK(connect(*a.impl, node_b)
        == "protocol_error the peer does not keep to the protocol: a typed "
           "actor is published at the address, and no node");
  CHECK_FALSE(greeted);
  caf::anon_send_exit(published, caf::exit_reason::kill);
}
