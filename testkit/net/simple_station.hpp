#pragma once

#include "testkit/net/station.hpp"
#include "testkit/net/world.hpp"

#include <string>
#include <utility>

namespace vigil::testkit {

/// A node that takes what is posted at once, one after the other, and never
/// pauses. It must not go before the time of its world ends.
class simple_station : public station {
public:
  simple_station(testkit::world& home, life_id id, node_name name)
    : home_(home),
      id_(id),
      name_(name) {
    // nop
  }

  simple_station(const simple_station&) = delete;

  simple_station& operator=(const simple_station&) = delete;

  /// Takes what was posted.
  virtual void step(const core_event& what) = 0;

  /// Ends the node: nothing that is posted reaches it any more.
  void end() noexcept {
    running_ = false;
  }

  time_point now() const noexcept {
    return home_.clock.now();
  }

  life_id id() const noexcept final {
    return id_;
  }

  size_t place() const noexcept final {
    return 0;
  }

  node_name name() const noexcept final {
    return name_;
  }

  std::string label() const final {
    return to_string(name_);
  }

  bool running() const noexcept final {
    return running_;
  }

  bool paused() const noexcept final {
    return false;
  }

  void post(core_event x) final {
    later([this, what = std::move(x)] { step(what); });
  }

  void post_message(connection_id from, session_message x,
                    const frame_mark&) final {
    post(event::arrived{from, std::move(x)});
  }

protected:
  testkit::world& home() noexcept {
    return home_;
  }

  /// Does something after what waits already, unless the node has ended then.
  template <class F>
  void later(F what) {
    home_.clock.in({}, [this, what = std::move(what)] {
      if (running_)
        what();
    });
  }

private:
  testkit::world& home_;
  const life_id id_;
  const node_name name_;
  bool running_ = true;
};

} // namespace vigil::testkit
