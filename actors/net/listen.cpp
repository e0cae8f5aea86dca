#include "actors/net/listen.hpp"

#include <caf/actor_system.hpp>
#include <caf/io/middleman.hpp>

#include <cerrno>
#include <system_error>

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

namespace vigil {

namespace {

std::string render(const std::string& address, uint16_t port) {
  return address + ':' + std::to_string(port);
}

/// CAF says only that it could not listen. Tries the same and returns the
/// reason.
error explain(const std::string& address, uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* list = nullptr;
  auto service = std::to_string(port);
  if (auto code = ::getaddrinfo(address.c_str(), service.c_str(), &hints,
                                &list))
    return {errc::bad_address, address + ": " + ::gai_strerror(code)};
  int failure = EADDRINUSE;
  auto fd = ::socket(list->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd >= 0) {
    if (::bind(fd, list->ai_addr, list->ai_addrlen) != 0)
      failure = errno;
    ::close(fd);
  }
  ::freeaddrinfo(list);
  auto code = failure == EADDRINUSE ? errc::address_in_use : errc::bad_address;
  return {code, render(address, port) + ": "
                  + std::generic_category().message(failure)};
}

} // namespace

result<uint16_t> listen(caf::actor_system& system, const caf::actor& endpoint,
                        uint16_t port, const std::string& address) {
  // With `reuse`, a node that is restarted gets its port back at once; a port
  // that somebody listens on stays taken.
  auto bound = system.middleman().publish(endpoint, port, address.c_str(),
                                          true);
  if (!bound)
    return explain(address, port);
  return *bound;
}

} // namespace vigil
