// The rest of the contract: order, what nodes say to each other, and how their
// sessions end. Between two whole cores over a network in memory.

#include "tests/core/test_network.hpp"

using namespace vigil;
using namespace vigil::test;

namespace {

std::string hex(const std::string& bytes) {
  std::string result;
  for (auto byte : bytes) {
    if (!result.empty())
      result += ' ';
    for (auto shift : {4, 0})
      result += "0123456789abcdef"[(static_cast<uint8_t>(byte) >> shift) & 15];
  }
  return result;
}

} // namespace

TEST_CASE_FIXTURE(two_nodes, "contract 16: DOWNs of one link arrive in the "
                             "order in which their targets ended") {
  net.connect(a, b);
  net.monitor(a, a1, b1, 1);
  net.monitor(a, a1, b2, 2);
  net.run();
  net.exit(b, 2, atom("first"));
  net.exit(b, 1, atom("second"));
  net.run();
  CHECK_LINES(a.take(), {"down a1 r2 b2 first", "down a1 r1 b1 second"});
}

TEST_CASE_FIXTURE(two_nodes,
                  "contract 17: the bytes of MONITOR_P, DEMONITOR_P "
                  "and MONITOR_P_EXIT, and an exit echoes the target "
                  "as it came") {
  b.processes.give_name("db", 1);
  net.connect(a, b);
  net.monitor(a, a1, b1, 0);
  net.monitor(a, a1, named("db", node_b), 1);
  net.step(a, event::demonitor{a1, ref(0)});
  net.run();
  net.exit(b, 1, atom("x"));
  net.run();
  REQUIRE(net.payloads.size() == 4);
  // Version, 19, reference, watcher, target by its numbers.
  CHECK(hex(net.payloads[0]) == "01 13 00 02 00 02 00");
  // Version, 19 by name, reference, watcher, "db".
  CHECK(hex(net.payloads[1]) == "01 33 02 02 00 02 64 62");
  // Version, 20, and the target as it was monitored.
  CHECK(hex(net.payloads[2]) == "01 14 00 02 00 02 00");
  // Version, the reason x, 21 by name.
  CHECK(hex(net.payloads[3]) == "01 02 04 83 77 01 78 35 02 02 00 02 64 62");
  CHECK_LINES(a.take(), {"down a1 r1 {db,b} x"});
}

TEST_CASE_FIXTURE(two_nodes, "contract 18: crossings on both sides are dropped "
                             "and counted, the session lives on") {
  net.connect(a, b);
  net.monitor(a, a1, b1, 1);
  net.monitor(b, b1, a1, 1);
  net.run();
  net.exit(a, 1, atom("x"));
  net.exit(b, 1, atom("y"));
  net.run();
  CHECK_LINES(a.take(), {"retire r1 noproc granted"});
  CHECK_LINES(b.take(), {"retire r1 noproc granted"});
  CHECK(a.core.plane().counters().crossings == 2);
  CHECK(b.core.plane().counters().crossings == 2);
  CHECK(a.sees(node_b));
  CHECK(b.sees(node_a));
  check_empty();
}

TEST_CASE("contract 19: a peer that breaks the rules loses its session with a "
          "stated cause, and the rest of its frame is not applied") {
  test_network net;
  auto& b = net.add(config_of(node_b));
  b.processes.spawn(1);
  number_printer printer;
  session_layer_fixture words;
  auto arrive = [&](uint64_t connection, const session_message& message) {
    lines result;
    auto effects
      = b.core.step(event::arrived{connection_id{connection}, message},
                    net.now(), b.processes);
    for (const auto& x : effects.local)
      std::visit(
        [&](const auto& y) {
          one_by_one(y,
                     [&](const auto& z) { result.push_back(test::line(z)); });
        },
        x);
    for (const auto& x : effects.network)
      result.push_back(printer.line(x));
    return result;
  };
  auto up = [&](node_name peer, uint64_t connection, uint64_t number,
                size_t own) {
    arrive(connection, words.greeting(peer, number));
    auto echo = words.greeting(peer, number);
    echo.numbers.receiver = printer.own(own);
    REQUIRE(arrive(connection, echo).size() == 1);
    return echo.numbers;
  };
  auto with_a = up(node_a, 1, 100, 1);
  auto with_c = up(node_c, 2, 300, 2);
  frame_encoder from_c{{node_c, first_life, node_b, first_life}};
  from_c.add(monitor_p{proc(node_c, 1), proc(node_b, 1), ref(1)});
  CHECK_LINES(arrive(2, frame{with_c, 1, 0, from_c.take().complete()}), {});
  // Node a ends a monitor that nobody made, which crosses, then monitors; then
  // ends one that is c's to end; what follows in the frame does not count.
  std::vector<outbound_monitor> none;
  frame_encoder from_a{{node_a, first_life, node_b, first_life}};
  from_a.add(monitor_p{proc(node_a, 1), proc(node_b, 1), ref(1)});
  b.core.step(event::monitor{proc(node_b, 1), proc(node_c, 1), ref(9)},
              net.now(), b.processes);
  from_a.add(monitor_p_exit{proc(node_a, 1), proc(node_b, 1), ref(9),
                            exit_reason::normal()});
  from_a.add(monitor_p{proc(node_a, 2), proc(node_b, 99), ref(2)});
  CHECK_LINES(arrive(1, frame{with_a, 1, 0, from_a.take().complete()}),
              {"link_lost a", "nodedown a protocol_error",
               "c1 goodbye s1>100 protocol_error/protocol_error"});
  CHECK(b.core.plane().counters().violations == 1);
  CHECK(b.plane().num_inbound(node_a) == 0);
  // Nothing else is disturbed.
  CHECK(b.sees(node_c));
  CHECK(b.plane().num_inbound(node_c) == 1);
  CHECK(b.plane().num_outbound(node_c) == 1);
}

