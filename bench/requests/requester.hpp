#pragma once

#include <vigil/actors.hpp>

#include <caf/all.hpp>

#include <chrono>
#include <cstddef>
#include <future>

namespace vigil::bench {

/// What answers monitor and demonitor requests: a control plane, or an actor
/// that does nothing but answer.
using request_server
  = caf::typed_actor<caf::replies_to<monitor_request>::with<reference>,
                     caf::replies_to<demonitor_request>::with<bool>>;

/// Keeps a number of requests in flight, each alternately a monitor and the
/// demonitor that takes it back, and measures how long all of them take.
class requester : public caf::event_based_actor {
public:
  using clock = std::chrono::steady_clock;

  struct order {
    request_server server;
    pid watcher;
    target object;
    size_t in_flight;
    size_t count;
    std::promise<clock::duration>* done;
  };

  requester(caf::actor_config& config, order what)
    : event_based_actor(config),
      what_(std::move(what)) {
    // nop
  }

protected:
  caf::behavior make_behavior() override {
    begin_ = clock::now();
    for (size_t i = 0; i < what_.in_flight; ++i)
      monitor();
    return {[](unit) {}};
  }

private:
  void monitor() {
    request(what_.server, caf::infinite,
            monitor_request{what_.object, what_.watcher})
      .then([this](reference ref) {
        ++answered_;
        demonitor(ref);
      });
  }

  void demonitor(reference ref) {
    request(what_.server, caf::infinite,
            demonitor_request{ref, {}, what_.watcher})
      .then([this](bool) {
        ++answered_;
        if (answered_ + what_.in_flight <= what_.count)
          return monitor();
        if (answered_ >= what_.count) {
          what_.done->set_value(clock::now() - begin_);
          quit();
        }
      });
  }

  order what_;
  clock::time_point begin_;
  size_t answered_ = 0;
};

} // namespace vigil::bench
