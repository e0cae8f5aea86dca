#include "actors/plane/process_lookup.hpp"

#include <caf/actor_cast.hpp>

#include <utility>

namespace vigil {

std::optional<pid> process_lookup::known(const caf::strong_actor_ptr& who) {
  retry();
  if (source_.pid_of == nullptr || who == nullptr || !waiting_.empty())
    return std::nullopt;
  return source_.pid_of(caf::actor_cast<caf::actor>(who));
}

void process_lookup::find(const caf::strong_actor_ptr& who, callback then) {
  question x{who, std::move(then)};
  if (!waiting_.empty() || !answer(x))
    waiting_.push_back(std::move(x));
}

void process_lookup::retry() {
  while (!waiting_.empty() && answer(waiting_.front()))
    waiting_.pop_front();
}

void process_lookup::refuse(errc why) {
  for (auto& x : std::exchange(waiting_, {}))
    x.then(why);
}

bool process_lookup::answer(const question& x) {
  if (source_.pid_of == nullptr) {
    x.then(error{errc::noproc, "the processes of this node are those of its "
                               "runtime: the request must name the watcher"});
    return true;
  }
  if (x.who != nullptr) {
    // Asked for first: what is spawned until then is seen.
    auto more = source_.when_spawned(wake_);
    if (auto process = source_.pid_of(caf::actor_cast<caf::actor>(x.who))) {
      x.then(*process);
      return true;
    }
    if (more)
      return false;
  }
  x.then(error{errc::noproc, "the sender is no process of this node: "
                             "processes().add makes it one"});
  return true;
}

} // namespace vigil
