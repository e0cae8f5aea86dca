// A program without CAF: a runtime of its own, in a thread of its own, over the
// executor and the front. This test links neither actors nor sockets.

#include "tests/core/own_program.hpp"

using namespace vigil;
using namespace vigil::test;

namespace {

/// Nodes a and b; process a1 watches, b1 is watched.
struct own_program {
  own_world world;
  own_node a{world, node_a};
  own_node b{world, node_b};
  const pid a1 = a.spawn();
  const pid b1 = b.spawn();

  void connect() {
    REQUIRE(a.front.connect(node_b).code() == errc::none);
    // The other side learns of it with the next message.
    world.pass(milliseconds{10});
    a.take();
    b.take();
  }

  reference monitor() {
    return a.front.monitor(a1, b1).value();
  }
};

std::vector<pid> watchers_of(own_node& x, const pid& process) {
  return x.front.monitored_by(process).value().watchers;
}

} // namespace

TEST_CASE(
  "own runtime: a monitor connects by itself and ends by one DOWN, with "
  "the reason of its target") {
  own_program x;
  CHECK(x.monitor() == ref(0));
  x.world.pass(seconds{1});
  CHECK_LINES(x.a.take(), {"nodeup b 1"});
  CHECK(watchers_of(x.b, x.b1) == std::vector{x.a1});
  x.b.end(x.b1, "boom");
  x.world.pass(seconds{60});
  CHECK_LINES(x.a.take(), {"down a1 r0 b1 boom"});
  CHECK_LINES(x.b.take(), {"nodeup a 1"});
  CHECK(x.a.front.is_connected(node_b));
}

TEST_CASE(
  "own runtime: after demonitor no DOWN comes, and the other node knows "
  "nothing of it any more") {
  own_program x;
  x.connect();
  auto first = x.monitor();
  auto second = x.monitor();
  CHECK(x.a.front.sync(node_b, seconds{1}) == errc::none);
  CHECK(watchers_of(x.b, x.b1).size() == 2);
  CHECK(x.a.front.demonitor(x.a1, first).value());
  CHECK(x.a.front.sync(node_b, seconds{1}) == errc::none);
  CHECK(watchers_of(x.b, x.b1).size() == 1);
  x.b.end(x.b1, "boom");
  x.world.pass(seconds{1});
  CHECK_LINES(x.a.take(), {"down a1 r1 b1 boom"});
  // Too late; with `flush` out of the mailbox again.
  CHECK_FALSE(x.a.front.demonitor(x.a1, second, {true}).value());
  CHECK_LINES(x.a.take(), {"remove a1 r1"});
}

TEST_CASE("own runtime: connect and disconnect wait for their outcome") {
  own_program x;
  CHECK(x.a.front.connect(node_c).code() == errc::refused);
  x.connect();
  CHECK(x.a.front.nodes().value().nodes == std::vector{node_b});
  x.monitor();
  CHECK(x.a.front.disconnect(node_b) == errc::none);
  CHECK_LINES(x.a.take(),
              {"down a1 r0 b1 noconnection", "nodedown b requested"});
  CHECK_FALSE(x.a.front.is_connected(node_b));
}

TEST_CASE(
  "own runtime: sync is busy where the answer takes longer than it may, "
  "and fails without a session") {
  own_program x;
  CHECK(x.a.front.sync(node_b, seconds{1}) == errc::no_connection);
  x.connect();
  x.world.mute(true);
  auto begin = x.world.now();
  CHECK(x.a.front.sync(node_b, milliseconds{500}) == errc::busy);
  CHECK(x.world.now() - begin <= milliseconds{500});
  // The answer that comes now reaches nobody.
  x.world.mute(false);
  x.world.pass(seconds{2});
  CHECK(x.a.front.sync(node_b, seconds{1}) == errc::none);
}

TEST_CASE("own runtime: a silent node is lost when its time is up") {
  own_program x;
  x.connect();
  x.monitor();
  x.world.pass(seconds{1});
  x.world.mute(true);
  x.world.pass(seconds{20});
  auto told = x.a.take();
  told.erase(std::remove_if(told.begin(), told.end(),
                            [](const auto& line) {
                              return line.find("missed") != std::string::npos;
                            }),
             told.end());
  CHECK_LINES(told,
              {"down a1 r0 b1 noconnection", "nodedown b net_tick_timeout"});
}

TEST_CASE("own runtime: from within a callback what waits is busy, and what "
          "does not wait is not") {
  own_program x;
  x.connect();
  x.monitor();
  x.world.pass(seconds{1});
  lines outcomes;
  x.a.on_deliver = [&] {
    for (auto outcome :
         {x.a.front.connect(node_b).code(), x.a.front.sync(node_b, seconds{1}),
          x.a.front.nodes().code(),
          x.a.front.demonitor(x.a1, test::ref(0)).code(),
          x.a.front.monitor(x.a1, x.b1).code()})
      outcomes.emplace_back(to_string(outcome));
    x.a.on_deliver = nullptr;
  };
  x.b.end(x.b1, "boom");
  x.world.pass(seconds{1});
  CHECK_LINES(outcomes, {"busy", "busy", "busy", "none", "none"});
  CHECK_LINES(x.a.take(), {"down a1 r0 b1 boom", "down a1 r1 b1 noproc"});
}

TEST_CASE("own runtime: a stopped node says goodbye, and its front says "
          "shutdown") {
  own_program x;
  x.connect();
  x.monitor();
  x.world.pass(seconds{1});
  x.b.stop();
  x.world.pass(seconds{1});
  CHECK_LINES(x.b.take(), {"stopped"});
  CHECK_LINES(x.a.take(),
              {"down a1 r0 b1 noconnection", "nodedown b shutdown"});
  CHECK(x.b.front.monitor(x.b1, x.a1).code() == errc::shutdown);
  CHECK(x.b.front.nodes().code() == errc::shutdown);
  CHECK(x.b.front.connect(node_a).code() == errc::shutdown);
}
