#include "testkit/actors/hand_scheduler.hpp"

#include "actors/net/random_node_id.hpp"
#include "testkit/actors/drop_attachables.hpp"

#include <caf/actor_system.hpp>
#include <caf/exit_reason.hpp>
#include <caf/scheduled_actor.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace vigil::testkit {

namespace {

/// Returns the actor behind a job; null if it is something else.
caf::scheduled_actor* actor_of(caf::resumable& x) {
  return x.subtype() == caf::resumable::scheduled_actor
           ? static_cast<caf::scheduled_actor*>(&x)
           : nullptr;
}

} // namespace

hand_scheduler::hand_scheduler(caf::actor_system& system, driver& x,
                               caf::node_id self)
  : test_coordinator(system),
    driver_(x),
    self_(std::move(self)),
    clock_(x),
    unit_(system, *this) {
  // nop
}

// -- module -------------------------------------------------------------------

void hand_scheduler::start() {
  set_node_id(system(), self_);
  test_coordinator::start();
}

void hand_scheduler::stop() {
  close();
}

// -- jobs ---------------------------------------------------------------------

void hand_scheduler::enqueue(caf::resumable* x) {
  auto who = actor_of(*x);
  if (who != nullptr && &who->home_system() != &system()) {
    // A handle that was used in another system than its own.
    who->home_system().scheduler().enqueue(x);
  } else if (closed_ || !driver_.actor_waits()) {
    intrusive_ptr_release(x);
  } else {
    meet(*x);
    jobs.push_back(x);
  }
}

void hand_scheduler::meet(caf::resumable& x) {
  auto who = actor_of(x);
  if (who == nullptr || who->getf(caf::abstract_actor::is_initialized_flag))
    return;
  if (actors_.size() >= sweep_at_)
    forget_destroyed();
  actors_.emplace(who->id(), who->ctrl());
}

void hand_scheduler::forget_destroyed() {
  for (auto i = actors_.begin(); i != actors_.end();)
    i = i->second->strong_refs == 0 ? actors_.erase(i) : std::next(i);
  sweep_at_ = std::max(sweep_at_, 2 * actors_.size());
}

void hand_scheduler::run_one(size_t choice) {
  auto job = std::exchange(jobs[choice], jobs.back());
  jobs.pop_back();
  auto who = actor_of(*job);
  auto id = who != nullptr ? who->id() : caf::invalid_actor_id;
  switch (job->resume(&unit_, 1)) {
    case caf::resumable::resume_later:
      return enqueue(job);
    case caf::resumable::done:
      actors_.erase(id);
      break;
    default:
      break;
  }
  intrusive_ptr_release(job);
}

void hand_scheduler::trigger() {
  clock_.trigger_expired_timeouts();
}

// -- ends ---------------------------------------------------------------------

void hand_scheduler::close() {
  closed_ = true;
}

void hand_scheduler::end_actors() {
  close();
  std::vector<caf::strong_actor_ptr> held;
  held.reserve(actors_.size());
  for (const auto& [id, x] : std::exchange(actors_, {}))
    if (auto strong = caf::actor_cast<caf::strong_actor_ptr>(x))
      held.push_back(std::move(strong));
  for (const auto& x : held)
    end_actor(static_cast<caf::scheduled_actor&>(*x->get()));
  clock_.stop();
  for (auto x : std::exchange(jobs, {}))
    intrusive_ptr_release(x);
}

void hand_scheduler::end_actor(caf::scheduled_actor& x) {
  drop_attachables(x);
  x.context(&unit_);
  x.quit(caf::exit_reason::kill);
  if (!x.finalize())
    x.cleanup(caf::exit_reason::kill, &unit_);
}

} // namespace vigil::testkit
