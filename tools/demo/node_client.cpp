#include "tools/demo/node_client.hpp"

#include <vigil/errc.hpp>
#include "messages/text/decimal.hpp"
#include "tools/line_reader.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <poll.h>
#include <unistd.h>
#include <utility>

namespace vigil {

namespace {

/// Longest line that is read: a list of DOWNs can be long.
constexpr size_t max_line = size_t{256} * 1024 * 1024;

bool starts_with(std::string_view text, std::string_view prefix) noexcept {
  return text.substr(0, prefix.size()) == prefix;
}

bool is_answer(std::string_view text) noexcept {
  return text == "ok" || starts_with(text, "ok ")
         || starts_with(text, "error ");
}

/// Returns the last line of what a program wrote to its standard error.
std::string last_line(std::string text) {
  while (!text.empty() && text.back() == '\n')
    text.pop_back();
  auto end = text.rfind('\n');
  return end == std::string::npos ? text : text.substr(end + 1);
}

} // namespace

result<std::unique_ptr<node_client>>
node_client::start(const std::string& program,
                   std::vector<std::string> options) {
  options.insert(options.begin(), "node");
  auto process = child_process::start(program, options);
  if (!process)
    return process.failure();
  std::unique_ptr<node_client> client{new node_client{std::move(*process)}};
  if (client->read_ready())
    return client;
  auto why = last_line(client->process_.errors());
  return error{errc::closed, "a node did not start: "
                               + (why.empty() ? "it said nothing" : why)};
}

node_client::node_client(child_process process)
  : process_(std::move(process)),
    reader_([this] { run(); }) {
  // A node that has ended must not end this program.
  signal(SIGPIPE, SIG_IGN);
}

node_client::~node_client() {
  process_.signal(SIGKILL);
  stop_.raise();
  reader_.join();
}

/// Reads `ready NAME port=PORT creation=CREATION`.
bool node_client::read_ready() {
  auto ready
    = take_event([](const auto& x) { return starts_with(x, "ready "); });
  if (!ready)
    return false;
  const auto& text = ready->text;
  auto port = text.find(" port=");
  auto life = text.find(" creation=");
  if (port == std::string::npos || life == std::string::npos || life < port)
    return false;
  name_ = text.substr(6, port - 6);
  auto number = parse_decimal<uint16_t>(
    std::string_view{text}.substr(port + 6, life - port - 6));
  port_ = number.value_or(0);
  life_ = text.substr(life + 10);
  return number.has_value();
}

bool node_client::send(std::string_view command) {
  auto text = std::string{command} + '\n';
  auto deadline = clock::now() + patience;
  for (std::string_view rest = text; !rest.empty();) {
    auto count = write(process_.input(), rest.data(), rest.size());
    if (count >= 0) {
      rest.remove_prefix(static_cast<size_t>(count));
    } else if (errno == EAGAIN) {
      pollfd fd{process_.input(), POLLOUT, 0};
      poll(&fd, 1, 100);
      if (clock::now() > deadline)
        return false;
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

std::optional<node_client::line> node_client::answer(clock::duration limit) {
  std::unique_lock guard{mutex_};
  changed_.wait_for(guard, limit,
                    [this] { return ended_ || !answers_.empty(); });
  if (answers_.empty())
    return std::nullopt;
  auto result = std::move(answers_.front());
  answers_.pop_front();
  return result;
}

std::string node_client::ask(std::string_view command) {
  if (!send(command))
    return {};
  auto result = answer();
  return result ? std::move(result->text) : std::string{};
}

std::optional<node_client::line>
node_client::take_event(const std::function<bool(const std::string&)>& wanted,
                        clock::duration limit) {
  std::unique_lock guard{mutex_};
  auto deadline = clock::now() + limit;
  // Events before this one were looked at already.
  size_t seen = 0;
  for (;;) {
    for (; seen < events_.size(); ++seen) {
      if (!wanted(events_[seen].text))
        continue;
      auto result = std::move(events_[seen]);
      events_.erase(events_.begin() + static_cast<ptrdiff_t>(seen));
      return result;
    }
    if (ended_ || !changed_.wait_until(guard, deadline, [&] {
          return ended_ || seen < events_.size();
        }))
      return std::nullopt;
    if (ended_ && seen == events_.size())
      return std::nullopt;
  }
}

std::optional<node_client::line>
node_client::take_event(std::string_view text, clock::duration limit) {
  return take_event([text](const auto& x) { return x == text; }, limit);
}

std::vector<node_client::line> node_client::take_events() {
  std::lock_guard guard{mutex_};
  std::vector<line> result{std::make_move_iterator(events_.begin()),
                           std::make_move_iterator(events_.end())};
  events_.clear();
  return result;
}

std::optional<int> node_client::wait_end(clock::duration limit) {
  auto deadline = clock::now() + limit;
  auto status = process_.wait(deadline);
  std::unique_lock guard{mutex_};
  if (!status
      || !changed_.wait_until(guard, deadline, [this] { return ended_; }))
    return std::nullopt;
  return status;
}

// -- on the thread that reads -------------------------------------------------

void node_client::run() {
  line_reader lines{process_.output(), stop_.fd(), max_line};
  std::string text;
  for (;;) {
    auto status = lines.next(text);
    auto now = clock::now();
    if (status == line_reader::status::end)
      break;
    if (status == line_reader::status::line)
      add(std::move(text), now);
  }
  {
    std::lock_guard guard{mutex_};
    ended_ = true;
  }
  changed_.notify_all();
}

void node_client::add(std::string text, clock::time_point at) {
  {
    std::lock_guard guard{mutex_};
    auto& queue = is_answer(text) ? answers_ : events_;
    queue.push_back({std::move(text), at});
  }
  changed_.notify_all();
}

} // namespace vigil
