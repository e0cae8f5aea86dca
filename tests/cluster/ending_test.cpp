#include "tests/cluster/cluster.hpp"
#include "tests/cluster/tcp.hpp"

#include "tools/demo/child_process.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <fcntl.h>
#include <unistd.h>

using namespace vigil;
using namespace vigil::test;

TEST_CASE("SIGINT and SIGTERM end a node in good order") {
  for (auto number : {SIGINT, SIGTERM}) {
    test_node bravo{"bravo"};
    test_node alpha{"alpha"};
    alpha.connect(bravo);
    bravo.client().process().signal(number);
    CHECK(bravo.client().wait_end() == 0);
    alpha.sees("nodedown bravo@127.0.0.1 shutdown");
  }
}

TEST_CASE("a signal does not wait for a command that waits") {
  test_node node{"solo", {"--net-setuptime=1h"}};
  tcp_listener mute;
  node.send("connect nobody@127.0.0.1 " + mute.address());
  node.send("nodes");
  // The command has begun once the node is dialling.
  auto caller = mute.accept();
  node.client().process().signal(SIGTERM);
  CHECK(node.client().wait_end() == 0);
}

TEST_CASE("a reader who closes the output ends the node in good order") {
  test_node alpha{"alpha"};
  auto started = child_process::start(
    VIGIL_COMMAND, {"node", "--name=bravo@127.0.0.1",
                    "--peer=alpha@127.0.0.1:" + std::to_string(alpha.port())});
  REQUIRE(started);
  auto& bravo = *started;
  auto command = "connect alpha@127.0.0.1\n"s;
  REQUIRE(write(bravo.input(), command.data(), command.size()) > 0);
  alpha.sees("nodeup bravo@127.0.0.1");
  bravo.close_output();
  alpha.sees("nodedown bravo@127.0.0.1 shutdown");
  CHECK(bravo.wait(child_process::clock::now() + 10s) == 0);
}

TEST_CASE("a reader who does not read does not stop a node from watching") {
  test_node alpha{"alpha"};
  auto watcher = alpha.ok("spawn");
  auto started = child_process::start(
    VIGIL_COMMAND, {"node", "--name=bravo@127.0.0.1",
                    "--peer=alpha@127.0.0.1:" + std::to_string(alpha.port())});
  REQUIRE(started);
  auto& bravo = *started;
  fcntl(bravo.input(), F_SETFL, 0);
  std::string commands = "spawn db\n";
  // Answers of far more than a pipe holds.
  for (int i = 0; i < 20000; ++i)
    commands += "whereis db\n";
  commands += "connect alpha@127.0.0.1\n";
  REQUIRE(write(bravo.input(), commands.data(), commands.size())
          == static_cast<ssize_t>(commands.size()));
  alpha.sees("nodeup bravo@127.0.0.1");
  auto ref = alpha.monitor(watcher, "{db,bravo@127.0.0.1}");
  alpha.await_counter("outbound", 1);
  // It cannot write its last lines and yet it ends.
  bravo.close_input();
  alpha.sees_down(watcher, ref, "{db,bravo@127.0.0.1}", "noconnection");
  CHECK(bravo.wait(child_process::clock::now() + 10s) == 0);
}
