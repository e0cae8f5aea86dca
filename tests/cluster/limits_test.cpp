// What becomes of a node that the system gives too few threads, or too little
// memory: a sentence and a status.

#include "tests/cluster/cluster.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <sys/resource.h>
#include <thread>
#include <vector>

using namespace vigil;
using namespace vigil::test;

namespace {

/// Runs a node that is to quit at once under a limit, by way of `prlimit`;
/// `before` is what precedes that.
outcome run_limited(const std::string& limit,
                    std::vector<std::string> before = {}) {
  before.insert(before.end(), {"/usr/bin/prlimit", limit, VIGIL_COMMAND, "node",
                               "--name=solo@127.0.0.1"});
  auto program = before.front();
  before.erase(before.begin());
  return run(before, "quit\n", program);
}

bool is_one_line(const std::string& text) {
  return std::count(text.begin(), text.end(), '\n') == 1;
}

/// Requires that a node served, or said in one sentence why it cannot; returns
/// whether it served.
bool served_or_said_why(const outcome& x) {
  CAPTURE(x.errors);
  if (x.status == 0) {
    CHECK(x.output.find("\nok\n") != std::string::npos);
    return true;
  }
  // Not even loaded.
  if (x.status == 127)
    return false;
  CHECK(x.status == 1);
  CHECK(starts_with(x.errors, "error system_limit "));
  CHECK(is_one_line(x.errors));
  CHECK(x.output.empty());
  return false;
}

/// Returns whether a node can be another user's; says so if not.
bool have_stranger() {
  if (run({"--version"}, {}, VIGIL_AS_STRANGER).status == 0)
    return true;
  MESSAGE("SKIPPED: to be another user takes root, and a build folder that "
          "others may enter");
  return false;
}

/// Sets how many threads a node of the stranger's may have. Done by the
/// stranger, for whom that needs no right.
void allow_threads(test_node& x, rlim_t most) {
  auto limit = most == RLIM_INFINITY ? "unlimited" : std::to_string(most);
  auto result = run({"--reuid=54321", "--regid=54321", "--clear-groups",
                     "/usr/bin/prlimit", "--nproc=" + limit + ':',
                     "--pid=" + std::to_string(x.client().process().id())},
                    {}, "/usr/bin/setpriv");
  INFO(result.errors);
  REQUIRE(result.status == 0);
}

} // namespace

TEST_CASE("a node that has too little address space says so, however little "
          "that is") {
  auto served = false;
  for (auto mebibytes = 8; mebibytes <= 320; mebibytes += 8) {
    CAPTURE(mebibytes);
    served = served_or_said_why(
      run_limited("--as=" + std::to_string(mebibytes * 1024 * 1024)));
  }
  CHECK(served);
}

TEST_CASE("a node that may open too few files says so, however few that are") {
  auto served = false;
  for (auto files = 4; files <= 32; ++files) {
    CAPTURE(files);
    served
      = served_or_said_why(run_limited("--nofile=" + std::to_string(files)));
  }
  CHECK(served);
}

TEST_CASE("a node that may have too few threads says so, however few that "
          "are") {
  if (!have_stranger())
    return;
  auto served = false;
  for (auto threads = 1; threads <= 24; ++threads) {
    CAPTURE(threads);
    served
      = served_or_said_why(run_limited("--nproc=" + std::to_string(threads),
                                       {"/usr/bin/setpriv", "--reuid=54321",
                                        "--regid=54321", "--clear-groups"}));
  }
  // As many as the machine has processors to serve take more.
  CHECK((served || std::thread::hardware_concurrency() > 12));
}

TEST_CASE("a dial for which there is no thread fails, and the next works when "
          "there is one") {
  if (!have_stranger())
    return;
  test_node bravo{"bravo"};
  test_node alpha{"alpha", {}, test_node::default_host, VIGIL_AS_STRANGER};
  allow_threads(alpha, 1);
  CHECK(alpha.error("connect " + bravo.name() + ' ' + bravo.address())
        == "no_connection");
  auto watcher = alpha.ok("spawn");
  auto ref = alpha.request_monitor(watcher, bravo.named("db"));
  alpha.sees_down(watcher, ref, bravo.named("db"), "noconnection");
  // As many as this program, from which the node has its limits.
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_NPROC, &before) == 0);
  allow_threads(alpha, before.rlim_cur);
  alpha.connect(bravo);
  CHECK(alpha.quit().empty());
}
