#include <vigil/process_registry.hpp>

#include <vigil/caf.hpp>
#include <vigil/exit_mapping.hpp>
#include <vigil/process_table.hpp>
#include "actors/loop/thread_scope.hpp"

#include "absl/container/flat_hash_map.h"

#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <utility>
#include <vector>

namespace vigil {

struct process_registry::state {
  struct process {
    /// Null while a process is being spawned.
    caf::actor actor;
    /// DOWNs that came while the process was being spawned: it runs before it
    /// is bound, and may have monitored something already.
    std::vector<down> early;
    /// Wants the DOWNs of lost sessions in few messages.
    bool batches = false;
  };

  /// The DOWNs of one delivery that belong to one loss and one watcher.
  struct batch {
    caf::actor watcher;
    std::vector<down> downs;
  };

  /// Which batch is that of a loss and a watcher.
  using batch_numbers = absl::flat_hash_map<std::pair<uint64_t, pid>, size_t>;

  mutable std::mutex mutex;
  std::optional<runtime_front> front;
  /// Why there are no processes while there is no front.
  error closed_why{errc::shutdown, {}};
  process_table<process, absl::flat_hash_map> processes;
  /// By address: proxies of different nodes can have the same id. `processes`
  /// keeps them from being used again.
  absl::flat_hash_map<const caf::actor_control_block*, pid> pids;
  /// The local numbers of the pids that mean no actor yet, and of the last that
  /// was given away; they grow. Then who wants to know when one more means one,
  /// or never will.
  std::set<uint64_t> spawning;
  uint64_t last_spawn = 0;
  std::function<void()> spawned;

  static const caf::actor_control_block* address_of(const caf::actor& x) {
    return caf::actor_cast<caf::actor_control_block*>(x);
  }

  /// Notes that a spawn is done; returns who is to be called without the lock.
  std::function<void()> spawn_done(const pid& id) {
    spawning.erase(local_number(id));
    return std::exchange(spawned, nullptr);
  }

