#include "tests/cluster/tcp.hpp"

#include <doctest/doctest.h>

#include <arpa/inet.h>
#include <cstring>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace vigil::test {

namespace {

constexpr int patience = 20000;

sockaddr_in loopback(uint16_t port) {
  sockaddr_in result{};
  result.sin_family = AF_INET;
  result.sin_port = htons(port);
  result.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return result;
}

descriptor make_socket() {
  descriptor result{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  REQUIRE(result.get() >= 0);
  return result;
}

} // namespace

tcp_listener::tcp_listener() : socket_(make_socket()) {
  auto where = loopback(0);
  socklen_t size = sizeof(where);
  auto* generic = reinterpret_cast<sockaddr*>(&where);
  REQUIRE(bind(socket_.get(), generic, size) == 0);
  REQUIRE(listen(socket_.get(), 16) == 0);
  REQUIRE(getsockname(socket_.get(), generic, &size) == 0);
  port_ = ntohs(where.sin_port);
}

std::string tcp_listener::address() const {
  return "127.0.0.1:" + std::to_string(port_);
}

descriptor tcp_listener::accept() {
  pollfd fd{socket_.get(), POLLIN, 0};
  REQUIRE(poll(&fd, 1, patience) == 1);
  descriptor result{accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC)};
  REQUIRE(result.get() >= 0);
  return result;
}

descriptor tcp_connect(uint16_t port) {
  auto result = tcp_try_connect(port);
  REQUIRE(result.get() >= 0);
  return result;
}

descriptor tcp_try_connect(uint16_t port) noexcept {
  descriptor result{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  auto where = loopback(port);
  if (connect(result.get(), reinterpret_cast<sockaddr*>(&where), sizeof(where))
      != 0)
    result.reset();
  return result;
}

void tcp_send(const descriptor& socket, std::string_view bytes) {
  [[maybe_unused]] auto sent = send(socket.get(), bytes.data(), bytes.size(),
                                    MSG_NOSIGNAL | MSG_DONTWAIT);
}

bool tcp_wait_closed(const descriptor& socket) {
  for (;;) {
    pollfd fd{socket.get(), POLLIN, 0};
    if (poll(&fd, 1, patience) != 1)
      return false;
    char buffer[4096];
    if (recv(socket.get(), buffer, sizeof(buffer), 0) <= 0)
      return true;
  }
}

} // namespace vigil::test
