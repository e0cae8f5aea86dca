#include "actors/own_system.hpp"

#include <vigil/node.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/atom.hpp>

#include <future>
#include <system_error>
#include <thread>
#include <utility>

namespace vigil {

class own_system::config : public caf::actor_system_config {
public:
  config() {
    configure(*this);
    // A third of the latency of work stealing, and no wake-ups while idle.
    set("scheduler.policy", caf::atom("sharing"));
    set("middleman.workers", size_t{0});
  }
};

result<std::unique_ptr<own_system>> own_system::make() {
  auto options = std::make_unique<config>();
  if (auto good = check_configuration(*options); !good)
    return good.failure();
  return std::unique_ptr<own_system>{new own_system(std::move(options))};
}

own_system::own_system(std::unique_ptr<config> options)
  : config_(std::move(options)),
    system_(std::make_unique<caf::actor_system>(*config_)) {
  // nop
}

own_system::~own_system() = default;

caf::actor_system& own_system::get() noexcept {
  return *system_;
}

bool own_system::end(std::unique_ptr<own_system> x, timespan longest) {
  std::promise<void> promise;
  auto ended = promise.get_future();
  auto end_it = [system = x.get(), promise = std::move(promise)]() mutable {
    delete system;
    promise.set_value();
  };
  std::thread ending;
  try {
    ending = std::thread{std::move(end_it)};
  } catch (const std::system_error&) {
    // There is no thread to be had, and no other way to end it in time.
    static_cast<void>(x.release());
    return false;
  }
  static_cast<void>(x.release());
  if (ended.wait_for(longest) != std::future_status::ready) {
    ending.detach();
    return false;
  }
  ending.join();
  return true;
}

} // namespace vigil
