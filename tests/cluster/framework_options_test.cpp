// Options of the actor framework: with each that a node takes it works and
// ends, and every other is refused.

#include "tests/cluster/cluster.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/config_option_set.hpp>
#include <caf/io/middleman.hpp>

#include <doctest/doctest.h>

#include <csignal>
#include <map>
#include <string>
#include <vector>

using namespace vigil;
using namespace vigil::test;

namespace {

/// What the framework has, in whichever version.
class all_options : public caf::actor_system_config {
public:
  all_options() {
    load<caf::io::middleman>();
  }

  /// Returns the names as they are written on a command line.
  std::vector<std::string> names() const {
    std::vector<std::string> result;
    for (const auto& x : custom_options_) {
      auto text = [](caf::string_view part) {
        return std::string{part.data(), part.size()};
      };
      auto category = text(x.category());
      result.push_back("--" + (category == "global" ? "" : category + '.')
                       + text(x.long_name()));
    }
    return result;
  }
};

struct values {
  std::vector<std::string> good;
  std::vector<std::string> bad;
};

/// The framework holds no number beyond half of this, and takes it for none.
const std::string huge = "18446744073709551615";

/// All that a node takes. An empty value means an option without one.
const std::map<std::string, values> taken{
  {"--scheduler.policy",
   {{"sharing", "stealing"}, {"testing", "nonsense", "1"}}},
  {"--scheduler.max-threads", {{"1", "3"}, {"0", "1025", "-1", "many", huge}}},
  {"--scheduler.max-throughput", {{"1", "100"}, {"0", "-1", huge}}},
  {"--middleman.app-identifiers", {{"[\"generic-caf-app\"]"}, {"[]"}}},
  {"--middleman.max-consecutive-reads", {{"1", "1000"}, {"0", huge}}},
  {"--middleman.attach-utility-actors", {{""}, {}}},
  {"--middleman.workers", {{"0", "3"}, {"1025", "-1", huge}}},
  {"--work-stealing.aggressive-poll-attempts", {{"0", "1"}, {"-1", huge}}},
  {"--work-stealing.aggressive-steal-interval", {{"1", "1000"}, {"0", huge}}},
  {"--work-stealing.moderate-poll-attempts", {{"0", "1"}, {"-1", huge}}},
  {"--work-stealing.moderate-steal-interval", {{"1", "1000"}, {"0", huge}}},
  {"--work-stealing.moderate-sleep-duration",
   {{"0s", "1ms"}, {"-1s", "2001ms"}}},
  {"--work-stealing.relaxed-steal-interval", {{"1", "1000"}, {"0", huge}}},
  {"--work-stealing.relaxed-sleep-duration",
   {{"0s", "1ms"}, {"-1s", "2001ms"}}},
};

std::string join_option(const std::string& name, const std::string& value) {
  return value.empty() ? name : name + '=' + value;
}

void works(const test_node::options& options, test_node& peer) {
  test_node alpha{"alpha", options};
  alpha.connect(peer);
  auto watcher = alpha.ok("spawn");
  auto ref = alpha.monitor(watcher, peer.named("nobody"));
  alpha.sees_down(watcher, ref, peer.named("nobody"), "noproc");
  alpha.client().process().signal(SIGTERM);
  CHECK(alpha.client().wait_end() == 0);
  peer.sees("nodedown " + alpha.name() + " shutdown");
}

void refuses(const std::string& option, const std::string& beside = {}) {
  CAPTURE(option);
  // Whose value may be wanted in another form is refused as well.
  test_node::options all{"node", "--name=solo@127.0.0.1", option};
  if (!beside.empty())
    all.push_back(beside);
  auto result = run(all);
  CHECK(result.status == 2);
  CHECK(result.output.empty());
  CHECK(starts_with(result.errors, "error bad_option "));
  CHECK(result.errors.find('\n') == result.errors.size() - 1);
  auto name = option.substr(2, option.find('=') - 2);
  CHECK(result.errors.find(name) != std::string::npos);
}

/// Requires that a configuration file with this entry is refused.
void refuses_in_file(const std::string& name, const std::string& value) {
  auto dot = name.find('.');
  auto content = dot == std::string::npos
                   ? name
                   : '[' + name.substr(0, dot) + "]\n" + name.substr(dot + 1);
  content += " = " + value + '\n';
  CAPTURE(content);
  auto result = run(
    {"node", "--name=solo@127.0.0.1", "--config-file=/dev/stdin"}, content);
  CHECK(result.status == 2);
  CHECK(result.output.empty());
  CHECK(starts_with(result.errors, "error bad_option "));
  CHECK(result.errors.find('\n') == result.errors.size() - 1);
}

} // namespace

TEST_CASE("with each option of the framework that a node takes it works, and "
          "ends when it is told to") {
  test_node peer{"peer"};
  for (const auto& [name, values] : taken)
    for (const auto& value : values.good) {
      auto option = join_option(name, value);
      CAPTURE(option);
      // Those of work stealing mean nothing without it.
      if (name == "--scheduler.policy")
        works({option}, peer);
      else
        works({"--scheduler.policy=stealing", option}, peer);
    }
}

TEST_CASE("a value of the framework's options with which a node would hang is "
          "refused") {
  for (const auto& [name, values] : taken)
    for (const auto& value : values.bad) {
      refuses(join_option(name, value));
      refuses_in_file(name.substr(2), value);
      refuses_in_file(name.substr(2), '\'' + value + '\'');
    }
}

TEST_CASE("workers that end one after another may sleep for as long together "
          "as one alone") {
  test_node peer{"peer"};
  for (const std::string name : {"--work-stealing.moderate-sleep-duration",
                                 "--work-stealing.relaxed-sleep-duration"}) {
    refuses(name + "=101ms", "--scheduler.max-threads=20");
    works({"--scheduler.policy=stealing", "--scheduler.max-threads=20",
           name + "=100ms"},
          peer);
  }
}

TEST_CASE("every other option of the framework is refused") {
  auto names = all_options{}.names();
  REQUIRE(names.size() > taken.size());
  for (const auto& name : names) {
    if (taken.count(name) > 0 || name == "--help" || name == "--long-help"
        || name == "--config-file")
      continue;
    refuses(name);
    refuses(name + "=1");
    for (const std::string value : {"1", "true", "\"text\"", "'atom'", "1s"})
      refuses_in_file(name.substr(2), value);
  }
}
