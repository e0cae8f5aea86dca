#include "tests/cluster/cluster.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>

using namespace vigil;
using namespace vigil::test;

namespace {

/// A pid of the node's former life.
std::string former(const test_node& node) {
  return '<' + node.name() + ":1:1:0>";
}

const std::string foreign = "<other@127.0.0.1:1:2:3>";

const std::string some_ref = "#Ref<72057594037927936>";

std::string mailbox(test_node& node, const std::string& process) {
  return node.ok("downs " + process);
}

} // namespace

TEST_CASE("a node says who it is, first of all") {
  auto result = run({"node", "--name=solo@127.0.0.1"});
  CHECK(result.status == 0);
  CHECK(result.errors.empty());
  auto line = words(result.output);
  REQUIRE(line.size() == 4);
  CHECK(line[0] == "ready");
  CHECK(line[1] == "solo@127.0.0.1");
  CHECK(starts_with(line[2], "port="));
  CHECK(std::stoi(line[2].substr(5)) > 0);
  CHECK(starts_with(line[3], "creation="));
  CHECK(std::stoul(line[3].substr(9)) > 0);
}

TEST_CASE("processes are spawned, named, found and ended") {
  test_node node{"solo"};
  auto anonymous = node.ok("spawn");
  CHECK(
    starts_with(anonymous, "<solo@127.0.0.1:" + node.client().life() + ':'));
  auto db = node.ok("spawn db");
  CHECK(db != anonymous);
  CHECK(node.ok("whereis db") == db);
  CHECK(node.ok("whereis nobody") == "undefined");
  CHECK(node.error("spawn db") == "name_taken");
  CHECK(node.ok("whereis db") == db);

  CHECK(node.ok("register web " + anonymous).empty());
  CHECK(node.ok("whereis web") == anonymous);
  CHECK(node.error("register web " + db) == "name_taken");
  CHECK(node.error("register web2 " + anonymous) == "name_taken");
  CHECK(node.error("register web " + anonymous) == "name_taken");
  CHECK(node.ok("whereis web2") == "undefined");
  CHECK(node.error("register x " + former(node)) == "noproc");
  CHECK(node.error("register x " + foreign) == "not_local");

  CHECK(node.error("unregister nobody") == "not_registered");
  CHECK(node.ok("unregister web").empty());
  CHECK(node.ok("whereis web") == "undefined");
  CHECK(node.ok("register mail " + anonymous).empty());
  CHECK(node.ok("whereis mail") == anonymous);

  node.exit(db, "normal");
  CHECK(node.ok("whereis db") == "undefined");
  CHECK(node.error("exit " + db + " normal") == "noproc");
  CHECK(node.error("exit " + former(node) + " normal") == "noproc");
  CHECK(node.error("exit " + foreign + " normal") == "not_local");
  CHECK(node.ok("spawn db") != db);
  CHECK(node.quit().empty());
}

TEST_CASE("a process monitors others of its own node") {
  test_node node{"solo"};
  auto watcher = node.ok("spawn");
  auto db = node.ok("spawn db");
  auto by_pid = node.monitor(watcher, db);
  auto by_name = node.monitor(watcher, node.named("db"));
  CHECK(by_pid != by_name);
  CHECK(node.ok("monitors " + watcher) == db + ' ' + node.named("db"));
  CHECK(node.ok("monitored_by " + db) == watcher + ' ' + watcher);
  CHECK(node.ok("monitors " + db).empty());
  CHECK(node.ok("monitored_by " + watcher).empty());
  node.exit(db, "\"disk full\"");
  node.sees_down(watcher, by_pid, db, "\"disk full\"");
  node.sees_down(watcher, by_name, node.named("db"), "\"disk full\"");
  CHECK(node.ok("monitors " + watcher).empty());
  CHECK(node.quit().empty());
}

TEST_CASE("what is not there is noproc, at once") {
  test_node node{"solo"};
  auto watcher = node.ok("spawn");
  for (const auto& object : {former(node), node.named("nobody")}) {
    auto ref = node.monitor(watcher, object);
    node.sees_down(watcher, ref, object, "noproc");
  }
  CHECK(node.quit().empty());
}

TEST_CASE(
  "the line of a DOWN comes after the answer that names its reference") {
  test_node node{"solo"};
  auto watcher = node.ok("spawn");
  // Whoever answers and whoever delivers are different threads.
  for (int i = 0; i < 500; ++i) {
    node.send(join({"monitor", watcher, node.named("nobody")}));
    auto answer = node.client().answer();
    REQUIRE(answer);
    auto down = node.client().take_event(
      [&](const auto& line) { return starts_with(line, "down " + watcher); });
    REQUIRE(down);
    REQUIRE(words(answer->text)[1] == words(down->text)[2]);
    REQUIRE(answer->at <= down->at);
  }
}

