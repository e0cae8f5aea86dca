// Where a DOWN comes from, and which end of a link it belongs to: by the
// control plane alone, and as a runtime is told.

#include "tests/core/control_plane_fixture.hpp"
#include "tests/core/executor_fixture.hpp"

using namespace vigil;
using namespace vigil::test;

TEST_CASE("down origins: each has a name") {
  lines names;
  for (uint8_t i = 0; i <= 7; ++i)
    names.emplace_back(to_string(down_origin{i}));
  CHECK_LINES(names, {"exit", "noproc_here", "noproc_there", "no_address",
                      "setup_failed", "link_lost", "shutdown", "unknown"});
}

// -- control plane ------------------------------------------------------------

namespace {

struct provenance_fixture : control_plane_fixture {
  explicit provenance_fixture(const control_limits& limits = {})
    : control_plane_fixture(limits) {
    show_provenance = true;
  }

  /// The end of node b's process 1, as node b tells it.
  lines receive_exit(uint64_t number, const exit_reason& reason) {
    return receive(node_b, monitor_p_exit{b1, a1, ref(number), reason});
  }
};

/// Two monitors end in a step.
struct sliced_provenance : provenance_fixture {
  sliced_provenance() : provenance_fixture(small_slices()) {
    up(node_b);
  }

  void monitor_all(const pid& object, uint64_t first, uint64_t last) {
    for (auto number = first; number <= last; ++number)
      monitor(a1, object, number);
  }

  lines resume() {
    return step(event::resume{});
  }
};

} // namespace

TEST_CASE_FIXTURE(provenance_fixture,
                  "down origins: a reason of the target's own comes from its "
                  "exit, whatever it is and on whichever node") {
  up(node_b);
  monitor(a1, a2, 1);
  CHECK_LINES(exit(2, exit_reason::noproc()), {"down a1 r1 a2 noproc exit 0"});
  monitor(a1, b1, 2);
  CHECK_LINES(receive_exit(2, atom("boom")), {"down a1 r2 b1 boom exit 0"});
  monitor(a1, b1, 3);
  CHECK_LINES(receive_exit(3, exit_reason::noconnection()),
              {"down a1 r3 b1 noconnection exit 0"});
  CHECK(x.counters().downs_exit == 3);
}

TEST_CASE_FIXTURE(provenance_fixture,
                  "down origins: noproc is of this node or of the other, which "
                  "may mean anything by it") {
  CHECK_LINES(monitor(a1, proc(node_a, 9), 1),
              {"down a1 r1 a9 noproc noproc_here 0"});
  CHECK_LINES(monitor(a1, named("nobody", node_a), 2),
              {"down a1 r2 {nobody,a} noproc noproc_here 0"});
  up(node_b);
  monitor(a1, b1, 3);
  CHECK_LINES(receive_exit(3, exit_reason::noproc()),
              {"down a1 r3 b1 noproc noproc_there 0"});
}

TEST_CASE_FIXTURE(provenance_fixture,
                  "down origins: a link that cannot be made has no address, or "
                  "has failed, and is no link that ended") {
  monitor(a1, b1, 1);
  CHECK_LINES(failed(node_b, errc::unresolvable),
              {"down a1 r1 b1 noconnection no_address 0",
               "connect_failed b unresolvable"});
  uint64_t number = 1;
  for (auto why : {errc::refused, errc::setup_timeout, errc::duplicate_name,
                   errc::wrong_name, errc::version_mismatch, errc::closed,
                   errc::shutdown}) {
    monitor(a1, b1, ++number);
    CHECK_LINES(
      failed(node_b, why),
      {"down a1 r" + std::to_string(number) + " b1 noconnection setup_failed 0",
       "connect_failed b " + std::string{to_string(why)}});
  }
}

TEST_CASE_FIXTURE(provenance_fixture,
                  "down origins: a link that ends is lost, unless its peer has "
                  "said goodbye, and each end has the next number") {
  uint64_t number = 0;
  for (auto cause :
       {down_cause::closed, down_cause::refused, down_cause::net_tick_timeout,
        down_cause::protocol_error, down_cause::restarted, down_cause::overload,
        down_cause::requested, down_cause::shutdown}) {
    auto count = ' ' + std::to_string(++number);
    CHECK_LINES(up(node_b), {"nodeup b 1"});
    monitor(a1, b1, number);
    auto origin = cause == down_cause::shutdown ? "shutdown" : "link_lost";
    std::string lost{"down a1 r"};
    lost.append(count, 1).append(" b1 noconnection ").append(origin);
    std::string event{"nodedown b "};
    event.append(to_string(cause));
    CHECK_LINES(down(node_b, cause), {lost + count, event + count});
  }
}

