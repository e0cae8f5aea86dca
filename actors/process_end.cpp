#include "actors/process_end.hpp"

#include <caf/all.hpp>

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>

namespace vigil {

namespace {

/// Counts those that have not ended. Outlives the last of them.
class running_count {
public:
  explicit running_count(size_t n) : count_(n) {
    // nop
  }

  void one_has_ended() {
    std::lock_guard guard{mutex_};
    if (--count_ == 0)
      none_.notify_all();
  }

  /// Waits until all have ended, but for `longest` at most; returns whether
  /// they have.
  bool wait(timespan longest) {
    std::unique_lock guard{mutex_};
    return none_.wait_for(guard, longest, [this] { return count_ == 0; });
  }

private:
  std::mutex mutex_;
  std::condition_variable none_;
  size_t count_;
};

} // namespace

void end_actors(const std::vector<caf::actor>& actors, timespan patience,
                timespan rest) {
  auto running = std::make_shared<running_count>(actors.size());
  for (const auto& x : actors)
    // Called at once for one that has ended.
    x->attach_functor(
      [running](const caf::error&) { running->one_has_ended(); });
  auto tell_all = [&](caf::exit_reason reason) {
    for (const auto& x : actors)
      caf::anon_send_exit(x, reason);
  };
  tell_all(caf::exit_reason::user_shutdown);
  if (running->wait(patience))
    return;
  tell_all(caf::exit_reason::kill);
  running->wait(rest);
}

} // namespace vigil
