#include "tests/cluster/cluster.hpp"
#include "tools/demo/child_process.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace vigil;
using namespace vigil::test;

namespace {

/// Runs a command of the shell, whose `$0` is the command under test, where
/// /proc is empty; returns its status.
int run_without_proc(const std::string& command) {
  auto started = child_process::start(
    "/usr/bin/unshare",
    {"--mount", "sh", "-c", "mount -t tmpfs none /proc && " + command,
     VIGIL_COMMAND});
  if (!started)
    return -1;
  auto status
    = started->wait(child_process::clock::now() + node_client::patience);
  CAPTURE(started->errors());
  return status.value_or(-1);
}

} // namespace

TEST_CASE("the demo sees every DOWN that it expects") {
  auto result = run({"demo"});
  CAPTURE(result.output);
  CAPTURE(result.errors);
  CHECK(result.status == 0);
  CHECK(result.errors.empty());
  CHECK(result.output.find("WRONG") == std::string::npos);
  CHECK(result.output.find("wrong") == std::string::npos);
  CHECK(result.output.find("  total") != std::string::npos);
  // No terminal, no colours.
  CHECK(result.output.find('\x1b') == std::string::npos);
}

TEST_CASE("the demo runs where /proc is not mounted") {
  if (run_without_proc("true") != 0) {
    MESSAGE("SKIPPED: mount namespaces need root and unshare");
    return;
  }
  CHECK(run_without_proc("exec \"$0\" demo") == 0);
}
