#include "actors/plane/process_lookup.hpp"

#include <caf/actor_cast.hpp>

#include <utility>

namespace vigil {

std::optional<pid>
process_lookup::known(const caf::strong_actor_ptr& who) const {
  if (source_.pid_of == nullptr || who == nullptr || waits(who))
    return std::nullopt;
  return source_.pid_of(caf::actor_cast<caf::actor>(who));
}

void process_lookup::find(const caf::strong_actor_ptr& who, callback then) {
  auto i = waiting_.find(who.get());
  if (i == waiting_.end()) {
    auto last = source_.last_spawn != nullptr ? source_.last_spawn() : 0;
    if (auto outcome = look(who, last))
      return then(*outcome);
    i = waiting_.emplace(who.get(), questions{who, last, {}}).first;
  }
  i->second.then.push_back(std::move(then));
}

void process_lookup::retry() {
  for (auto i = waiting_.begin(); i != waiting_.end();) {
    auto outcome = look(i->second.who, i->second.last_spawn);
    if (!outcome) {
      ++i;
      continue;
    }
    auto answered = std::move(i->second);
    i = waiting_.erase(i);
    for (auto& then : answered.then)
      then(*outcome);
  }
}

void process_lookup::refuse(errc why) {
  for (auto& [address, mine] : std::exchange(waiting_, {}))
    for (auto& then : mine.then)
      then(why);
}

std::optional<result<pid>>
process_lookup::look(const caf::strong_actor_ptr& who,
                     uint64_t last_spawn) const {
  if (source_.pid_of == nullptr)
    return error{errc::noproc, "the processes of this node are those of its "
                               "runtime: the request must name the watcher"};
  if (who != nullptr) {
    // Asked for first: what is spawned until then is seen.
    auto more = source_.when_spawned(last_spawn, wake_);
    if (auto process = source_.pid_of(caf::actor_cast<caf::actor>(who)))
      return *process;
    if (more)
      return std::nullopt;
  }
  return error{errc::noproc, "the sender is no process of this node: "
                             "processes().add makes it one"};
}

} // namespace vigil
