#pragma once

#include "testkit/net/world.hpp"

#include <cstdint>
#include <string>

namespace vigil::testkit {

/// A world in which a test makes the weather by hand, of which nobody keeps
/// notes. All nodes stand at one place.
class quiet_world final : public world {
public:
  explicit quiet_world(uint64_t seed = 1) : world(seed, 1, false) {
    sky.be_still();
  }

  void count(const char*) override {
    // nop
  }

private:
  void write(std::string) override {
    // nop
  }
};

} // namespace vigil::testkit
