#include "tests/cluster/network_namespace.hpp"

#include "tests/cluster/cluster.hpp"
#include "tools/demo/child_process.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>
#include <utility>

namespace vigil::test {

namespace {

descriptor network_of_this_thread() {
  return descriptor{open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)};
}

/// Returns the path of `ip`, from the package iproute2.
const char* ip_program() {
  for (const auto* path : std::array{"/usr/sbin/ip", "/sbin/ip", "/usr/bin/ip"})
    if (access(path, X_OK) == 0)
      return path;
  return nullptr;
}

} // namespace

network_namespace::scope::scope(const network_namespace& inside)
  : inside_(inside) {
  REQUIRE(setns(inside_.inside_.get(), CLONE_NEWNET) == 0);
}

network_namespace::scope::~scope() {
  // Nothing of this program may stay where it does not belong.
  if (setns(inside_.outside_.get(), CLONE_NEWNET) != 0)
    std::abort();
}

network_namespace::network_namespace(descriptor outside,
                                     descriptor inside) noexcept
  : outside_(std::move(outside)),
    inside_(std::move(inside)) {
  // nop
}

std::optional<network_namespace> network_namespace::make() {
  auto outside = network_of_this_thread();
  if (ip_program() == nullptr || outside.get() < 0
      || unshare(CLONE_NEWNET) != 0)
    return std::nullopt;
  auto inside = network_of_this_thread();
  REQUIRE(setns(outside.get(), CLONE_NEWNET) == 0);
  REQUIRE(inside.get() >= 0);
  return network_namespace{std::move(outside), std::move(inside)};
}

std::string network_namespace::path() const {
  return "/proc/" + std::to_string(getpid()) + "/fd/"
         + std::to_string(inside_.get());
}

void network_namespace::ip(const std::string& command) const {
  CAPTURE(command);
  REQUIRE(try_ip(command));
}

bool network_namespace::try_ip(const std::string& command) const {
  scope here{*this};
  auto started = child_process::start(ip_program(), words(command));
  REQUIRE(started);
  auto status
    = started->wait(child_process::clock::now() + node_client::patience);
  if (status != 0)
    MESSAGE("ip " << command << ": " << started->errors());
  return status == 0;
}

} // namespace vigil::test
