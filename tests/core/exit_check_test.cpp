// Ends that a runtime reports wrongly: noticed, told, and harmless to others.

#include "src/node/exit_check.hpp"
#include "tests/core/executor_fixture.hpp"

using namespace vigil;
using namespace vigil::test;

namespace {

/// Reports an end from a thread, and lets the executor get to it.
void report(executor_fixture& f, const pid& process) {
  CHECK(f.threads.process_exited(process, atom("boom")) == errc::none);
  f.x.on_requests();
}

/// Reports an end as an actor does; returns the answer.
std::string ask(executor_fixture& f, const pid& process) {
  std::string answer{"waits"};
  f.x.process_exited({process, atom("boom")},
                     completion<unit>{[&](const result<unit>& x) {
                       answer = x ? "ok" : to_string(x.failure());
                     }});
  return answer;
}

} // namespace

TEST_CASE("wrong ends: a second report is told with the pid, and changes "
          "nothing") {
  executor_fixture f;
  f.monitor(f.a1, f.a2);
  f.take();
  f.processes.processes.end(2);
  report(f, f.a2);
  CHECK_LINES(f.take(), {"down a1 r0 a2 boom"});
  report(f, f.a2);
  CHECK_LINES(f.take(), {"note exit_twice a2 1"});
}

TEST_CASE("wrong ends: a process that is still alive is told with its pid, "
          "and its watchers get their DOWN") {
  executor_fixture f;
  f.monitor(f.a1, f.a2);
  f.take();
  report(f, f.a2);
  CHECK_LINES(f.take(), {"note exit_alive a2 1", "down a1 r0 a2 boom"});
}

TEST_CASE("wrong ends: many are told at each power of two") {
  executor_fixture f;
  for (auto i = 0; i < 9; ++i)
    report(f, f.a2);
  CHECK_LINES(f.take(), {"note exit_alive a2 1", "note exit_twice a2 2",
                         "note exit_twice a2 4", "note exit_twice a2 8"});
}

TEST_CASE("wrong ends: processes that share a place are not mistaken for each "
          "other, at most forgotten") {
  exit_check checks;
  processes_stub processes{node_a};
  auto first = proc(node_a, 7);
  auto other = proc(node_a, 7 + 4096);
  CHECK(checks.look(first, processes) == exit_check::fault::none);
  CHECK(checks.look(other, processes) == exit_check::fault::none);
  CHECK(checks.look(first, processes) == exit_check::fault::none);
  CHECK(checks.look(first, processes) == exit_check::fault::twice);
  CHECK(checks.num_faults() == 1);
}

TEST_CASE("wrong ends: after a thousand good ones, one in 64 is looked at") {
  exit_check checks;
  processes_stub processes{node_a};
  uint32_t number = 0;
  for (; number < 1024; ++number)
    CHECK(checks.look(proc(node_a, number + 1), processes)
          == exit_check::fault::none);
  for (auto last = number + 640; number < last; ++number) {
    processes.spawn(number + 1);
    checks.look(proc(node_a, number + 1), processes);
  }
  CHECK(checks.num_faults() == 10);
}

TEST_CASE("wrong ends: an actor that reports one is told why, and nothing is "
          "applied") {
  executor_fixture f;
  f.monitor(f.a1, f.a2);
  f.take();
  CHECK(ask(f, f.b1) == to_string(error{errc::not_local, to_string(f.b1)}));
  auto former = proc(node_a, 2, creation{99});
  CHECK(ask(f, former) == to_string(error{errc::noproc, to_string(former)}));
  auto none = proc(node_a, 0);
  CHECK(ask(f, none) == to_string(error{errc::noproc, to_string(none)}));
  CHECK(ask(f, f.a2)
        == to_string(error{errc::bad_argument,
                           to_string(f.a2)
                             + " is alive: a process is made invisible before "
                               "its end is reported"}));
  CHECK(f.take().empty());
  f.processes.processes.end(2);
  CHECK(ask(f, f.a2) == "ok");
  CHECK_LINES(f.take(), {"down a1 r0 a2 boom"});
  CHECK(ask(f, f.a2)
        == to_string(error{errc::noproc,
                           "the end of " + to_string(f.a2) + " was reported"}));
  CHECK_LINES(f.take(), {"note exit_twice a2 1"});
}

TEST_CASE("wrong ends: a thread is told at once of a process of another node "
          "or life") {
  executor_fixture f;
  CHECK(f.threads.process_exited(f.b1, atom("boom")) == errc::not_local);
  CHECK(f.threads.process_exited(proc(node_a, 2, creation{99}), atom("boom"))
        == errc::noproc);
  CHECK(f.threads.process_exited(proc(node_a, 0), atom("boom"))
        == errc::noproc);
}
