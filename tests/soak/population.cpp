#include "tests/soak/population.hpp"

#include <algorithm>
#include <utility>

namespace vigil::soak {

namespace {

/// How many of those that have ended are remembered, to be monitored in vain.
constexpr size_t max_dead = 64;

/// How many monitors are remembered, to be demonitored.
constexpr size_t max_known = 2048;

} // namespace

process_ptr population::conceive(bool watches) {
  auto result = std::make_shared<process>();
  result->node = node_;
  result->watches = watches;
  ++unborn_;
  return result;
}

void population::born(const process_ptr& x, std::string pid) {
  x->pid = std::move(pid);
  --unborn_;
  alive_.push_back(x);
  if (x->watches)
    watchers_.push_back(x);
}

void population::tell_to_end(const process_ptr& x, std::string reason) {
  x->reason = std::move(reason);
  x->ending = true;
  alive_.erase(std::find(alive_.begin(), alive_.end(), x));
  if (x->watches)
    watchers_.erase(std::find(watchers_.begin(), watchers_.end(), x));
}

void population::stillborn(const process_ptr& x, time_point now) {
  --unborn_;
  x->ending = true;
  x->dead_since = now;
}

void population::gone(const process_ptr& x, time_point now) {
  x->dead_since = now;
  dead_.push_back(x);
  if (dead_.size() > max_dead)
    dead_.pop_front();
}

void population::monitored(std::string ref, process_ptr watcher) {
  known_monitors_.push_back({std::move(ref), std::move(watcher)});
  if (known_monitors_.size() > max_known)
    known_monitors_.pop_front();
}

void population::all_gone(time_point now) {
  for (auto& x : std::exchange(alive_, {})) {
    x->ending = true;
    gone(x, now);
  }
  watchers_.clear();
  known_monitors_.clear();
  for (auto& record : names_)
    record.confirm(record.change(nullptr));
}

} // namespace vigil::soak