TEST_CASE_FIXTURE(two_nodes, "contract 20: a greeting takes three hellos, a "
                             "shutdown a goodbye and its acknowledgement") {
  net.step(a, event::connect{node_b});
  net.run();
  CHECK_LINES(std::exchange(net.wire_log, {}),
              {"a>b hello", "b>a hello", "a>b hello"});
  net.step(a, event::stop{});
  net.run();
  CHECK_LINES(net.wire_log, {"a>b goodbye", "b>a goodbye_ack"});
  CHECK(a.stopped);
}

TEST_CASE_FIXTURE(two_nodes,
                  "contract 20: exits before a shutdown are flushed, "
                  "those it causes are not reported") {
  net.connect(a, b);
  net.monitor(a, a1, b1, 1);
  net.monitor(a, a1, b2, 2);
  net.run();
  net.exit(b, 1, atom("x"));
  net.step(b, event::stop{});
  net.exit(b, 2, atom("not yet"));
  net.run();
  CHECK_LINES(a.take(), {"down a1 r1 b1 x", "down a1 r2 b2 noconnection",
                         "nodedown b shutdown"});
  CHECK_LINES(b.take(), {"stopped"});
}

TEST_CASE_FIXTURE(two_nodes, "contract 20: both stop at once") {
  net.connect(a, b);
  net.step(a, event::stop{});
  net.step(b, event::stop{});
  net.run();
  CHECK(a.stopped);
  CHECK(b.stopped);
}

TEST_CASE_FIXTURE(two_nodes, "contract 20: what a lost session carried is not "
                             "applied to the next") {
  net.connect(a, b);
  net.mute(true);
  net.monitor(a, a1, b1, 1); // lost on its way
  net.mute(false);
  net.monitor(a, a1, b2, 2); // comes after a gap
  net.run();
  CHECK_LINES(a.take(),
              {"down a1 r1 b1 noconnection", "down a1 r2 b2 noconnection",
               "nodedown b protocol_error"});
  CHECK_LINES(b.take(), {"nodedown a protocol_error"});
  check_empty();
  net.monitor(a, a1, b2, 3);
  net.pass(seconds{2});
  CHECK_LINES(a.take(), {"nodeup b 1"});
  check_agreement();
}

TEST_CASE_FIXTURE(two_nodes, "contract 21: silent sessions tick and live, mute "
                             "ones end at the tick time on both sides") {
  net.connect(a, b);
  net.monitor(a, a1, b1, 1);
  net.run();
  net.pass(seconds{100});
  CHECK_LINES(a.take(), {});
  CHECK_LINES(b.take(), {});
  CHECK(a.core.sessions().counters().ticks_sent >= 49);
  net.mute(true);
  net.pass(seconds{8});
  CHECK_LINES(a.take(),
              {"ticks_missed b 1", "ticks_missed b 2", "ticks_missed b 3",
               "down a1 r1 b1 noconnection", "nodedown b net_tick_timeout"});
  CHECK_LINES(b.take(), {"ticks_missed a 1", "ticks_missed a 2",
                         "ticks_missed a 3", "nodedown a net_tick_timeout"});
  check_empty();
}

TEST_CASE("contract 22: two nodes that dial each other at once end up with one "
          "session, and neither reports the other down") {
  for (auto shared : {false, true})
    for (uint32_t seed = 0; seed < 200; ++seed) {
      CAPTURE(shared);
      CAPTURE(seed);
      two_nodes x{seed};
      x.net.share_connections(shared);
      x.net.sky().latency = milliseconds{1};
      x.net.monitor(x.a, x.a1, x.b1, 1);
      for (auto n = x.net.random().below(3); n-- > 0;)
        x.net.deliver_one();
      x.net.monitor(x.b, x.b1, x.a1, 1);
      for (auto n = 0; x.net.deliver_one(); ++n)
        REQUIRE(n < 10'000);
      x.net.pass(seconds{2});
      CHECK_LINES(x.a.take(), {"nodeup b 1"});
      CHECK_LINES(x.b.take(), {"nodeup a 1"});
      CHECK(x.a.plane().num_outbound() == 1);
      x.check_agreement();
      x.net.pass(seconds{30});
      CHECK(x.a.take().empty());
      CHECK(x.b.take().empty());
    }
}

TEST_CASE_FIXTURE(two_nodes, "node core: one side's connection is lost while "
                             "the other's lives on, and both recover") {
  for (auto shared : {false, true})
    for (auto side : {0, 1}) {
      two_nodes x;
      x.net.share_connections(shared);
      x.net.connect(x.a, x.b);
      x.net.disconnect_all(side == 0 ? &x.a : &x.b);
      x.net.run();
      auto& first = side == 0 ? x.a : x.b;
      auto& second = side == 0 ? x.b : x.a;
      CHECK_LINES(first.take(),
                  {"nodedown " + brief(second.name()) + " closed"});
      x.net.step(first, event::connect{second.name()});
      x.net.pass(seconds{5});
      CHECK_LINES(first.take(), {"nodeup " + brief(second.name()) + " 1"});
      CHECK_LINES(second.take(), {"nodedown " + brief(first.name()) + " closed",
                                  "nodeup " + brief(first.name()) + " 1"});
    }
}

TEST_CASE_FIXTURE(two_nodes, "node core: a lost frame is noticed although no "
                             "other follows") {
  net.connect(a, b);
  net.mute(true);
  net.monitor(a, a1, b1, 1);
  net.mute(false);
  net.pass(seconds{60});
  CHECK(a.take() != lines{});
}