  /// Makes a process invisible, then reports its end.
  void ended(const pid& id, const exit_reason& reason) {
    std::optional<runtime_front> reporter;
    // Released without the lock: with it may go the last reference to others
    // that are processes as well.
    std::optional<process> last;
    {
      std::lock_guard guard{mutex};
      last = processes.remove(id);
      if (!last)
        return;
      if (last->actor)
        pids.erase(address_of(last->actor));
      reporter = front;
    }
    if (reporter)
      // Fails only when the node is stopping, whose ends are not reported.
      static_cast<void>(reporter->process_exited(id, reason));
  }
};

namespace {

error no_actor() {
  return {errc::bad_argument, "a process is an actor, and this is none"};
}

} // namespace

process_registry::process_registry() : state_(std::make_shared<state>()) {
  // nop
}

process_registry::~process_registry() = default;

// -- processes ----------------------------------------------------------------

result<pid> process_registry::add(const caf::actor& x,
                                  const std::optional<process_name>& name) {
  if (!x)
    return no_actor();
  auto id = reserve(name);
  if (id && !bind(*id, x))
    return errc::shutdown;
  return id;
}

result<pid>
process_registry::spawn_process(const std::function<caf::actor(const pid&)>& f,
                                const std::optional<process_name>& name) {
  auto id = reserve(name);
  if (!id)
    return id;
  thread_scope scope;
  caf::actor x;
  try {
    x = f(*id);
  } catch (...) {
    abandon(*id);
    throw;
  }
  if (!x) {
    abandon(*id);
    return no_actor();
  }
  if (bind(*id, x))
    return id;
  // Nobody else may know it; the actor system would wait for it for ever.
  caf::anon_send_exit(x, caf::exit_reason::user_shutdown);
  return errc::shutdown;
}

result<pid> process_registry::reserve(const std::optional<process_name>& name) {
  std::lock_guard guard{state_->mutex};
  if (!state_->front)
    return state_->closed_why;
  auto id = state_->front->new_pid();
  if (auto why = state_->processes.add(id, {}, name); why != errc::none)
    return error{why, name->str()};
  state_->last_spawn = local_number(id);
  state_->spawning.insert(state_->last_spawn);
  return id;
}

bool process_registry::bind(const pid& id, const caf::actor& x) {
  std::function<void()> tell;
  auto known = false;
  {
    std::lock_guard guard{state_->mutex};
    tell = state_->spawn_done(id);
    if (auto process = state_->processes.find(id)) {
      known = true;
      process->actor = x;
      state_->pids[state::address_of(x)] = id;
      for (auto& message : std::exchange(process->early, {}))
        caf::anon_send(x, std::move(message));
    }
  }
  if (tell)
    tell();
  if (!known)
    return false;
  // Called at once if the actor has ended already.
  x->attach_functor([shared = state_, id](const caf::error& reason) {
    shared->ended(id, exit_reason_of(reason));
  });
  return true;
}

void process_registry::abandon(const pid& id) {
  std::function<void()> tell;
  {
    std::lock_guard guard{state_->mutex};
    tell = state_->spawn_done(id);
  }
  if (tell)
    tell();
  state_->ended(id, exit_reason::normal());
}

caf::actor process_registry::find(const pid& process) const {
  std::lock_guard guard{state_->mutex};
  auto found = state_->processes.find(process);
  return found != nullptr ? found->actor : caf::actor{};
}

std::optional<pid> process_registry::pid_of(const caf::actor& x) const {
  std::lock_guard guard{state_->mutex};
  auto i = state_->pids.find(state::address_of(x));
  if (i == state_->pids.end())
    return std::nullopt;
  return i->second;
}

// -- names --------------------------------------------------------------------

errc process_registry::register_name(const process_name& name,
                                     const pid& process) {
  std::lock_guard guard{state_->mutex};
  if (!state_->front)
    return state_->closed_why.code;
  return state_->processes.register_name(name, process);
}

errc process_registry::unregister_name(const process_name& name) {
  std::lock_guard guard{state_->mutex};
  if (!state_->front)
    return state_->closed_why.code;
  return state_->processes.unregister_name(name);
}

// -- losses -------------------------------------------------------------------

errc process_registry::batch_losses(const pid& process) {
  std::lock_guard guard{state_->mutex};
  if (!state_->front)
    return state_->closed_why.code;
  auto found = state_->processes.find(process);
  if (found == nullptr)
    return errc::noproc;
  found->batches = true;
  return errc::none;
}

// -- runtime ------------------------------------------------------------------

bool process_registry::alive(const pid& process) const noexcept {
  std::lock_guard guard{state_->mutex};
  return state_->processes.contains(process);
}

std::optional<pid>
process_registry::whereis(const process_name& name) const noexcept {
  std::lock_guard guard{state_->mutex};
  return state_->processes.whereis(name);
}

void process_registry::deliver(const down_notice* first,
                               size_t count) noexcept {
  std::lock_guard guard{state_->mutex};
  // In the order of their first DOWNs.
  std::vector<state::batch> batches;
  state::batch_numbers numbers;
  for (auto i = first; i != first + count; ++i) {
    auto watcher = state_->processes.find(i->watcher);
    if (watcher == nullptr)
      continue;
    if (watcher->batches && watcher->actor && i->message.loss != 0) {
      auto [number, fresh] = numbers.try_emplace({i->message.loss, i->watcher},
                                                 batches.size());
      if (fresh)
        batches.push_back({watcher->actor, {}});
      batches[number->second].downs.push_back(i->message);
    } else if (watcher->actor) {
      caf::anon_send(watcher->actor, i->message);
    } else {
      watcher->early.push_back(i->message);
    }
  }
  for (auto& x : batches) {
    auto peer = node_of(x.downs.front().object);
    caf::anon_send(x.watcher, down_batch{peer, std::move(x.downs)});
  }
}

void process_registry::remove_down(const pid&, reference) noexcept {
  // nop
}

// -- for the node -------------------------------------------------------------

uint64_t process_registry::last_spawn() const {
  std::lock_guard guard{state_->mutex};
  return state_->last_spawn;
}

bool process_registry::when_spawned(uint64_t last,
                                    const std::function<void()>& f) const {
  std::lock_guard guard{state_->mutex};
  if (state_->spawning.empty() || *state_->spawning.begin() > last)
    return false;
  state_->spawned = f;
  return true;
}

void process_registry::open(const runtime_front& front) {
  std::lock_guard guard{state_->mutex};
  state_->front.emplace(front);
}

std::vector<caf::actor> process_registry::close(const error& why) {
  std::map<pid, caf::actor> left;
  {
    std::lock_guard guard{state_->mutex};
    state_->front.reset();
    state_->closed_why = why;
    state_->processes.for_each([&](const pid& id, const state::process& x) {
      if (x.actor)
        left.emplace(id, x.actor);
    });
    state_->processes.clear();
    state_->pids.clear();
  }
  std::vector<caf::actor> result;
  result.reserve(left.size());
  for (auto& entry : left)
    result.push_back(std::move(entry.second));
  return result;
}

} // namespace vigil
