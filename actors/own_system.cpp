#include "actors/own_system.hpp"

#include <vigil/node.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/logger.hpp>
#include <caf/policy/work_sharing.hpp>
#include <caf/scheduler/coordinator.hpp>

#include <chrono>
#include <future>
#include <system_error>
#include <thread>
#include <utility>

namespace vigil {

namespace {

/// How long an end waits for the rest, once nothing runs any more.
constexpr timespan rest_patience{std::chrono::milliseconds{20}};

/// A third of the latency of work stealing, and no wake-ups while idle.
using sharing_scheduler
  = caf::scheduler::coordinator<caf::policy::work_sharing>;

} // namespace

/// Says when it has stopped: of an actor system that ends it is the last to
/// run. What follows waits for threads of others to give up its logger.
class own_system::scheduler final : public sharing_scheduler {
public:
  using sharing_scheduler::sharing_scheduler;

  static caf::actor_system::module* make(caf::actor_system& system,
                                         caf::detail::type_list<>) {
    return new scheduler(system);
  }

  std::future<void> stopped() {
    return stopped_.get_future();
  }

protected:
  void stop() override {
    sharing_scheduler::stop();
    system().await_detached_threads();
    stopped_.set_value();
  }

private:
  std::promise<void> stopped_;
};

class own_system::config : public caf::actor_system_config {
public:
  config() {
    configure(*this);
    set("middleman.workers", size_t{0});
    load<scheduler>();
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
  if (caf::logger::current_logger() == &x->system_->logger())
    caf::logger::set_current_actor_system(nullptr);
  auto stopped = static_cast<scheduler&>(x->system_->scheduler()).stopped();
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
  auto result = stopped.wait_for(longest) == std::future_status::ready;
  if (result && ended.wait_for(rest_patience) == std::future_status::ready)
    ending.join();
  else
    ending.detach();
  return result;
}

} // namespace vigil
