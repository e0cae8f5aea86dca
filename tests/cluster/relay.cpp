#include "tests/cluster/relay.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <utility>

namespace vigil::test {

namespace {

using clock = relay_lane::clock;

constexpr std::chrono::seconds patience{20};

void prepare_socket(const descriptor& x) {
  int on = 1;
  setsockopt(x.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  // What the kernel holds for a slow link is bounded, so that its sender feels
  // it; with room for a few of loopback's segments, or TCP itself would stall.
  int size = 256 * 1024;
  setsockopt(x.get(), SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
  fcntl(x.get(), F_SETFL, O_NONBLOCK);
}

} // namespace

relay::connection::connection(descriptor caller, descriptor node)
  : caller_socket(std::move(caller)),
    node_socket(std::move(node)),
    lanes{relay_lane{caller_socket.get(), node_socket.get()},
          relay_lane{node_socket.get(), caller_socket.get()}} {
  // nop
}

bool relay::connection::over() const noexcept {
  return caller_socket.get() < 0 || (finished[to_node] && finished[to_caller]);
}

void relay::connection::end(ending how) {
  for (auto* socket : {&caller_socket, &node_socket}) {
    // Closed with a time of zero to linger, a connection is reset.
    linger now{1, 0};
    if (how == ending::reset)
      setsockopt(socket->get(), SOL_SOCKET, SO_LINGER, &now, sizeof(now));
    socket->reset();
  }
}

relay::relay(uint16_t node_port)
  : node_port_(node_port),
    worker_([this] { run(); }) {
  // nop
}

relay::~relay() {
  change([this] { stopped_ = true; });
  worker_.join();
}

template <class Change>
void relay::change(Change f) {
  {
    std::lock_guard guard{mutex_};
    f();
  }
  changed_.raise();
}

void relay::await(const std::function<bool()>& condition) {
  std::unique_lock guard{mutex_};
  REQUIRE(progress_.wait_for(guard, patience, condition));
}

uint64_t relay::forwarded(way direction) {
  std::lock_guard guard{mutex_};
  return rules_[direction].forwarded;
}

// -- faults -------------------------------------------------------------------

void relay::stall(way direction) {
  change([&] { rules_[direction].stalled = true; });
}

void relay::stall() {
  change([&] {
    for (auto& rules : rules_)
      rules.stalled = true;
  });
}

void relay::resume() {
  change([&] {
    for (auto& rules : rules_)
      rules.stalled = false;
  });
}

void relay::delay(std::chrono::milliseconds longest, uint32_t seed) {
  change([&] {
    for (auto& rules : rules_) {
      rules.longest_delay = longest;
      rules.random.seed(seed++);
    }
  });
}

void relay::throttle(size_t bytes_per_second) {
  change([&] {
    for (auto& rules : rules_)
      rules.bytes_per_second = bytes_per_second;
  });
}

void relay::cut_after(way direction, uint64_t bytes, ending how) {
  change([&] {
    rules_[direction].bytes_to_cut = bytes;
    how_ = how;
  });
}

void relay::await_cut() {
  await([this] {
    return std::none_of(rules_.begin(), rules_.end(), [](const auto& rules) {
      return rules.bytes_to_cut.has_value();
    });
  });
}

void relay::spare() {
  change([this] {
    for (auto& rules : rules_)
      rules.bytes_to_cut.reset();
  });
}

void relay::await_closed() {
  await([this] { return connections_.empty(); });
}

// -- on the thread that does the work -----------------------------------------

void relay::run() {
  while (auto timeout = prepare()) {
    poll(fds_.data(), fds_.size(), *timeout);
    changed_.lower();
    std::lock_guard guard{mutex_};
    if (fds_[1].revents != 0)
      accept();
    // A cut after no byte at all takes the connection there is.
    if (cut_is_due() && !connections_.empty())
      cut(connections_.back());
    for (const auto& x : polled_)
      if (!x.owner->over())
        serve(*x.owner, x.direction, x.reading);
    connections_.remove_if([](const auto& x) { return x.over(); });
    progress_.notify_all();
  }
}

std::optional<int> relay::prepare() {
  std::lock_guard guard{mutex_};
  if (stopped_)
    return std::nullopt;
  fds_ = {{changed_.fd(), POLLIN, 0}, {listener_.fd(), POLLIN, 0}};
  polled_.clear();
  auto now = clock::now();
  auto next = clock::time_point::max();
  for (auto i = connections_.begin(); i != connections_.end(); ++i) {
    for (size_t direction = 0; direction < i->lanes.size(); ++direction) {
      const auto& lane = i->lanes[direction];
      if (lane.wants_to_read(rules_[direction])) {
        fds_.push_back({lane.source(), POLLIN, 0});
        polled_.push_back({i, direction, true});
      }
      auto due = lane.next_write(rules_[direction]);
      if (due && *due <= now) {
        fds_.push_back({lane.sink(), POLLOUT, 0});
        polled_.push_back({i, direction, false});
      } else if (due) {
        next = std::min(next, *due);
      }
    }
  }
  if (next == clock::time_point::max())
    return -1;
  using std::chrono::milliseconds;
  return static_cast<int>(std::chrono::ceil<milliseconds>(next - now).count());
}

void relay::accept() {
  auto caller = listener_.accept();
  auto node = tcp_try_connect(node_port_);
  if (node.get() < 0)
    return;
  for (const auto* socket : {&caller, &node})
    prepare_socket(*socket);
  connections_.emplace_back(std::move(caller), std::move(node));
}

void relay::serve(connection& x, size_t direction, bool reading) {
  auto& lane = x.lanes[direction];
  auto& rules = rules_[direction];
  // Since it was polled.
  if (rules.stalled)
    return;
  auto now = clock::now();
  switch (reading ? lane.read(rules, now) : lane.write(rules, now)) {
    case relay_lane::status::open:
      return;
    case relay_lane::status::finished:
      x.finished[direction] = true;
      return;
    case relay_lane::status::broken:
      return x.end(ending::reset);
    case relay_lane::status::cut:
      return cut(x);
  }
}

void relay::cut(connection& x) {
  x.end(how_);
  for (auto& rules : rules_)
    rules.bytes_to_cut.reset();
}

bool relay::cut_is_due() const noexcept {
  return std::any_of(rules_.begin(), rules_.end(), [](const auto& rules) {
    return rules.bytes_to_cut == 0U;
  });
}

} // namespace vigil::test