TEST_CASE_FIXTURE(provenance_fixture,
                  "down origins: a message without a route ends the link, with "
                  "a number like any other end") {
  up(node_b);
  monitor(a1, b1, 1);
  carrier.refuse(true);
  CHECK_LINES(monitor(a1, b2, 2), {"down a1 r1 b1 noconnection link_lost 1",
                                   "down a1 r2 b2 noconnection link_lost 1",
                                   "nodedown b closed 1"});
}

TEST_CASE_FIXTURE(sliced_provenance,
                  "down origins: all slices of a loss have one number, which "
                  "its nodedown has, too") {
  monitor_all(b1, 1, 3);
  CHECK_LINES(down(node_b, down_cause::shutdown),
              {"down a1 r1 b1 noconnection shutdown 1",
               "down a1 r2 b1 noconnection shutdown 1", "yield"});
  CHECK_LINES(resume(), {"down a1 r3 b1 noconnection shutdown 1",
                         "nodedown b shutdown 1"});
}

TEST_CASE_FIXTURE(sliced_provenance,
                  "down origins: what is decided between two slices of a loss "
                  "is no part of it") {
  monitor_all(b1, 1, 3);
  monitor(a1, a2, 4);
  down(node_b);
  CHECK_LINES(monitor(a2, proc(node_a, 9), 5),
              {"down a2 r5 a9 noproc noproc_here 0"});
  CHECK_LINES(exit(2, atom("boom")), {"down a1 r4 a2 boom exit 0"});
  CHECK_LINES(resume(), {"down a1 r3 b1 noconnection link_lost 1",
                         "nodedown b closed 1"});
}

TEST_CASE_FIXTURE(sliced_provenance,
                  "down origins: monitors that are made while a link is lost "
                  "are of the attempt that follows, or of the next loss") {
  monitor_all(b1, 1, 3);
  down(node_b);
  monitor(a1, b2, 4);
  CHECK_LINES(failed(node_b, errc::refused), {});
  CHECK_LINES(monitor(a1, b2, 5), {"open b"});
  CHECK_LINES(resume(), {"down a1 r3 b1 noconnection link_lost 1",
                         "nodedown b closed 1", "yield"});
  CHECK_LINES(resume(), {"down a1 r4 b2 noconnection setup_failed 0",
                         "connect_failed b refused"});
  up(node_b);
  CHECK_LINES(down(node_b), {"down a1 r5 b2 noconnection link_lost 2",
                             "nodedown b closed 2"});
}

TEST_CASE_FIXTURE(sliced_provenance,
                  "down origins: monitors that have not been sent are lost "
                  "with the link like the others") {
  monitor_all(c1, 1, 3);
  // Two have been sent.
  up(node_c);
  CHECK(x.has_waiting(node_c));
  CHECK_LINES(down(node_c, down_cause::shutdown),
              {"down a1 r1 c1 noconnection shutdown 1",
               "down a1 r2 c1 noconnection shutdown 1"});
  CHECK_LINES(resume(), {"down a1 r3 c1 noconnection shutdown 1",
                         "nodedown c shutdown 1"});
}

TEST_CASE_FIXTURE(sliced_provenance,
                  "down origins: losses are counted as they begin, and a small "
                  "one may end before a large one") {
  up(node_c);
  monitor_all(b1, 1, 5);
  monitor(a2, c1, 6);
  down(node_b);
  CHECK_LINES(down(node_c), {"down a2 r6 c1 noconnection link_lost 2",
                             "nodedown c closed 2"});
  CHECK_LINES(resume(), {"down a1 r3 b1 noconnection link_lost 1",
                         "down a1 r4 b1 noconnection link_lost 1", "yield"});
  CHECK_LINES(resume(), {"down a1 r5 b1 noconnection link_lost 1",
                         "nodedown b closed 1"});
}

