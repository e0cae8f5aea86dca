#include "tests/soak/station.hpp"

#include <vigil/errc.hpp>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <utility>

namespace vigil::soak {

namespace {

using time_point = node_client::clock::time_point;

/// How many ports are tried at most.
constexpr unsigned max_ports = 200;

} // namespace

station::station(std::string program, std::string name, uint16_t first_port,
                 std::vector<std::string> options, event_handler on_event)
  : program_(std::move(program)),
    name_(std::move(name)),
    port_(first_port),
    options_(std::move(options)),
    on_event_(std::move(on_event)) {
  // nop
}

size_t station::resident() const {
  if (client_ == nullptr)
    return 0;
  std::ifstream in{"/proc/" + std::to_string(client_->process().id())
                   + "/status"};
  for (std::string word; in >> word;)
    if (size_t kibibytes = 0; word == "VmRSS:" && in >> kibibytes)
      return kibibytes;
  return 0;
}

// -- a life -------------------------------------------------------------------

std::optional<std::string> station::start() {
  // Only a node that has never run may look for a port.
  auto last = lives_ == 0 ? port_ + max_ports : port_;
  std::string why;
  for (unsigned port = port_; port <= last; ++port) {
    auto all = options_;
    all.push_back("--name=" + name_);
    all.push_back("--listen=" + std::to_string(port));
    auto started = node_client::start(program_, all);
    if (started) {
      client_ = std::move(*started);
      port_ = client_->port();
      ++lives_;
      return std::nullopt;
    }
    why = to_string(started.failure());
  }
  return why;
}

void station::send(const std::string& command, handler on_answer) {
  handlers_.push_back(std::move(on_answer));
  // Whether the node could take it shows in the answer.
  static_cast<void>(client_->send(command));
}

void station::read() {
  if (client_ == nullptr)
    return;
  // All answers that precede what had come by then are here now.
  auto horizon = events_.empty() ? time_point::min() : events_.back().at;
  collect();
  if (!answers_.empty())
    horizon = std::max(horizon, answers_.back().at);
  hand_on(horizon);
}

void station::signal(int number) {
  client_->process().signal(number);
}

void station::kill() {
  client_->process().signal(SIGKILL);
  status_ = client_->wait_end().value_or(-1);
  bury();
}

void station::quit() {
  send("quit", [](const line*) {});
  quitting_ = true;
}

bool station::has_quit() {
  using namespace std::chrono_literals;
  auto status = client_->wait_end(0s);
  if (!status)
    return false;
  status_ = *status;
  bury();
  return true;
}

std::string station::log() const {
  return client_ != nullptr ? client_->process().errors() : std::string{};
}

/// Takes what has come: events last, so that whatever precedes the last answer
/// is here.
void station::collect() {
  using namespace std::chrono_literals;
  while (auto answer = client_->answer(0s))
    answers_.push_back(*std::move(answer));
  for (auto& event : client_->take_events())
    events_.push_back(std::move(event));
}

/// Hands on, by time, all answers, and the events up to a moment.
void station::hand_on(time_point horizon) {
  auto is_event_due = [&] {
    return !events_.empty() && events_.front().at <= horizon
           && (answers_.empty() || events_.front().at < answers_.front().at);
  };
  for (;;) {
    if (is_event_due()) {
      auto event = std::move(events_.front());
      events_.pop_front();
      on_event_(event);
    } else if (!answers_.empty()) {
      auto answer = std::move(answers_.front());
      answers_.pop_front();
      auto take = std::move(handlers_.front());
      handlers_.pop_front();
      take(&answer);
    } else {
      return;
    }
  }
}

/// Hands on the last words of a life, and tells who waits for more.
void station::bury() {
  collect();
  hand_on(time_point::max());
  for (auto& unanswered : std::exchange(handlers_, {}))
    unanswered(nullptr);
  client_.reset();
  quitting_ = false;
}

} // namespace vigil::soak
