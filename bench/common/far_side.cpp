#include "bench/common/far_side.hpp"

#include "bench/common/failure.hpp"

#include <csignal>
#include <poll.h>
#include <sstream>
#include <unistd.h>
#include <utility>

namespace vigil::bench {

namespace {

constexpr int patience_ms = 60000;

child_process start(const std::vector<std::string>& arguments) {
  auto result = child_process::start("/proc/self/exe", arguments);
  if (!result)
    throw failure{to_string(result.failure())};
  return std::move(*result);
}

std::vector<std::string> split(const std::string& line) {
  std::istringstream in{line};
  std::vector<std::string> words;
  for (std::string word; in >> word;)
    words.push_back(word);
  return words;
}

} // namespace

far_side::far_side(const std::vector<std::string>& arguments)
  : process_(start(arguments)) {
  // nop
}

const std::vector<std::string>& far_side::greeting() {
  if (greeting_.empty())
    greeting_ = split(read_line());
  return greeting_;
}

void far_side::tell(const std::string& line) {
  // Lines are short and read at once: the pipe is never full.
  auto text = line + '\n';
  if (::write(process_.input(), text.data(), text.size())
      != static_cast<ssize_t>(text.size()))
    throw failure{"the far side does not read: " + process_.errors()};
}

uint64_t far_side::answer() {
  return std::stoull(read_line());
}

uint64_t far_side::ask(const std::string& line) {
  tell(line);
  return answer();
}

bool far_side::ended(child_process::clock::time_point deadline) {
  return process_.wait(deadline).has_value();
}

void far_side::kill() {
  process_.signal(SIGKILL);
}

std::string far_side::read_line() {
  for (;;) {
    auto end = read_.find('\n');
    if (end != std::string::npos) {
      auto line = read_.substr(0, end);
      read_.erase(0, end + 1);
      return line;
    }
    pollfd waiting{process_.output(), POLLIN, 0};
    char buffer[4096];
    if (::poll(&waiting, 1, patience_ms) <= 0)
      throw failure{"the far side is silent: " + process_.errors()};
    auto count = ::read(process_.output(), buffer, sizeof(buffer));
    if (count <= 0)
      throw failure{"the far side has ended: " + process_.errors()};
    read_.append(buffer, static_cast<size_t>(count));
  }
}

} // namespace vigil::bench
