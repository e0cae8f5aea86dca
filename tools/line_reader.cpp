#include "tools/line_reader.hpp"

#include <cerrno>
#include <poll.h>
#include <unistd.h>

namespace vigil {

line_reader::line_reader(int fd, int stop_fd, size_t limit)
  : fd_(fd),
    stop_fd_(stop_fd),
    limit_(limit) {
  // nop
}

line_reader::status line_reader::next(std::string& line) {
  for (;;) {
    auto end = buffer_.find('\n', searched_);
    if (end != std::string::npos) {
      auto too_long = skipping_ || end - start_ > limit_;
      if (!too_long)
        line.assign(buffer_, start_, end - start_);
      start_ = searched_ = end + 1;
      skipping_ = false;
      return too_long ? status::too_long : status::line;
    }
    if (skipping_ || buffer_.size() - start_ > limit_) {
      skipping_ = true;
      buffer_.clear();
      start_ = 0;
    }
    searched_ = buffer_.size();
    if (!fill()) {
      auto rest = buffer_.substr(start_);
      buffer_.clear();
      start_ = searched_ = 0;
      if (skipping_) {
        skipping_ = false;
        return status::too_long;
      }
      if (rest.empty())
        return status::end;
      line = std::move(rest);
      return status::line;
    }
  }
}

/// Appends to the buffer; returns false at the end.
bool line_reader::fill() {
  buffer_.erase(0, start_);
  searched_ -= start_;
  start_ = 0;
  pollfd fds[] = {{fd_, POLLIN, 0}, {stop_fd_, POLLIN, 0}};
  for (;;) {
    if (poll(fds, 2, -1) < 0) {
      if (errno == EINTR)
        continue;
      return false;
    }
    if (fds[1].revents != 0) {
      // Whoever stops wants no more commands, not even half of one.
      buffer_.clear();
      skipping_ = false;
      return false;
    }
    char chunk[65536];
    auto count = read(fd_, chunk, sizeof(chunk));
    if (count > 0) {
      buffer_.append(chunk, static_cast<size_t>(count));
      return true;
    }
    if (count == 0 || (errno != EINTR && errno != EAGAIN))
      return false;
  }
}

} // namespace vigil
