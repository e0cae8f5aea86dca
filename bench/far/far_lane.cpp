#include "bench/far/far_lane.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/socket.h>

namespace vigil::bench {

namespace {

/// How much is read at once. A piece that is small takes no more than it has.
constexpr size_t largest_piece = size_t{64} * 1024;

far_lane::status after_failure() {
  return errno == EAGAIN || errno == EINTR ? far_lane::status::open
                                           : far_lane::status::broken;
}

} // namespace

std::optional<far_lane::clock::time_point>
far_lane::next_write() const noexcept {
  if (pieces_.empty())
    return std::nullopt;
  return pieces_.front().due;
}

far_lane::status far_lane::read(clock::time_point now) {
  char buffer[largest_piece];
  auto count = recv(source_, buffer, std::min(largest_piece, capacity - held_),
                    0);
  if (count < 0)
    return after_failure();
  auto size = static_cast<size_t>(count);
  source_ended_ = size == 0;
  held_ += size;
  pieces_.push_back({std::string(buffer, size), now + delay_});
  return status::open;
}

far_lane::status far_lane::write(clock::time_point now) {
  while (!pieces_.empty() && pieces_.front().due <= now) {
    const auto& bytes = pieces_.front().bytes;
    if (bytes.empty()) {
      pieces_.pop_front();
      shutdown(sink_, SHUT_WR);
      return status::finished;
    }
    auto count = send(sink_, bytes.data() + written_, bytes.size() - written_,
                      MSG_NOSIGNAL);
    if (count < 0)
      return after_failure();
    written_ += static_cast<size_t>(count);
    held_ -= static_cast<size_t>(count);
    if (written_ == bytes.size()) {
      pieces_.pop_front();
      written_ = 0;
    }
  }
  return status::open;
}

} // namespace vigil::bench
