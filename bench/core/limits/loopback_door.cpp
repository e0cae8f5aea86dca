#include "bench/core/limits/loopback_door.hpp"

#include "bench/common/failure.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace vigil::bench {

namespace {

int new_socket() {
  auto result = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (result < 0)
    throw failure{"no socket"};
  return result;
}

sockaddr_in loopback(uint16_t port) {
  sockaddr_in result{};
  result.sin_family = AF_INET;
  result.sin_port = htons(port);
  result.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return result;
}

} // namespace

loopback_door::loopback_door() : socket_(new_socket()) {
  auto address = loopback(0);
  socklen_t size = sizeof(address);
  if (::bind(socket_, reinterpret_cast<sockaddr*>(&address), size) != 0
      || ::listen(socket_, 1) != 0
      || ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size)
           != 0) {
    ::close(socket_);
    throw failure{"cannot listen"};
  }
  port_ = ntohs(address.sin_port);
}

loopback_door::~loopback_door() {
  close();
}

void loopback_door::close() noexcept {
  if (socket_ >= 0)
    ::close(std::exchange(socket_, -1));
}

int loopback_door::accept() const {
  auto result = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
  if (result < 0)
    throw failure{"cannot accept"};
  return result;
}

int loopback_door::connect(uint16_t port) {
  auto result = new_socket();
  auto address = loopback(port);
  if (::connect(result, reinterpret_cast<sockaddr*>(&address), sizeof(address))
      == 0)
    return result;
  ::close(result);
  throw failure{"cannot connect"};
}

} // namespace vigil::bench
