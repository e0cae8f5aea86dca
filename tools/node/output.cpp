#include "tools/node/output.hpp"

#include <algorithm>
#include <cerrno>
#include <poll.h>
#include <unistd.h>

namespace vigil {

namespace {

/// A pipe that is ready takes this much without blocking the writer, whose
/// descriptor is shared with others and therefore left in blocking mode.
/// @see pipe(7), PIPE_BUF
constexpr size_t max_write = 4096;

} // namespace

output::output(int fd) : fd_(fd), writer_([this] { run(); }) {
  // nop
}

output::~output() {
  close();
}

void output::append(std::string& queue, std::string_view line) {
  queue += line;
  queue += '\n';
}

void output::answer(std::string_view line) {
  {
    std::lock_guard guard{mutex_};
    if (done_)
      return;
    append(queued_, line);
  }
  wake_.raise();
}

void output::event(std::string_view line) noexcept {
  {
    std::lock_guard guard{mutex_};
    if (done_)
      return;
    append(holding_ ? held_ : queued_, line);
  }
  wake_.raise();
}

output::event_hold::event_hold(output& out) : out_(out) {
  std::lock_guard guard{out_.mutex_};
  out_.holding_ = true;
}

output::event_hold::~event_hold() {
  {
    std::lock_guard guard{out_.mutex_};
    out_.holding_ = false;
    out_.queued_ += out_.held_;
    out_.held_.clear();
  }
  out_.wake_.raise();
}

void output::wait_for_room() {
  std::unique_lock guard{mutex_};
  room_.wait(guard, [this] {
    return done_ || !waiting_allowed_
           || queued_.size() + unwritten_ < max_backlog;
  });
}

void output::stop_waiting() {
  {
    std::lock_guard guard{mutex_};
    waiting_allowed_ = false;
  }
  room_.notify_all();
}

void output::close() {
  {
    std::lock_guard guard{mutex_};
    closing_ = true;
  }
  wake_.raise();
  std::lock_guard guard{close_mutex_};
  if (writer_.joinable())
    writer_.join();
}

// -- on the writer's thread ---------------------------------------------------

/// Takes what is queued; returns false if there is nothing and never will be.
bool output::take() {
  std::lock_guard guard{mutex_};
  if (written_ == current_.size()) {
    current_.clear();
    written_ = 0;
    std::swap(current_, queued_);
  }
  unwritten_ = current_.size() - written_;
  if (queued_.size() + unwritten_ < max_backlog)
    room_.notify_all();
  done_ = closing_ && unwritten_ == 0;
  return !done_;
}

/// Writes to a descriptor that is ready; returns false if nobody reads it.
bool output::write_some() {
  auto size = std::min(current_.size() - written_, max_write);
  auto count = write(fd_, current_.data() + written_, size);
  if (count < 0)
    return errno == EINTR || errno == EAGAIN;
  written_ += static_cast<size_t>(count);
  return true;
}

void output::give_up() {
  {
    std::lock_guard guard{mutex_};
    done_ = true;
    queued_.clear();
    held_.clear();
  }
  room_.notify_all();
  broken_.raise();
}

void output::run() {
  while (take()) {
    bool writing = written_ < current_.size();
    bool closing = false;
    {
      std::lock_guard guard{mutex_};
      closing = closing_;
    }
    // While nothing waits to be written, poll still tells that nobody reads.
    pollfd fds[] = {{fd_, static_cast<short>(writing ? POLLOUT : 0), 0},
                    {closing ? -1 : wake_.fd(), POLLIN, 0}};
    auto timeout = closing ? static_cast<int>(patience.count()) : -1;
    auto ready = poll(fds, 2, timeout);
    if (ready < 0 && errno != EINTR)
      return give_up();
    if (ready == 0)
      return give_up();
    if (ready < 0)
      continue;
    if (fds[1].revents != 0)
      wake_.lower();
    if ((fds[0].revents & POLLOUT) != 0) {
      if (!write_some())
        return give_up();
    } else if (fds[0].revents != 0) {
      return give_up();
    }
  }
}

} // namespace vigil
