#include "tests/cluster/cluster.hpp"

#include "tools/demo/child_process.hpp"
#include "tools/event_flag.hpp"
#include "tools/line_reader.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <csignal>
#include <sstream>
#include <sys/wait.h>
#include <unistd.h>

namespace vigil::test {

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

std::vector<std::string> words(const std::string& text) {
  std::istringstream in{text};
  std::vector<std::string> result;
  for (std::string word; in >> word;)
    result.push_back(word);
  return result;
}

std::string join(std::initializer_list<std::string_view> parts) {
  std::string result;
  for (auto part : parts) {
    if (!result.empty())
      result += ' ';
    result += part;
  }
  return result;
}

test_node::test_node(const std::string& name, const options& more,
                     const std::string& host, const std::string& program) {
  options all{"--name=" + name + '@' + host};
  if (host != default_host)
    all.push_back("--bind=" + host);
  all.insert(all.end(), more.begin(), more.end());
  auto started = node_client::start(program, all);
  if (!started)
    FAIL(to_string(started.failure()));
  client_ = std::move(*started);
}

std::string test_node::address() const {
  return name().substr(name().find('@') + 1) + ':' + std::to_string(port());
}

std::string test_node::named(const std::string& process) const {
  return '{' + process + ',' + name() + '}';
}

// -- commands -----------------------------------------------------------------

std::string test_node::ok(const std::string& command) {
  CAPTURE(command);
  send(command);
  return next_ok();
}

std::string test_node::next_ok() {
  auto answer = client_->answer();
  INFO(name() << " logs: " << client_->process().errors());
  REQUIRE_MESSAGE(answer, name() << " does not answer");
  if (answer->text == "ok")
    return {};
  REQUIRE_MESSAGE(starts_with(answer->text, "ok "),
                  name() << " answers " << answer->text);
  return answer->text.substr(3);
}

std::string test_node::error(const std::string& command) {
  CAPTURE(command);
  auto answer = client_->ask(command);
  REQUIRE_MESSAGE(starts_with(answer, "error "), name()
                                                   << " answers " << answer);
  auto parts = words(answer);
  // A name and a sentence, however short.
  REQUIRE_MESSAGE(parts.size() > 3, answer);
  return parts[1];
}

void test_node::send(const std::string& command) {
  REQUIRE(client_->send(command));
}

std::string test_node::request_monitor(const std::string& watcher,
                                       const std::string& object) {
  return ok("monitor " + watcher + ' ' + object);
}

std::string test_node::monitor(const std::string& watcher,
                               const std::string& object) {
  auto ref = request_monitor(watcher, object);
  // {name,node} or <node:...>
  auto first = object.find_first_of("<,") + 1;
  auto node = object.substr(first, object.find_first_of(":}", first) - first);
  if (node != name())
    client_->ask("sync " + node);
  return ref;
}

void test_node::exit(const std::string& process, const std::string& reason) {
  CHECK(ok("exit " + process + ' ' + reason).empty());
}

void test_node::connect(test_node& peer) {
  ok("connect " + peer.name() + ' ' + peer.address());
  sees("nodeup " + peer.name());
  peer.sees("nodeup " + name());
}

uint64_t test_node::counter(const std::string& name) {
  for (const auto& pair : words(ok("stats")))
    if (starts_with(pair, name + '='))
      return std::stoull(pair.substr(name.size() + 1));
  FAIL("no counter " << name);
  return 0;
}

void test_node::await_counter(const std::string& name, uint64_t value) {
  auto deadline = node_client::clock::now() + node_client::patience;
  auto current = counter(name);
  while (current != value && node_client::clock::now() < deadline)
    current = counter(name);
  CAPTURE(name);
  REQUIRE(current == value);
}

void test_node::await_answer(const std::string& command,
                             const std::string& answer) {
  auto deadline = node_client::clock::now() + node_client::patience;
  auto current = ok(command);
  while (current != answer && node_client::clock::now() < deadline)
    current = ok(command);
  CAPTURE(command);
  REQUIRE(current == answer);
}

// -- events -------------------------------------------------------------------

void test_node::sees(const std::string& line) {
  sees_at(line);
}

node_client::clock::time_point test_node::sees_at(const std::string& line) {
  auto seen = client_->take_event(line);
  if (seen)
    return seen->at;
  std::string others;
  for (const auto& other : client_->take_events())
    others += '\n' + other.text;
  FAIL(name() << " does not see: " << line << "\nbut:" << others
              << "\nand logs: " << client_->process().errors());
  return {};
}

void test_node::sees_down(const std::string& watcher, const std::string& ref,
                          const std::string& object,
                          const std::string& reason) {
  sees("down " + watcher + ' ' + ref + ' ' + object + ' ' + reason);
}

void test_node::does_not_see(const std::string& prefix,
                             std::chrono::milliseconds span) {
  auto seen = client_->take_event(
    [&](const std::string& line) { return starts_with(line, prefix); }, span);
  if (seen)
    FAIL(name() << " sees " << seen->text);
}

// -- pauses -------------------------------------------------------------------

void test_node::pause() {
  client_->process().signal(SIGSTOP);
  auto id = static_cast<id_t>(client_->process().id());
  siginfo_t seen{};
  // What is seen stays to be waited for, the end of the node above all.
  REQUIRE(waitid(P_PID, id, &seen, WSTOPPED | WEXITED | WNOWAIT) == 0);
  REQUIRE(seen.si_code == CLD_STOPPED);
}

void test_node::resume() {
  client_->process().signal(SIGCONT);
}

// -- the end ------------------------------------------------------------------

void test_node::kill() {
  client_->process().signal(SIGKILL);
  REQUIRE(client_->wait_end() == 128 + SIGKILL);
}

std::vector<std::string> test_node::quit() {
  ok("quit");
  auto status = client_->wait_end();
  INFO(name() << " logs: " << client_->process().errors());
  REQUIRE(status == 0);
  return rest();
}

std::vector<std::string> test_node::rest() {
  std::vector<std::string> result;
  for (auto& event : client_->take_events())
    if (starts_with(event.text, "down "))
      result.push_back(std::move(event.text));
  return result;
}

// -- other programs -----------------------------------------------------------

outcome run(const std::vector<std::string>& arguments, std::string_view input,
            const std::string& program) {
  signal(SIGPIPE, SIG_IGN);
  auto started = child_process::start(program, arguments);
  REQUIRE(started);
  auto& child = *started;
  // What a test gives to a whole program fits into a pipe, whose reader may be
  // gone already.
  auto written = write(child.input(), input.data(), input.size());
  REQUIRE((written == static_cast<ssize_t>(input.size()) || errno == EPIPE));
  child.close_input();
  outcome result{-1, {}, {}};
  event_flag never;
  line_reader lines{child.output(), never.fd()};
  std::string line;
  while (lines.next(line) == line_reader::status::line)
    result.output += line + '\n';
  auto status = child.wait(child_process::clock::now() + node_client::patience);
  REQUIRE_MESSAGE(status, "the program does not end");
  result.status = *status;
  result.errors = child.errors();
  return result;
}

} // namespace vigil::test
