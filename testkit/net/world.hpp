#pragma once

#include "testkit/net/agenda.hpp"
#include "testkit/net/random_source.hpp"
#include "testkit/net/sky.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace vigil::testkit {

class station;

/// What all parts of one run share: its chance, its time, what stands between
/// its nodes, and who keeps notes.
class world {
public:
  world(uint64_t seed, size_t num_nodes, bool is_noted)
    : random(seed),
      sky(num_nodes),
      is_noted_(is_noted) {
    // nop
  }

  virtual ~world() = default;

  /// Notes the line that `f` returns, which is only made if somebody wants to
  /// read it.
  template <class F>
  void note(F f) {
    if (is_noted_)
      write(f());
  }

  /// Returns whether somebody wants to read what is noted.
  bool is_noted() const noexcept {
    return is_noted_;
  }

  /// Counts a fault of the network or of a node.
  virtual void count(const char* kind) = 0;

  /// The same for one of the network that happens to `what`, on its way between
  /// two nodes.
  virtual void count_between(const char* kind, const station& /*from*/,
                             const station& /*to*/, const char* /*what*/) {
    count(kind);
  }

  random_source random;
  agenda clock;
  testkit::sky sky;

private:
  virtual void write(std::string line) = 0;

  bool is_noted_;
};

} // namespace vigil::testkit
