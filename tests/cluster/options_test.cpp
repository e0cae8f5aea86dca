#include "tests/cluster/cluster.hpp"
#include "tools/demo/child_process.hpp"
#include "tools/descriptor.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

using namespace vigil;
using namespace vigil::test;

namespace {

/// A configuration file that is removed in the end.
class temporary_file {
public:
  explicit temporary_file(const std::string& content) {
    char path[] = "/tmp/vigil-test-XXXXXX";
    auto fd = mkstemp(path);
    REQUIRE(fd >= 0);
    close(fd);
    path_ = path;
    std::ofstream{path_} << content;
  }

  ~temporary_file() {
    unlink(path_.c_str());
  }

  temporary_file(const temporary_file&) = delete;

  temporary_file& operator=(const temporary_file&) = delete;

  const std::string& path() const {
    return path_;
  }

  std::string option() const {
    return "--config-file=" + path_;
  }

private:
  std::string path_;
};

/// Requires that a run ends with this status after exactly one line
/// `error NAME sentence`, and returns that line.
std::string fails(const std::vector<std::string>& arguments, int status,
                  const std::string& name) {
  auto result = run(arguments);
  std::string all;
  for (const auto& argument : arguments)
    all += argument + ' ';
  CAPTURE(all);
  CAPTURE(result.errors);
  CHECK(result.status == status);
  CHECK(result.output.empty());
  CHECK(starts_with(result.errors, "error " + name + ' '));
  CHECK(result.errors.find('\n') == result.errors.size() - 1);
  return result.errors;
}

/// Requires that a node refuses its options.
std::string refuses(std::vector<std::string> options) {
  options.insert(options.begin(), "node");
  return fails(options, 2, "bad_option");
}

/// Requires that a node refuses a configuration file.
std::string refuses_file(const std::string& content) {
  temporary_file file{content};
  return refuses({"--name=solo@127.0.0.1", file.option()});
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("a subcommand or option that does not exist is refused") {
  fails({}, 2, "unknown_command");
  fails({"fly"}, 2, "unknown_command");
  fails({""}, 2, "unknown_command");
  fails({"--fly"}, 2, "bad_option");
  fails({"--version", "x"}, 2, "bad_option");
  fails({"help", "fly"}, 2, "unknown_command");
  fails({"help", "node", "demo"}, 2, "bad_option");
  fails({"demo", "fast"}, 2, "bad_option");
  fails({"demo", "--fast"}, 2, "bad_option");
}

TEST_CASE("help and version go to standard output") {
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"help"},
                                             {"--help"},
                                             {"-h"},
                                             {"help", "node"},
                                             {"help", "demo"},
                                             {"node", "--help"},
                                             {"demo", "-h"}}) {
    auto result = run(arguments);
    CHECK(result.status == 0);
    CHECK(result.errors.empty());
    CHECK(contains(result.output, "usage: vigil"));
  }
  CHECK(contains(run({"help", "node"}).output, "--net-ticktime"));
  CHECK(run({"--version"}).output == "vigil " VIGIL_VERSION "\n");
  auto all = run({"node", "--long-help"});
  CHECK(all.status == 0);
  CHECK(all.errors.empty());
  CHECK(contains(all.output, "--config-file="));
  // Of the framework's own words these are not true of a node.
  CHECK_FALSE(contains(all.output, "caf-application.ini"));
  CHECK_FALSE(contains(all.output, "STDERR"));
}

TEST_CASE("a wrong option of a node gets one clear error") {
  const std::string name = "--name=solo@127.0.0.1";
  CHECK(contains(refuses({}), "--name"));
  CHECK(contains(refuses({"--name=solo"}), "'solo'"));
  refuses({"--name="});
  refuses({"--name=a@b@c"});
  refuses({"--name=sol o@h"});
  refuses({"--name"});
  refuses({"--name", "solo@127.0.0.1"});
  CHECK(contains(refuses({name, "--fly=1"}), "--fly"));
  CHECK(contains(refuses({name, "fly"}), "'fly'"));
  refuses({name, "-x"});
  refuses({name, "--", "fly"});
  CHECK(contains(refuses({name, "--listen=65536"}), "--listen"));
  refuses({name, "--listen=-1"});
  refuses({name, "--listen=http"});
  refuses({name, "--listen="});
  refuses({name, "--bind="});
  CHECK(contains(refuses({name, "--net-ticktime=1"}), "--net-ticktime"));
  refuses({name, "--net-ticktime=1.5s"});
  refuses({name, "--net-ticktime=soon"});
  CHECK(contains(refuses({name, "--net-ticktime=399ms"}), "net-ticktime"));
  refuses({name, "--net-ticktime=-2s"});
  refuses({name, "--net-ticktime=0s"});
  CHECK(contains(refuses({name, "--net-setuptime=99ms"}), "net-setuptime"));
  CHECK(contains(refuses({name, "--peer=bravo"}), "'bravo'"));
  refuses({name, "--peer=bravo@h"});
  refuses({name, "--peer=bravo@h:0"});
  refuses({name, "--peer=bravo@h:65536"});
  refuses({name, "--peer=bravo@h:1:2"});
  refuses({name, "--peer="});
  refuses({name, "--peer=a@h:1", "--peer=nobody"});
  CHECK(contains(refuses({name, "--show-origins=no"}), "--show-origins"));
  refuses({name, "--config-file="});
  refuses({name, "--config-file"});
  CHECK(
    contains(refuses({name, "--config-file=/no/such/file"}), "/no/such/file"));
  refuses({name, "--config-file=/"});
  CHECK(contains(refuses({name, "--config-file=/dev/zero"}), "/dev/zero"));
}