TEST_CASE("monitoring oneself is granted and creates nothing") {
  test_node node{"solo"};
  auto self = node.ok("spawn me");
  auto by_pid = node.monitor(self, self);
  auto by_name = node.monitor(self, node.named("me"));
  CHECK(starts_with(by_pid, "#Ref<"));
  CHECK(by_pid != by_name);
  CHECK(node.ok("monitors " + self).empty());
  CHECK(node.ok("monitored_by " + self).empty());
  CHECK(node.ok("demonitor " + self + ' ' + by_pid + " info") == "false");
  node.exit(self, "killed");
  CHECK(node.quit().empty());
}

TEST_CASE("a watcher must be a live process of this node") {
  test_node node{"solo"};
  auto live = node.ok("spawn");
  auto dead = node.ok("spawn");
  node.exit(dead, "normal");
  CHECK(node.error("monitor " + dead + ' ' + live) == "noproc");
  CHECK(node.error("monitor " + former(node) + ' ' + live) == "noproc");
  CHECK(node.error("monitor " + foreign + ' ' + live) == "not_local");
  CHECK(node.error("demonitor " + dead + ' ' + some_ref) == "noproc");
  CHECK(node.error("demonitor " + foreign + ' ' + some_ref) == "not_local");
  for (const std::string command : {"monitors", "monitored_by", "downs"}) {
    CHECK(node.error(join({command, dead})) == "noproc");
    CHECK(node.error(join({command, foreign})) == "not_local");
  }
  CHECK(node.ok("monitored_by " + live).empty());
  CHECK(node.counter("outbound") == 0);
}

TEST_CASE("demonitor tells, with info, whether the monitor was live") {
  test_node node{"solo"};
  auto watcher = node.ok("spawn");
  auto other = node.ok("spawn");
  auto db = node.ok("spawn");
  auto watch = [&] { return node.monitor(watcher, db); };
  auto base = "demonitor " + watcher + ' ';
  auto ref = watch();
  // Only the watcher may.
  CHECK(node.ok("demonitor " + other + ' ' + ref + " info") == "false");
  CHECK(node.ok("monitors " + watcher) == db);
  CHECK(node.ok(base + ref + " info") == "true");
  CHECK(node.ok(base + ref + " info") == "false");
  CHECK(node.ok(base + ref) == "true");
  CHECK(node.ok(base + watch()) == "true");
  CHECK(node.ok(base + watch() + " flush") == "true");
  CHECK(node.ok(base + watch() + " info flush") == "true");
  CHECK(node.ok(base + some_ref + " info") == "false");
  CHECK(node.ok("monitors " + watcher).empty());
  node.exit(db, "normal");
  CHECK(node.quit().empty());
}

TEST_CASE("flush removes just its DOWN from the mailbox") {
  test_node node{"solo"};
  auto watcher = node.ok("spawn");
  auto db = node.ok("spawn");
  std::vector<std::string> refs(3);
  for (auto& ref : refs)
    ref = node.monitor(watcher, db);
  node.exit(db, "oops");
  for (const auto& ref : refs)
    node.sees_down(watcher, ref, db, "oops");
  auto base = "demonitor " + watcher + ' ';
  CHECK(node.ok(base + refs[0] + " info") == "false");
  CHECK(node.ok(base + refs[1] + " flush info") == "false");
  auto left = words(mailbox(node, watcher));
  std::sort(left.begin(), left.end());
  CHECK(
    left
    == std::vector{refs[0] + '/' + db + "/oops", refs[2] + '/' + db + "/oops"});
  CHECK(mailbox(node, watcher).empty());
}

TEST_CASE("downs puts an entry that holds a blank in quotes") {
  test_node node{"solo"};
  auto watcher = node.ok("spawn");
  auto entry = [&](const std::string& reason) {
    auto db = node.ok("spawn");
    auto ref = node.monitor(watcher, db);
    node.exit(db, reason);
    node.sees_down(watcher, ref, db, reason);
    auto text = mailbox(node, watcher);
    auto prefix = ref + '/' + db + '/';
    auto quoted = starts_with(text, "\"");
    if (quoted)
      prefix.insert(0, 1, '"');
    REQUIRE(starts_with(text, prefix));
    return text.substr(prefix.size());
  };
  CHECK(entry("normal") == "normal");
  CHECK(entry("Alles gut") == "Alles gut\"");
  CHECK(entry("\"disk\"") == "\"disk\"");
  CHECK(entry("\"disk full\"") == "\\\"disk full\\\"\"");
  CHECK(entry("\"a \\\"b\\\"\"") == "\\\"a \\\\\\\"b\\\\\\\"\\\"\"");
  CHECK(entry("\"two\\nlines here\"") == "\\\"two\\\\nlines here\\\"\"");
}

