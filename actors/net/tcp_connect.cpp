#include "actors/net/tcp_connect.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <netdb.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace vigil {

namespace {

struct socket_address {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

std::string describe_errno(int code) {
  return std::generic_category().message(code);
}

/// Returns a descriptor that one thread wakes another with; throws if there is
/// none: who waits for it without one would wait until a deadline.
int make_event() {
  auto fd = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (fd < 0)
    throw std::system_error{errno, std::generic_category()};
  return fd;
}

enum class wait_result { ready, cancelled, late };

/// Waits until `fd` is ready for `events`.
wait_result wait_for(int fd, short events, time_point deadline,
                     const cancellation& stop) {
  using std::chrono::milliseconds;
  for (;;) {
    auto left = std::chrono::ceil<milliseconds>(
                  deadline - std::chrono::steady_clock::now())
                  .count();
    if (left <= 0)
      return wait_result::late;
    std::array<pollfd, 2> fds{
      {{fd, events, 0}, {stop.descriptor(), POLLIN, 0}}};
    auto ready
      = ::poll(fds.data(), fds.size(),
               static_cast<int>(std::min<decltype(left)>(left, 60000)));
    if (ready < 0 && errno != EINTR)
      return wait_result::late;
    if (stop.cancelled())
      return wait_result::cancelled;
    if (ready > 0 && fds[0].revents != 0)
      return wait_result::ready;
  }
}

error explain(wait_result x, const char* what) {
  if (x == wait_result::cancelled)
    return {errc::shutdown, {}};
  return {errc::setup_timeout, what};
}

/// Appends the addresses of `host`; returns what getaddrinfo returns.
int look_up(const node_address& to, int flags,
            std::vector<socket_address>& out) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags | AI_NUMERICSERV;
  addrinfo* list = nullptr;
  auto failure = ::getaddrinfo(to.host.c_str(), std::to_string(to.port).c_str(),
                               &hints, &list);
  if (failure != 0)
    return failure;
  for (auto i = list; i != nullptr; i = i->ai_next) {
    socket_address x;
    std::memcpy(&x.storage, i->ai_addr, i->ai_addrlen);
    x.size = i->ai_addrlen;
    out.push_back(x);
  }
  ::freeaddrinfo(list);
  return 0;
}

/// What a thread that asks the system's resolver shares with the one that waits
/// for it. The resolver has no deadline, so either may be the last to go.
struct pending_look_up {
  pending_look_up() : done(make_event()) {
    // nop
  }

  ~pending_look_up() {
    ::close(done);
  }

  pending_look_up(const pending_look_up&) = delete;

  pending_look_up& operator=(const pending_look_up&) = delete;

  int done;
  std::mutex mutex;
  int failure = 0;
  std::vector<socket_address> addresses;
};

/// Lets a thread ask the system's resolver. Throws if there is none.
std::shared_ptr<pending_look_up> start_look_up(const node_address& to) {
  auto pending = std::make_shared<pending_look_up>();
  std::thread{[pending, to] {
    std::vector<socket_address> found;
    int failure = EAI_MEMORY;
    try {
      failure = look_up(to, 0, found);
    } catch (const std::bad_alloc&) {
      // That is what it says already.
    }
    std::lock_guard guard{pending->mutex};
    pending->failure = failure;
    pending->addresses = std::move(found);
    ::eventfd_write(pending->done, 1);
  }}.detach();
  return pending;
}

result<std::vector<socket_address>>
resolve_host(const node_address& to, time_point deadline, cancellation& stop) {
  std::vector<socket_address> numeric;
  if (look_up(to, AI_NUMERICHOST, numeric) == 0)
    return numeric;
  std::shared_ptr<pending_look_up> pending;
  try {
    pending = start_look_up(to);
  } catch (const std::system_error& x) {
    return error{errc::system_limit,
                 "the name lookup cannot start: " + x.code().message()};
  }
  auto outcome = wait_for(pending->done, POLLIN, deadline, stop);
  if (outcome != wait_result::ready)
    return explain(outcome, "the name lookup takes too long");
  std::lock_guard guard{pending->mutex};
  if (pending->failure != 0)
    return error{errc::unresolvable,
                 to.host + ": " + ::gai_strerror(pending->failure)};
  return std::move(pending->addresses);
}

/// A program that dials a port of the system's choice that nobody listens on
/// can meet itself.
bool is_connected_to_itself(int fd) {
  sockaddr_storage own{};
  sockaddr_storage other{};
  socklen_t own_size = sizeof(own);
  socklen_t other_size = sizeof(other);
  return ::getsockname(fd, reinterpret_cast<sockaddr*>(&own), &own_size) == 0
         && ::getpeername(fd, reinterpret_cast<sockaddr*>(&other), &other_size)
              == 0
         && own_size == other_size && std::memcmp(&own, &other, own_size) == 0;
}

/// Connects `fd`; returns `errc::none` or why it failed.
error connect_socket(int fd, const socket_address& to, time_point deadline,
                     const cancellation& stop) {
  auto address = reinterpret_cast<const sockaddr*>(&to.storage);
  int failure = ::connect(fd, address, to.size) == 0 ? 0 : errno;
  if (failure == EINPROGRESS || failure == EINTR) {
    auto outcome = wait_for(fd, POLLOUT, deadline, stop);
    if (outcome != wait_result::ready)
      return explain(outcome, "the address does not answer");
    socklen_t size = sizeof(failure);
    ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &failure, &size);
  }
  if (failure == 0 && is_connected_to_itself(fd))
    failure = ECONNREFUSED;
  // It was there, and is gone already.
  if (failure == ECONNRESET || failure == EPIPE)
    return {errc::closed, describe_errno(failure)};
  if (failure != 0)
    return {errc::refused, describe_errno(failure)};
  return {errc::none, {}};
}

} // namespace

cancellation::cancellation() : event_(make_event()) {
  // nop
}

cancellation::~cancellation() {
  ::close(event_);
}

void cancellation::cancel() {
  std::lock_guard guard{mutex_};
  cancelled_ = true;
  ::eventfd_write(event_, 1);
  if (guarded_ >= 0)
    ::shutdown(guarded_, SHUT_RDWR);
}

void cancellation::guard(int fd) {
  std::lock_guard lock{mutex_};
  guarded_ = fd;
  if (cancelled_)
    ::shutdown(guarded_, SHUT_RDWR);
}

void cancellation::unguard() {
  std::lock_guard lock{mutex_};
  guarded_ = -1;
}

result<int> tcp_connect(const node_address& to, time_point deadline,
                        cancellation& stop) {
  auto addresses = resolve_host(to, deadline, stop);
  if (!addresses)
    return addresses.failure();
  error failure{errc::unresolvable, to.host};
  for (const auto& address : *addresses) {
    auto fd = ::socket(address.storage.ss_family,
                       SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
      return error{errc::system_limit, describe_errno(errno)};
    failure = connect_socket(fd, address, deadline, stop);
    if (failure.code == errc::none)
      return fd;
    ::close(fd);
    if (failure.code != errc::refused)
      break;
  }
  failure.detail = to.host + ':' + std::to_string(to.port) + ' '
                   + failure.detail;
  return failure;
}

} // namespace vigil