TEST_CASE("a node that waits for its options ends when it is told to") {
  temporary_file file{""};
  auto path = file.path().c_str();
  unlink(path);
  REQUIRE(mkfifo(path, S_IRUSR | S_IWUSR) == 0);
  auto started = child_process::start(VIGIL_COMMAND, {"node", file.option()});
  REQUIRE(started);
  // Returns once the node has opened it, too.
  descriptor writer{open(path, O_WRONLY | O_CLOEXEC)};
  REQUIRE(writer.get() >= 0);
  started->signal(SIGTERM);
  CHECK(started->wait(child_process::clock::now() + node_client::patience)
        == 128 + SIGTERM);
}

TEST_CASE("a node that cannot start says why") {
  test_node first{"first"};
  auto port = std::to_string(first.port());
  CHECK(contains(fails({"node", "--name=second@127.0.0.1", "--listen=" + port},
                       1, "address_in_use"),
                 port));
  CHECK(contains(fails({"node", "--name=second@127.0.0.1", "--bind=1.2.3.4"}, 1,
                       "bad_address"),
                 "1.2.3.4"));
  fails({"node", "--name=second@127.0.0.1", "--bind=no address"}, 1,
        "bad_address");
  CHECK(first.ok("nodes").empty());
}

TEST_CASE("options come from a file, and the command line wins") {
  test_node bravo{"bravo"};
  test_node charlie{"charlie"};
  temporary_file file{"; a comment\n"
                      "name = \"file@127.0.0.1\"\n"
                      "listen = 0\n"
                      "peer = [\"bravo@127.0.0.1:"
                      + std::to_string(bravo.port())
                      + "\", \"charlie@127.0.0.1:"
                      + std::to_string(charlie.port())
                      + "\"]\n"
                        "net-ticktime = 2s\n"
                        "net-setuptime = 500ms\n"
                        "[scheduler]\n"
                        "max-threads = 1\n"};
  auto started = node_client::start(VIGIL_COMMAND, {file.option()});
  REQUIRE(started);
  CHECK((*started)->name() == "file@127.0.0.1");
  CHECK((*started)->ask("connect bravo@127.0.0.1") == "ok");
  CHECK((*started)->ask("connect charlie@127.0.0.1") == "ok");

  test_node line{"line", {file.option()}};
  CHECK(line.name() == "line@127.0.0.1");
  CHECK(line.ok("connect bravo@127.0.0.1").empty());
}

TEST_CASE("a file can ask for origins, and can leave them") {
  for (const std::string wanted : {"true", "false"}) {
    CAPTURE(wanted);
    temporary_file file{"show-origins = " + wanted + '\n'};
    test_node solo{"solo", {file.option()}};
    auto watcher = solo.ok("spawn");
    auto ref = solo.monitor(watcher, solo.named("nobody"));
    std::string rest = wanted == "true" ? "noproc origin=noproc_here loss=0"
                                        : "noproc";
    solo.sees_down(watcher, ref, solo.named("nobody"), rest);
    CHECK(solo.quit().empty());
  }
}

TEST_CASE("the global group of a file is the same as none") {
  temporary_file file{"[global]\nname = \"file@127.0.0.1\"\nlisten = 0\n"};
  auto started = node_client::start(VIGIL_COMMAND, {file.option()});
  REQUIRE(started);
  CHECK((*started)->name() == "file@127.0.0.1");
}

TEST_CASE("a wrong option in a file gets one clear error") {
  CHECK(contains(refuses_file("fly = 1\n"), "fly"));
  CHECK(contains(refuses_file("[fly]\nhigh = 1\n"), "fly.high"));
  CHECK(contains(refuses_file("[scheduler]\nmax-thread = 1\n"),
                 "scheduler.max-thread"));
  CHECK(contains(refuses_file("listen = 65536\n"), "listen"));
  CHECK(contains(refuses_file("listen = \"any\"\n"), "listen"));
  CHECK(contains(refuses_file("net-ticktime = 8\n"), "net-ticktime"));
  CHECK(contains(refuses_file("net-ticktime = 10ms\n"), "net-ticktime"));
  CHECK(contains(refuses_file("peer = [1, 2]\n"), "peer"));
  CHECK(contains(refuses_file("help = true\n"), "help"));
  CHECK(contains(refuses_file("long-help = true\n"), "long-help"));
  CHECK(contains(refuses_file("config-file = \"x\"\n"), "config-file"));
  CHECK(contains(refuses_file("peer = [\"nobody\"]\n"), "nobody"));
  CHECK(contains(refuses_file("name = 1\n"), "name"));
  CHECK(contains(refuses_file("listen = 0\nname = what\n"), "line 2"));
  CHECK(contains(refuses_file("show-origins = 1\n"), "show-origins"));
  refuses_file("[open\n");
  refuses_file(std::string(100, '\0'));
}

TEST_CASE("every peer that is given is known") {
  test_node bravo{"bravo"};
  test_node charlie{"charlie"};
  test_node delta{"delta"};
  auto peer = [](const test_node& x) {
    return x.name() + ':' + std::to_string(x.port());
  };
  test_node alpha{"alpha",
                  {"--peer=" + peer(bravo), "--peer=[\"" + peer(charlie)
                                              + "\",\"" + peer(delta) + "\"]"}};
  for (auto* node : {&bravo, &charlie, &delta})
    CHECK(alpha.ok("connect " + node->name()).empty());
  CHECK(alpha.ok("nodes")
        == "bravo@127.0.0.1 charlie@127.0.0.1 delta@127.0.0.1");
}
