// What happens at random in a run.

#include "tests/sim/simulation.hpp"

#include <algorithm>
#include <utility>

namespace vigil::sim {

using std::chrono::microseconds;

// -- processes ----------------------------------------------------------------

void simulation::spawn() {
  auto x = some_active();
  if (x != nullptr && x->processes().size() < 12)
    x->spawn();
}

void simulation::end_process() {
  auto x = some_active();
  if (x == nullptr)
    return;
  if (auto process = some_process(*x))
    x->exit(*process);
}

void simulation::end_many() {
  auto x = some_active();
  if (x == nullptr)
    return;
  for (auto& process : x->processes())
    if (context_.random.chance(500))
      x->exit(process);
}

void simulation::give_name() {
  auto x = some_active();
  if (x == nullptr)
    return;
  if (auto process = some_process(*x))
    x->give_name(*process, some_name());
}

void simulation::take_name() {
  if (auto x = some_active())
    x->take_name(some_name());
}

void simulation::monitor() {
  auto x = some_active();
  if (x == nullptr)
    return;
  auto watcher = some_process(*x);
  if (!watcher)
    return;
  auto object = some_target(*x);
  if (context_.random.chance(20)) {
    // By a process that ends at this very moment, in another thread.
    x->exit(*watcher);
    context_.log.count("monitor by a dead process");
  }
  x->monitor(*watcher, object);
}

void simulation::monitor_many() {
  auto x = some_active();
  if (x == nullptr)
    return;
  for (auto i = context_.random.below(40); i > 0; --i) {
    monitor();
    // One by one they fill the window, together they share a frame.
    if (context_.random.chance(500))
      context_.clock.run_for(microseconds{context_.random.below(200)});
  }
}

void simulation::demonitor() {
  auto x = some_active();
  if (x == nullptr)
    return;
  const auto& facts = x->monitors().facts();
  if (facts.empty())
    return;
  auto recent = std::min<size_t>(facts.size(), 30);
  auto fact = facts[facts.size() - 1 - context_.random.below(recent)];
  auto watcher = fact.watcher;
  // Now and then by a process whose monitor it is not.
  if (context_.random.chance(50))
    watcher = some_process(*x).value_or(watcher);
  if (context_.truth.alive(watcher))
    x->demonitor(watcher, fact.ref, context_.random.chance(300));
}

// -- people -------------------------------------------------------------------

void simulation::connect() {
  if (auto x = some_active())
    x->connect(context_.random.pick(names_), context_.random.chance(200));
}

void simulation::connect_both() {
  auto x = some_active();
  auto y = some_active();
  if (x == nullptr || y == nullptr || x == y)
    return;
  context_.log.count("simultaneous dials");
  x->connect(y->name());
  context_.clock.run_for(context_.random.between({}, context_.sky.latency));
  y->connect(x->name());
}

void simulation::disconnect() {
  if (auto x = some_active())
    disconnect(*x);
}

void simulation::disconnect(sim_node& x) {
  auto place = context_.random.below(num_nodes_);
  context_.log.count("disconnect request");
  context_.sky.disturb(x.place(), place, context_.clock.now());
  x.disconnect(names_[place]);
}

void simulation::sync() {
  if (auto x = some_active())
    x->sync(context_.random.pick(names_));
}

void simulation::stop() {
  if (auto x = some_active())
    stop(*x);
}

void simulation::stop(sim_node& x) {
  context_.log.count("orderly stop");
  context_.sky.request(x.place(), context_.clock.now());
  x.stop();
}

void simulation::meet_half_done(sim_node& x) {
  auto roll = context_.random.below(1000);
  if (roll < 200) {
    const auto& facts = x.monitors().facts();
    if (facts.empty())
      return;
    auto fact = facts[context_.random.below(facts.size())];
    if (!fact.pending() || !context_.truth.alive(fact.watcher))
      return;
    context_.log.count("between slices: demonitor");
    x.demonitor(fact.watcher, fact.ref, roll < 60);
  } else if (roll < 300) {
    context_.log.count("between slices: exit");
    if (auto process = some_process(x))
      x.exit(*process);
  } else if (roll < 380) {
    context_.log.count("between slices: monitor");
    if (auto process = some_process(x))
      x.monitor(*process, some_target(x));
  } else if (roll < 420) {
    context_.log.count("between slices: disconnect");
    disconnect(x);
  } else if (roll < 430) {
    context_.log.count("between slices: socket closed");
    network_.close_some();
  } else if (roll < 433) {
    context_.log.count("between slices: stop");
    stop(x);
  }
}

// -- faults -------------------------------------------------------------------

void simulation::cut() {
  auto x = context_.random.below(num_nodes_);
  auto y = context_.random.below(num_nodes_);
  if (x == y)
    return;
  context_.log.count("cut");
  context_.note([&] {
    return "-- cut between " + to_string(names_[x]) + " and "
           + to_string(names_[y]);
  });
  context_.sky.set_cut(x, y, true);
  context_.sky.set_cut(y, x, true);
  context_.sky.disturb(x, y, context_.clock.now());
}

void simulation::cut_one_way() {
  auto x = context_.random.below(num_nodes_);
  auto y = context_.random.below(num_nodes_);
  if (x == y)
    return;
  context_.log.count("one-way cut");
  context_.note([&] {
    return "-- cut from " + to_string(names_[x]) + " to "
           + to_string(names_[y]);
  });
  context_.sky.set_cut(x, y, true);
  context_.sky.disturb(x, y, context_.clock.now());
}

void simulation::heal() {
  if (!context_.sky.any_cut())
    return;
  context_.log.count("heal");
  heal_all();
}

void simulation::heal_all() {
  context_.note([] { return std::string{"-- all cuts heal"}; });
  for (size_t x = 0; x < num_nodes_; ++x)
    for (size_t y = 0; y < num_nodes_; ++y)
      if (context_.sky.is_cut(x, y)) {
        context_.sky.set_cut(x, y, false);
        context_.sky.disturb(x, y, context_.clock.now());
      }
  network_.thaw();
}

void simulation::close_socket() {
  network_.close_some();
}

void simulation::replace_socket() {
  network_.replace_some();
}

void simulation::switch_sockets() {
  network_.switch_some();
}

void simulation::pause() {
  auto x = some_active();
  if (x == nullptr)
    return;
  auto tick = x->config().tick_time;
  auto longer = context_.random.chance(300);
  context_.log.count(longer ? "long pause" : "pause");
  x->pause(context_.random.between({}, longer ? tick * 3 : tick / 2));
}

void simulation::crash() {
  auto x = some_active();
  if (x == nullptr)
    return;
  context_.log.count("crash");
  x->crash(false);
}

void simulation::crash_silently() {
  auto x = some_active();
  if (x == nullptr)
    return;
  context_.log.count("silent crash");
  x->crash(true);
}

void simulation::restart() {
  for (size_t i = 0; i < num_nodes_; ++i)
    if (current(i) == nullptr) {
      auto former = last_creation_[i];
      start(i);
      context_.log.count(last_creation_[i] == former
                           ? "restart, same creation"
                           : "restart, another creation");
      return;
    }
}

void simulation::double_name() {
  auto place = context_.random.below(num_nodes_);
  auto first = current(place);
  if (first == nullptr)
    return;
  // Two at a time are enough.
  size_t count = 0;
  for (auto x : running())
    if (x->place() == place)
      ++count;
  if (count > 1)
    return;
  context_.log.count("second node under a live name");
  start(place);
}

void simulation::lie() {
  auto x = current(0);
  auto y = some_active();
  if (x != nullptr && x->active() && y != nullptr && y->place() != 0)
    x->lie(*y);
}

} // namespace vigil::sim
