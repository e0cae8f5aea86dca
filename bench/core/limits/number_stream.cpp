#include "bench/core/limits/number_stream.hpp"

#include "bench/common/failure.hpp"
#include "bench/core/limits/thread_time.hpp"

#include <algorithm>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace vigil::bench {

number_stream::number_stream(int socket) : socket_(socket) {
  int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  outgoing_.reserve(max_at_once);
}

number_stream::~number_stream() {
  ::close(socket_);
}

void number_stream::flush() {
  auto start = thread_time();
  auto next = reinterpret_cast<const char*>(outgoing_.data());
  for (auto left = outgoing_.size() * sizeof(uint32_t); left > 0;) {
    auto sent = ::send(socket_, next, left, MSG_NOSIGNAL);
    if (sent < 0)
      throw failure{"the other process has gone"};
    next += sent;
    left -= static_cast<size_t>(sent);
  }
  outgoing_.clear();
  spent_ += thread_time() - start;
}

const std::vector<uint32_t>& number_stream::get(size_t limit) {
  auto start = thread_time();
  incoming_.resize(std::min(limit, max_at_once));
  auto bytes = reinterpret_cast<char*>(incoming_.data());
  auto size = read(bytes, incoming_.size() * sizeof(uint32_t));
  while (size % sizeof(uint32_t) != 0) {
    auto rest = read(bytes + size, sizeof(uint32_t) - size % sizeof(uint32_t));
    if (rest == 0)
      throw failure{"the other process has gone"};
    size += rest;
  }
  incoming_.resize(size / sizeof(uint32_t));
  spent_ += thread_time() - start;
  return incoming_;
}

uint32_t number_stream::get_one() {
  const auto& numbers = get(1);
  if (numbers.empty())
    throw failure{"the other process has gone"};
  return numbers.front();
}

size_t number_stream::read(char* first, size_t size) {
  auto count = ::recv(socket_, first, size, 0);
  if (count < 0)
    throw failure{"the other process has gone"};
  return static_cast<size_t>(count);
}

} // namespace vigil::bench
