// When a peer has applied all that was sent to it, as the session layer of node
// b sees it; the test plays the network and all peers.

#include "tests/core/session_layer_fixture.hpp"

using namespace vigil;
using namespace vigil::test;

using layer_b = session_layer_fixture;

TEST_CASE_FIXTURE(layer_b,
                  "sync: without a session the answer is no, at once") {
  CHECK_LINES(network(event::sync{node_a, 9}), {"synced 9 never"});
}

TEST_CASE_FIXTURE(layer_b, "sync: is asked behind what was sent before, and "
                           "true when the peer answers") {
  up(node_a, 1, 100);
  layer.send(node_a, monitor_p{proc(node_b, 1), proc(node_a, 1), ref(1)});
  auto asked = network(event::sync{node_a, 9});
  REQUIRE(asked.size() == 2);
  CHECK(asked[0].find("c1 frame s1>100") == 0);
  CHECK(asked[1].find("c1 probe s1>100") == 0);
  // An answer to something else is none.
  CHECK_LINES(arrive(1, probe_reply{pair(100, 1), 8}), {});
  CHECK_LINES(arrive(1, probe_reply{pair(100, 1), 9}), {"synced 9 ok"});
  CHECK_LINES(arrive(1, probe_reply{pair(100, 1), 9}), {});
}

TEST_CASE_FIXTURE(layer_b, "sync: waits while frames wait for the window") {
  up(node_a, 1, 100);
  // Each flush sends one frame; after eight the window is closed.
  for (uint32_t i = 1; i <= 9; ++i) {
    layer.send(node_a, monitor_p{proc(node_b, 1), proc(node_a, i), ref(i)});
    finish();
  }
  CHECK_LINES(network(event::sync{node_a, 9}), {});
  auto released = arrive(1, tick{pair(100, 1), 8});
  REQUIRE(released.size() == 2);
  CHECK(released[0].find("c1 frame s1>100 #9") == 0);
  CHECK(released[1].find("c1 probe s1>100") == 0);
}

TEST_CASE_FIXTURE(layer_b, "sync: is never true once the session has ended, "
                           "whether asked already or not") {
  up(node_a, 1, 100);
  network(event::sync{node_a, 9});
  auto lines_of_end = disconnected(1);
  CHECK(std::count(lines_of_end.begin(), lines_of_end.end(), "synced 9 never")
        == 1);
  // The answer of the former session comes too late.
  CHECK_LINES(arrive(1, probe_reply{pair(100, 1), 9}),
              {"c1 goodbye s1>100 closed/closed"});
}

TEST_CASE_FIXTURE(layer_b, "sync: a goodbye and a stop answer it as well") {
  up(node_a, 1, 100);
  network(event::sync{node_a, 9});
  layer.stop();
  auto stopping = finish();
  CHECK(std::count(stopping.begin(), stopping.end(), "synced 9 never") == 1);
}

TEST_CASE_FIXTURE(layer_b, "sync: with a link that is being made it waits for "
                           "the link, or for its failure") {
  layer.open_link(node_a, false);
  finish();
  CHECK_LINES(network(event::sync{node_a, 9}), {});
  auto failed = network(event::dial_failed{dial_id{1}, {errc::refused, {}}});
  CHECK(std::count(failed.begin(), failed.end(), "synced 9 never") == 1);
  layer.open_link(node_a, false);
  finish();
  CHECK_LINES(network(event::sync{node_a, 10}), {});
  arrive(1, greeting(node_a, 100, 0));
  auto started = arrive(1, greeting(node_a, 100, 1));
  CHECK(started.back().find("c1 probe") == 0);
}

TEST_CASE_FIXTURE(layer_b, "sync: is asked again if the answer is lost and the "
                           "session lives on") {
  up(node_a, 1, 100);
  network(event::sync{node_a, 9});
  auto asked = until(now + config_of(node_b).probe_time());
  CHECK(std::any_of(asked.begin(), asked.end(), [](const auto& x) {
    return x.find("c1 probe s1>100") == 0;
  }));
  CHECK_LINES(arrive(1, probe_reply{pair(100, 1), 9}), {"synced 9 ok"});
  // Whoever is not asked any more stays silent.
  auto later = until(now + seconds{3});
  CHECK(std::none_of(later.begin(), later.end(),
                     [](const auto& x) { return x.find("c1 probe") == 0; }));
}

TEST_CASE_FIXTURE(layer_b,
                  "sync: the question is repeated after the probe time, "
                  "between what others want") {
  up(node_c, 2, 200);
  until(now + milliseconds{300});
  up(node_d, 3, 300);
  until(now + milliseconds{200});
  up(node_a, 1, 100);
  network(event::sync{node_a, 9});
  auto asked = now;
  // Before the question comes the tick to c, and after it that to d.
  CHECK_LINES(wake(), {"c2 tick s1>200 ack 0"});
  CHECK_LINES(wake(), {"c1 probe s3>100"});
  CHECK(now == asked + milliseconds{1'750});
  CHECK_LINES(wake(), {"c3 tick s2>300 ack 0"});
}
