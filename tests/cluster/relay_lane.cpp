#include "tests/cluster/relay_lane.hpp"

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <sys/socket.h>

namespace vigil::test {

namespace {

/// How much a lane holds. Little, so that a slow link is felt by the sender.
constexpr size_t capacity = 16 * 1024;

/// How often a second a throttled lane writes.
constexpr size_t slices = 50;

bool is_temporary(int code) {
  return code == EAGAIN || code == EINTR;
}

} // namespace

bool relay_lane::wants_to_read(const lane_rules& rules) const noexcept {
  return !rules.stalled && !source_ended_ && held_ < capacity;
}

std::optional<relay_lane::clock::time_point>
relay_lane::next_write(const lane_rules& rules) const noexcept {
  if (rules.stalled || pieces_.empty())
    return std::nullopt;
  return std::max(pieces_.front().due, free_at_);
}

relay_lane::status relay_lane::read(lane_rules& rules, clock::time_point now) {
  char buffer[capacity];
  auto count = recv(source_, buffer, capacity - held_, 0);
  if (count < 0)
    return is_temporary(errno) ? status::open : status::broken;
  // The end of the bytes waits its turn like the bytes themselves.
  source_ended_ = count == 0;
  std::chrono::milliseconds delay{0};
  if (auto longest = rules.longest_delay.count(); longest > 0)
    delay = std::chrono::milliseconds{
      std::uniform_int_distribution<int64_t>{0, longest}(rules.random)};
  last_due_ = std::max(last_due_, now + delay);
  held_ += static_cast<size_t>(count);
  pieces_.push_back(
    {std::string(buffer, static_cast<size_t>(count)), last_due_});
  return status::open;
}

relay_lane::status relay_lane::write(lane_rules& rules, clock::time_point now) {
  while (!pieces_.empty() && pieces_.front().due <= now && free_at_ <= now) {
    auto& bytes = pieces_.front().bytes;
    if (bytes.empty()) {
      shutdown(sink_, SHUT_WR);
      pieces_.clear();
      return status::finished;
    }
    auto size = bytes.size();
    if (rules.bytes_per_second != 0)
      size = std::min(size,
                      std::max<size_t>(rules.bytes_per_second / slices, 1));
    if (rules.bytes_to_cut)
      size = std::min(size, static_cast<size_t>(*rules.bytes_to_cut));
    auto count = send(sink_, bytes.data(), size, MSG_NOSIGNAL);
    if (count < 0)
      return is_temporary(errno) ? status::open : status::broken;
    auto written = static_cast<size_t>(count);
    held_ -= written;
    rules.forwarded += written;
    if (rules.bytes_per_second != 0)
      free_at_ = now
                 + std::chrono::nanoseconds{std::chrono::seconds{1}} * written
                     / rules.bytes_per_second;
    bytes.erase(0, written);
    if (bytes.empty())
      pieces_.pop_front();
    if (rules.bytes_to_cut && (*rules.bytes_to_cut -= written) == 0)
      return status::cut;
  }
  return status::open;
}

} // namespace vigil::test