TEST_CASE("the mailbox goes with its process, and so do its monitors") {
  test_node node{"solo"};
  auto watcher = node.ok("spawn watcher");
  auto db = node.ok("spawn");
  auto ref = node.monitor(watcher, node.named("nobody"));
  node.sees_down(watcher, ref, node.named("nobody"), "noproc");
  node.monitor(watcher, db);
  node.exit(watcher, "normal");
  CHECK(node.ok("monitored_by " + db).empty());
  CHECK(node.error("downs " + watcher) == "noproc");
  CHECK(mailbox(node, node.ok("spawn watcher")).empty());
  node.exit(db, "normal");
  node.await_counter("outbound", 0);
  CHECK(node.quit().empty());
}

TEST_CASE("a wrong command gets one error and changes nothing") {
  test_node node{"solo"};
  auto db = node.ok("spawn db");
  for (const std::string line : {"fly",
                                 "spawn a b",
                                 "spawn a.b",
                                 "exit",
                                 "exit x normal",
                                 "register db",
                                 "unregister",
                                 "whereis",
                                 "connect",
                                 "connect here",
                                 "connect b@h 1:2:3",
                                 "disconnect b",
                                 "monitor a b",
                                 "demonitor a b",
                                 "monitors",
                                 "monitored_by db",
                                 "nodes all",
                                 "stats x",
                                 "downs",
                                 "quit now"}) {
    CAPTURE(line);
    auto name = node.error(line);
    CHECK(name == (line == "fly" ? "unknown_command" : "bad_argument"));
  }
  CHECK(node.error("exit " + db) == "bad_argument");
  CHECK(node.error("exit " + db + " {a,tuple}") == "bad_argument");
  CHECK(node.error("exit " + db + " \"half") == "bad_argument");
  CHECK(node.error("exit " + db + " \xff") == "bad_argument");
  CHECK(node.error("whereis d"s + '\0' + 'b') == "bad_argument");
  CHECK(node.error("demonitor " + db + " #Ref<12> info") == "bad_argument");
  CHECK(node.error("demonitor " + db + ' ' + some_ref + " now")
        == "bad_argument");
  CHECK(node.error(std::string(3000000, 'x')) == "bad_argument");
  CHECK(node.ok("whereis db") == db);
  CHECK(node.ok("nodes").empty());
  CHECK(node.counter("outbound") == 0);
  CHECK(node.quit().empty());
}

TEST_CASE("empty lines are ignored and a carriage return belongs to the end") {
  auto result = run({"node", "--name=solo@127.0.0.1"},
                    "\n  \n\r\nnodes\r\n\nwhereis x\r\nquit\r\nnodes\n");
  CHECK(result.status == 0);
  auto end = result.output.find('\n');
  CHECK(result.output.substr(end + 1) == "ok\nok undefined\nok\n");
}

TEST_CASE("the end of the input is quit, also amidst a line") {
  auto result = run({"node", "--name=solo@127.0.0.1"}, "nodes\nwhereis x");
  CHECK(result.status == 0);
  auto end = result.output.find('\n');
  CHECK(result.output.substr(end + 1) == "ok\nok undefined\n");
}

TEST_CASE("a reason of a mebibyte and an atom of 255 characters pass") {
  test_node node{"solo"};
  auto watcher = node.ok("spawn");
  for (const auto& reason :
       {'"' + std::string(1000000, 'x') + '"', std::string(255, 'a')}) {
    auto db = node.ok("spawn");
    auto ref = node.monitor(watcher, db);
    node.exit(db, reason);
    node.sees_down(watcher, ref, db, reason);
  }
  auto db = node.ok("spawn");
  auto ref = node.monitor(watcher, db);
  node.ok("exit " + db + " \"" + std::string(1100000, 'x') + '"');
  node.sees_down(watcher, ref, db, "system_limit");
  CHECK(node.error("exit " + watcher + ' ' + std::string(256, 'a'))
        == "bad_argument");
}

TEST_CASE("stats are pairs of a name and a number") {
  test_node node{"solo"};
  auto pairs = words(node.ok("stats"));
  CHECK(pairs.size() > 5);
  for (const auto& pair : pairs) {
    auto equals = pair.find('=');
    REQUIRE(equals != std::string::npos);
    CHECK(equals > 0);
    auto value = pair.substr(equals + 1);
    CHECK_FALSE(value.empty());
    CHECK(std::all_of(value.begin(), value.end(),
                      [](unsigned char c) { return std::isdigit(c) != 0; }));
  }
  for (const auto* name : {"outbound", "inbound", "sent", "received"})
    CHECK(node.counter(name) == 0);
}

TEST_CASE("commands can be given without waiting for their answers") {
  test_node node{"solo"};
  for (int i = 0; i < 2000; ++i)
    node.send("spawn p" + std::to_string(i));
  for (int i = 0; i < 2000; ++i)
    node.send("whereis p" + std::to_string(i));
  std::vector<std::string> pids(2000);
  for (auto& pid : pids)
    pid = node.next_ok();
  for (const auto& pid : pids)
    REQUIRE(node.next_ok() == pid);
}