TEST_CASE_FIXTURE(sliced_provenance,
                  "down origins: a link that comes up before the loss of the "
                  "last is told has a number of its own") {
  monitor_all(b1, 1, 3);
  down(node_b);
  CHECK_LINES(up(node_b, creation{2}),
              {"down a1 r3 b1 noconnection link_lost 1", "nodedown b closed 1",
               "nodeup b 2"});
  monitor(a1, proc(node_b, 1, creation{2}), 4);
  CHECK_LINES(down(node_b, down_cause::shutdown),
              {"down a1 r4 b1~2 noconnection shutdown 2",
               "nodedown b shutdown 2"});
}

TEST_CASE_FIXTURE(sliced_provenance,
                  "down origins: a node that stops tells of its own processes' "
                  "ends only") {
  for (uint64_t number = 1; number <= 5; ++number)
    monitor(a1, a2, number);
  monitor_all(b1, 6, 9);
  exit(2, atom("boom"));
  down(node_b);
  step(event::stop{});
  lines rest;
  for (auto i = 0; i < 4; ++i)
    for (auto& line : resume())
      if (line != "yield")
        rest.push_back(line);
  CHECK_LINES(rest, {"down a1 r5 a2 boom exit 0"});
}

// -- executor -----------------------------------------------------------------

namespace {

struct told_provenance : executor_fixture {
  explicit told_provenance(const control_limits& limits = {})
    : executor_fixture(limits) {
    processes.show_provenance = true;
  }
};

} // namespace

TEST_CASE("node executor: a runtime is told where each DOWN comes from, and "
          "the number of the loss before its nodedown") {
  told_provenance f{slices_of(2)};
  CHECK(f.monitor(f.a1, proc(node_a, 9)) == "r0");
  CHECK(f.monitor(f.a1, f.a3) == "r1");
  CHECK_LINES(f.take(), {"down a1 r0 a9 noproc noproc_here 0"});
  f.exit(3, "boom");
  CHECK_LINES(f.take(), {"down a1 r1 a3 boom exit 0"});
  f.say_hello(node_b);
  f.sessions[node_b].numbers.receiver = f.host.own_number;
  f.take();
  f.say_hello(node_b);
  CHECK_LINES(f.take(), {"note nodeup b 1", "nodeup b 0"});
  for (auto i = 0; i < 4; ++i)
    f.monitor(f.a1, f.b1);
  f.send(node_b, {monitor_p_exit{f.b1, f.a1, ref(2), exit_reason::noproc()}});
  f.take();
  f.close(node_b);
  CHECK_LINES(f.take(),
              {"resume later", "down a1 r3 b1 noconnection link_lost 1 | a1 r4 "
                               "b1 noconnection link_lost 1"});
  f.x.resume();
  CHECK_LINES(f.take(), {"down a1 r5 b1 noconnection link_lost 1",
                         "note nodedown b closed", "nodedown b 1"});
}

TEST_CASE("node executor: a peer's goodbye is told as such, the end of another "
          "link in the same moment is not") {
  told_provenance f;
  f.come_up(node_b);
  f.come_up(node_c);
  f.monitor(f.a1, f.b1);
  f.monitor(f.a1, f.c1);
  f.take();
  f.arrive(node_b, goodbye{f.numbers(node_b),
                           {down_cause::shutdown, errc::shutdown, {}}});
  f.close(node_c);
  auto told = f.take();
  told.erase(std::remove_if(told.begin(), told.end(),
                            [](const std::string& line) {
                              return line.substr(0, 4) != "down"
                                     && line.substr(0, 8) != "nodedown";
                            }),
             told.end());
  CHECK_LINES(told, {"down a1 r0 b1 noconnection shutdown 1", "nodedown b 1",
                     "down a1 r1 c1 noconnection link_lost 2", "nodedown c 2"});
}

TEST_CASE("node executor: an attempt that fails has an origin and no number") {
  told_provenance f;
  CHECK(f.monitor(f.a1, f.b1) == "r0");
  CHECK(f.monitor(f.a2, f.c1) == "r1");
  CHECK_LINES(f.take(), {"dial 1 b", "dial 2 c"});
  f.x.step(event::dial_failed{dial_id{1}, {errc::unresolvable, {}}});
  CHECK_LINES(f.take(), {"down a1 r0 b1 noconnection no_address 0",
                         "note connect_failed b unresolvable"});
  f.x.step(event::dial_failed{dial_id{2}, {errc::refused, {}}});
  CHECK_LINES(f.take(), {"down a2 r1 c1 noconnection setup_failed 0",
                         "note connect_failed c refused"});
}
