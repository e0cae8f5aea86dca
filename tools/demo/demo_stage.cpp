#include "tools/demo/demo_stage.hpp"

#include <algorithm>
#include <csignal>
#include <optional>
#include <string_view>

namespace vigil {

namespace {

constexpr std::string_view host = "127.0.0.1";

/// How long a DOWN may take to come.
constexpr std::chrono::seconds limit{5};

bool is_down(const std::string& line) {
  return line.compare(0, 5, "down ") == 0;
}

} // namespace

std::string demo_node::name() const {
  return alias + '@' + std::string{host};
}

std::string demo_node::named(const std::string& process) const {
  return '{' + process + ',' + name() + '}';
}

demo_stage::demo_stage(std::string program, timeline& show, down_ledger& ledger)
  : program_(std::move(program)),
    show_(show),
    ledger_(ledger),
    moment_(clock::now()) {
  constexpr std::string_view names[] = {"alpha", "bravo", "charlie", "delta"};
  for (size_t i = 0; i < nodes_.size(); ++i)
    nodes_[i].alias = names[i];
}

// -- nodes --------------------------------------------------------------------

void demo_stage::begin(const std::string& title) {
  show_.scene(title);
  ledger_.begin(title);
}

void demo_stage::start(demo_node& x) {
  auto client = node_client::start(
    program_, {"--name=" + x.name(), "--listen=" + std::to_string(x.port),
               "--bind=" + std::string{host}});
  if (!client)
    throw demo_failure{client.failure()};
  x.client = std::move(*client);
  x.port = x.client->port();
  for (std::string process : {"guard", "db", "web", "mail"})
    x.pids[process] = ask(x, "spawn " + process);
  say(x, "starts as process " + std::to_string(x.client->process().id())
           + " on port " + std::to_string(x.port) + ", creation "
           + x.client->life());
}

void demo_stage::connect(demo_node& from, demo_node& to) {
  ask(from, "connect " + to.name() + ' ' + std::string{host} + ':'
              + std::to_string(to.port));
  for (auto [one, other] : {std::pair{&from, &to}, std::pair{&to, &from}})
    if (!one->client->take_event("nodeup " + other->name(), limit))
      throw demo_failure{{errc::no_connection, one->alias + " did not see "
                                                 + other->alias + " come up"}};
}

void demo_stage::kill(demo_node& x) {
  account(x);
  say(x, "is killed (SIGKILL)");
  mark();
  x.client->process().signal(SIGKILL);
  x.client->wait_end();
  account(x);
  x.client.reset();
}

void demo_stage::quit(demo_node& x) {
  say(x, "is told to quit");
  mark();
  ask(x, "quit");
  auto status = x.client->wait_end();
  check(status == 0, x.alias + " did not end in good order");
  account(x);
  x.client.reset();
}

// -- processes ----------------------------------------------------------------

std::string demo_stage::watch(demo_node& x, const std::string& object) {
  return ask(x, "monitor " + x.pids["guard"] + ' ' + object);
}

std::string demo_stage::watch(demo_node& x, const std::string& object,
                              const std::string& reason) {
  mark();
  auto ref = watch(x, object);
  auto line = "down " + x.pids["guard"] + ' ' + ref + ' ' + object + ' '
              + reason;
  ledger_.expect(line);
  awaited_.push_back({&x, line});
  return ref;
}

void demo_stage::settle(demo_node& x, const std::string& process,
                        size_t monitors) {
  for (auto& node : nodes_)
    if (&node != &x && node.client)
      ask(node, "sync " + x.name());
  auto watchers = ask(x, "monitored_by " + x.pids[process]);
  auto arrived
    = static_cast<size_t>(std::count(watchers.begin(), watchers.end(), '<'));
  check(arrived == monitors, process + " of " + x.alias + " has "
                               + std::to_string(arrived) + " monitors, not "
                               + std::to_string(monitors));
}

bool demo_stage::unwatch(demo_node& x, const std::string& ref,
                         const std::string& options) {
  return ask(x, "demonitor " + x.pids["guard"] + ' ' + ref + ' ' + options)
         == "true";
}

std::string demo_stage::mailbox(demo_node& x) {
  return ask(x, "downs " + x.pids["guard"]);
}

void demo_stage::end(demo_node& x, const std::string& process,
                     const std::string& reason) {
  say(x, process + " ends: " + reason);
  mark();
  ask(x, "exit " + x.pids[process] + ' ' + reason);
}

// -- what follows -------------------------------------------------------------

void demo_stage::expect_loss(demo_node& x, const demo_node& peer,
                             const std::string& cause) {
  awaited_.push_back({&x, "nodedown " + peer.name() + ' ' + cause});
}

void demo_stage::await() {
  std::vector<happening> came;
  auto deadline = clock::now() + limit;
  for (const auto& [node, line] : awaited_) {
    if (auto event = node->client->take_event(line, deadline - clock::now()))
      came.push_back({node, std::move(*event)});
    else
      check(false, node->alias + " does not print " + line);
  }
  awaited_.clear();
  std::stable_sort(came.begin(), came.end(), [](const auto& x, const auto& y) {
    return x.line.at < y.line.at;
  });
  for (const auto& event : came)
    print(event);
  for (auto& node : nodes_)
    account(node);
}

void demo_stage::say(const demo_node& x, const std::string& text) {
  show_.happened(clock::now(), x.alias, text);
}

void demo_stage::check(bool holds, const std::string& sentence) {
  if (holds)
    return;
  good_ = false;
  show_.wrong(sentence);
}

bool demo_stage::finish() {
  for (auto& node : nodes_) {
    if (node.client == nullptr)
      continue;
    ask(node, "quit");
    check(node.client->wait_end() == 0,
          node.alias + " did not end in good order");
    account(node);
    node.client.reset();
  }
  return good_;
}

/// Gives a command; returns what follows the `ok` of its answer.
std::string demo_stage::ask(demo_node& x, const std::string& command) {
  auto answer = x.client->ask(command);
  if (answer == "ok")
    return {};
  if (answer.compare(0, 3, "ok ") == 0)
    return answer.substr(3);
  throw demo_failure{
    {errc::closed, x.alias + ", told to " + command + ": "
                     + (answer.empty() ? "no answer" : answer)}};
}

void demo_stage::print(const happening& x) {
  const auto& line = x.line.text;
  auto after = x.line.at - moment_;
  // Either "down WATCHER REF OBJECT REASON" or "nodedown NODE CAUSE".
  auto down = is_down(line);
  auto object = line.find(' ') + 1;
  if (down)
    object = line.find(' ', line.find(' ', object) + 1) + 1;
  auto reason = line.find(' ', object) + 1;
  if (down)
    ledger_.receive(line);
  show_.followed(after, x.node->alias, down ? "DOWN" : "lost",
                 line.substr(object, reason - object - 1), line.substr(reason));
}

/// Notes the DOWNs that nobody has waited for; there should be none.
void demo_stage::account(demo_node& x) {
  if (x.client == nullptr)
    return;
  for (const auto& event : x.client->take_events())
    if (is_down(event.text) && !ledger_.receive(event.text))
      check(false, x.alias + " prints, unexpected, " + event.text);
}

void demo_stage::mark() noexcept {
  moment_ = clock::now();
}

} // namespace vigil
