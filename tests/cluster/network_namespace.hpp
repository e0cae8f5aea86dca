#pragma once

#include "tools/descriptor.hpp"

#include <optional>
#include <string>

namespace vigil::test {

/// A network of its own, as if on another machine: no interface but its own, no
/// route but those it is given. It has no name and lasts as long as somebody
/// uses it, so that nothing is left behind, however a test ends.
///
/// Thread-safety: none; to be used by the thread that made it.
class network_namespace {
public:
  /// Lets everything that this thread starts be in the namespace for a while.
  class scope {
  public:
    explicit scope(const network_namespace& inside);

    scope(const scope&) = delete;

    scope& operator=(const scope&) = delete;

    ~scope();

  private:
    const network_namespace& inside_;
  };

  /// Makes a namespace; returns nothing where that is not allowed.
  static std::optional<network_namespace> make();

  /// Returns a path that stands for the namespace, for `ip`.
  std::string path() const;

  /// Runs `ip` with these words in the namespace; it must succeed.
  void ip(const std::string& command) const;

  /// Runs `ip`; returns whether it succeeded.
  bool try_ip(const std::string& command) const;

private:
  network_namespace(descriptor outside, descriptor inside) noexcept;

  descriptor outside_;
  descriptor inside_;
};

} // namespace vigil::test
