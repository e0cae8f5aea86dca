// Which actor systems a node can live in, and what is said of the others.

#include <vigil/node.hpp>
#include "tests/actors/loopback.hpp"

#include <caf/all.hpp>
#include <caf/io/middleman.hpp>

#include <string>

using namespace vigil;
using namespace vigil::test;

namespace {

class configured : public caf::actor_system_config {
public:
  configured() {
    configure(*this);
  }
};

} // namespace

TEST_CASE("an actor system without a middleman is refused") {
  caf::actor_system_config config;
  caf::actor_system system{config};
  CHECK(failure_of(node::attach(system, config_of(node_a)))
        == "bad_argument the argument is not valid: the actor system has "
           "no middleman: its configuration must go through "
           "vigil::configure");
}

TEST_CASE("an actor system without vigil's messages is refused") {
  caf::actor_system_config config;
  config.load<caf::io::middleman>();
  caf::actor_system system{config};
  CHECK(failure_of(node::attach(system, config_of(node_a)))
        == "bad_argument the argument is not valid: the actor system does "
           "not know vigil's messages: its configuration must go through "
           "vigil::configure");
}

TEST_CASE("an actor system in which nothing runs by itself is refused") {
  auto refusal = [](const std::string& option, auto value) {
    configured config;
    config.set(option, value);
    CHECK_FALSE(check_configuration(config));
    caf::actor_system system{config};
    return failure_of(node::attach(system, config_of(node_a)));
  };
  const std::string bad = "bad_argument the argument is not valid: ";
  CHECK(refusal("middleman.manual-multiplexing", true)
        == bad + "middleman.manual-multiplexing leaves the sockets to nobody");
  CHECK(refusal("scheduler.policy", caf::atom("testing"))
        == bad + "scheduler.policy is sharing or stealing");
  CHECK(refusal("middleman.max-consecutive-reads", size_t{0})
        == bad
             + "middleman.max-consecutive-reads is a number from 1 to "
               "9223372036854775807");
}

TEST_CASE("an actor system that would neither run nor end is refused before it "
          "is made") {
  auto refusal = [](const std::string& option, auto value) {
    configured config;
    config.set(option, value);
    auto checked = check_configuration(config);
    return checked ? "good" : checked.failure().detail;
  };
  CHECK(refusal("scheduler.max-threads", size_t{0})
        == "scheduler.max-threads is a number from 1 to 1024");
  CHECK(
    refusal("scheduler.max-throughput", size_t{0})
    == "scheduler.max-throughput is a number from 1 to 9223372036854775807");
  CHECK(refusal("middleman.network-backend", caf::atom("testing"))
        == "middleman.network-backend is default");
  // CAF would take its default.
  configured config;
  caf::put(config.content, "scheduler.max-threads", -1);
  auto checked = check_configuration(config);
  REQUIRE_FALSE(checked);
  CHECK(checked.failure().detail
        == "scheduler.max-threads is a number from 1 to 1024");
  CHECK(refusal("scheduler.max-threads", size_t{2}) == "good");
}

TEST_CASE("an actor system whose id can be that of another is refused") {
  configured config;
  // In the place of the one that gives the system its id.
  config.load<caf::io::middleman>();
  caf::actor_system system{config};
  CHECK(failure_of(node::attach(system, config_of(node_a)))
        == "bad_argument the argument is not valid: the actor system's id "
           "can be that of another: its configuration must go through "
           "vigil::configure, and load no middleman after it");
}
