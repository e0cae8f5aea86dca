#include "actors/plane/node_subscribers.hpp"
#include "tests/actors/control_plane_world.hpp"

using namespace vigil;
using namespace vigil::test;

TEST_CASE("node subscriptions: an actor that nobody else holds is held until "
          "it ends or wants no more, and is forgotten when it has ended") {
  testing_config config;
  caf::actor_system system{config};
  auto& coordinator
    = dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  node_subscribers all;
  lines heard;
  auto subscriber = caf::actor_cast<caf::strong_actor_ptr>(system.spawn(
    [](caf::event_based_actor*, lines* log) {
      return caf::behavior{
        [=](const node_event& x) { log->push_back(brief(x.peer)); }};
    },
    &heard));
  auto weak = caf::actor_cast<caf::weak_actor_ptr>(subscriber);
  node_event up;
  up.peer = node_b;
  up.up = true;
  all.tell(up);
  CHECK(all.add(subscriber));
  CHECK_FALSE(all.add(subscriber));
  coordinator.run();
  CHECK_LINES(heard, {"b"});
  subscriber = nullptr;
  CHECK(weak.lock() != nullptr);
  all.remove(weak.lock());
  CHECK(weak.lock() == nullptr);
  // Until it is forgotten its address means nobody else.
  CHECK(all.size() == 1);
  all.forget(weak.get());
  CHECK(all.size() == 0);
}

TEST_CASE("node subscriptions: who came first is told first") {
  testing_config config;
  caf::actor_system system{config};
  auto& coordinator
    = dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  node_subscribers all;
  lines heard;
  lines expected;
  for (auto i = 0; i < 64; ++i) {
    auto label = std::to_string(i);
    all.add(caf::actor_cast<caf::strong_actor_ptr>(system.spawn(
      [](caf::event_based_actor*, lines* log, const std::string& text) {
        return caf::behavior{[=](const node_event&) { log->push_back(text); }};
      },
      &heard, label)));
    expected.push_back(label);
  }
  node_event up;
  up.peer = node_b;
  up.up = true;
  all.tell(up);
  coordinator.run();
  CHECK(joined(heard) == joined(expected));
  all.clear();
}
