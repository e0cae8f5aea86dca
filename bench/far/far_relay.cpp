#include "bench/far/far_relay.hpp"

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <sys/socket.h>
#include <system_error>
#include <utility>

namespace vigil::bench {

namespace {

/// What is polled before the sockets of the connections.
constexpr size_t num_own_fds = 2;

sockaddr_in loopback(uint16_t port) {
  sockaddr_in result{};
  result.sin_family = AF_INET;
  result.sin_port = htons(port);
  result.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return result;
}

descriptor make_socket() {
  return descriptor{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
}

void prepare_socket(const descriptor& x) {
  int on = 1;
  setsockopt(x.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  fcntl(x.get(), F_SETFL, O_NONBLOCK);
}

timespec to_timespec(far_relay::clock::duration x) {
  using std::chrono::nanoseconds;
  constexpr int64_t second = 1000000000;
  auto count = std::max<int64_t>(nanoseconds{x}.count(), 0);
  return {count / second, count % second};
}

} // namespace

far_relay::connection::connection(descriptor from, descriptor to,
                                  clock::duration one_way)
  : caller(std::move(from)),
    target(std::move(to)),
    lanes{far_lane{caller.get(), target.get(), one_way},
          far_lane{target.get(), caller.get(), one_way}} {
  // nop
}

far_relay::far_relay(uint16_t target_port, clock::duration one_way)
  : target_port_(target_port),
    one_way_(one_way),
    listener_(make_socket()) {
  auto where = loopback(0);
  socklen_t size = sizeof(where);
  auto* generic = reinterpret_cast<sockaddr*>(&where);
  if (bind(listener_.get(), generic, size) != 0
      || listen(listener_.get(), SOMAXCONN) != 0
      || getsockname(listener_.get(), generic, &size) != 0)
    throw std::system_error{errno, std::generic_category(), "cannot listen"};
  port_ = ntohs(where.sin_port);
}

void far_relay::run(int control) {
  for (;;) {
    wait(control);
    if (fds_[0].revents != 0)
      return;
    if (fds_[1].revents != 0)
      accept();
    for (size_t i = 0; i < purposes_.size(); ++i)
      if (fds_[num_own_fds + i].revents != 0)
        serve(purposes_[i]);
    connections_.remove_if([](const auto& x) { return x.over(); });
  }
}

void far_relay::wait(int control) {
  fds_ = {{control, POLLIN, 0}, {listener_.get(), POLLIN, 0}};
  purposes_.clear();
  auto now = clock::now();
  std::optional<clock::time_point> next;
  for (auto& x : connections_) {
    for (size_t direction = 0; direction < x.lanes.size(); ++direction) {
      const auto& lane = x.lanes[direction];
      if (lane.wants_to_read()) {
        fds_.push_back({lane.source(), POLLIN, 0});
        purposes_.push_back({&x, direction, true});
      }
      auto due = lane.next_write();
      if (due && *due <= now) {
        fds_.push_back({lane.sink(), POLLOUT, 0});
        purposes_.push_back({&x, direction, false});
      } else if (due && (!next || *due < *next)) {
        next = due;
      }
    }
  }
  // To the nanosecond: a millisecond would be a part of what is measured.
  auto timeout = to_timespec(next.value_or(now) - now);
  ppoll(fds_.data(), fds_.size(), next ? &timeout : nullptr, nullptr);
}

void far_relay::accept() {
  descriptor caller{accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC)};
  auto target = make_socket();
  auto where = loopback(target_port_);
  if (caller.get() < 0
      || connect(target.get(), reinterpret_cast<sockaddr*>(&where),
                 sizeof(where))
           != 0)
    return;
  prepare_socket(caller);
  prepare_socket(target);
  connections_.emplace_back(std::move(caller), std::move(target), one_way_);
}

void far_relay::serve(const purpose& x) {
  // Since it was polled.
  if (x.owner->over())
    return;
  auto& lane = x.owner->lanes[x.direction];
  auto now = clock::now();
  switch (x.reading ? lane.read(now) : lane.write(now)) {
    case far_lane::status::open:
      break;
    case far_lane::status::finished:
      x.owner->finished[x.direction] = true;
      break;
    case far_lane::status::broken:
      x.owner->broken = true;
      break;
  }
  auto& most = most_held_[x.direction];
  most = std::max(most, lane.held());
}

} // namespace vigil::bench
