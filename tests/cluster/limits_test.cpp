// What becomes of a node that the system gives too few threads, or too little
// memory: a sentence and a status.

#include "tests/cluster/cluster.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>
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

/// Lowers or raises a limit of a node that runs.
void limit_to(test_node& x, decltype(RLIMIT_AS) what, rlim_t most) {
  auto id = x.client().process().id();
  rlimit limit{};
  REQUIRE(prlimit(id, what, nullptr, &limit) == 0);
  limit.rlim_cur = most;
  REQUIRE(prlimit(id, what, &limit, nullptr) == 0);
}

/// Returns how many bytes of address space a node has.
rlim_t address_space(test_node& x) {
  std::ifstream in{"/proc/" + std::to_string(x.client().process().id())
                   + "/statm"};
  rlim_t pages = 0;
  in >> pages;
  REQUIRE(pages > 0);
  return pages * static_cast<rlim_t>(sysconf(_SC_PAGESIZE));
}

rlim_t count_threads(test_node& x) {
  std::filesystem::directory_iterator tasks{
    "/proc/" + std::to_string(x.client().process().id()) + "/task"};
  return static_cast<rlim_t>(std::distance(begin(tasks), end(tasks)));
}

/// Requires that a dial fails soon, for something of which there is no more.
void cannot_dial(test_node& x, test_node& peer, const std::string& address) {
  auto answer = x.client().ask("connect " + peer.name() + ' ' + address);
  CAPTURE(answer);
  CHECK(starts_with(answer, "error no_connection "));
  CHECK(answer.find("system_limit") != std::string::npos);
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

TEST_CASE("a node whose threads would have too small stacks says so") {
  auto served = false;
  // With less the program does not come so far.
  for (auto kibibytes = 64; kibibytes <= 512; kibibytes += 32) {
    CAPTURE(kibibytes);
    served = served_or_said_why(
      run_limited("--stack=" + std::to_string(kibibytes * 1024)));
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

TEST_CASE("a node that is ready has all the threads that it serves with") {
  test_node bravo{"bravo"};
  for (auto i = 0; i < 30; ++i) {
    test_node alpha{"alpha"};
    // Not enough for the stack of one more.
    constexpr rlim_t room = rlim_t{4} * 1024 * 1024;
    limit_to(alpha, RLIMIT_AS, address_space(alpha) + room);
    CHECK(alpha.ok("nodes").empty());
    cannot_dial(alpha, bravo, bravo.address());
    CHECK(alpha.quit().empty());
  }
}

TEST_CASE("a dial for which there are no descriptors fails, and the next works "
          "when there are some") {
  test_node bravo{"bravo"};
  test_node alpha{"alpha"};
  auto port = std::to_string(bravo.port());
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
  for (const auto& address : {bravo.address(), "localhost:" + port}) {
    limit_to(alpha, RLIMIT_NOFILE, 3);
    cannot_dial(alpha, bravo, address);
  }
  limit_to(alpha, RLIMIT_NOFILE, before.rlim_cur);
  alpha.connect(bravo);
  CHECK(alpha.quit().empty());
}

TEST_CASE("a dial for which there is no thread fails, and the next works when "
          "there is one") {
  if (!have_stranger())
    return;
  test_node bravo{"bravo"};
  test_node alpha{"alpha", {}, test_node::default_host, VIGIL_AS_STRANGER};
  auto by_name = "localhost:" + std::to_string(bravo.port());
  // For the dial, and none for the lookup.
  allow_threads(alpha, count_threads(alpha) + 1);
  cannot_dial(alpha, bravo, by_name);
  allow_threads(alpha, 1);
  cannot_dial(alpha, bravo, by_name);
  cannot_dial(alpha, bravo, bravo.address());
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
