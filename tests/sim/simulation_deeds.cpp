// What happens at random in a run.

#include "tests/sim/simulation.hpp"

#include <algorithm>
#include <utility>

namespace vigil::sim {

using std::chrono::microseconds;
using std::chrono::milliseconds;

// -- how a run is -------------------------------------------------------------

void simulation::choose_weather() {
  auto& random = context_.random;
  auto& sky = context_.sky;
  static const std::vector<milliseconds> ticks{milliseconds{400},
                                               milliseconds{1000},
                                               milliseconds{2000},
                                               milliseconds{8000}};
  base_tick_ = random.pick(ticks);
  setup_time_ = random.between(milliseconds{500}, milliseconds{4000});
  sky.collapse = random.chance(600);
  auto slowest = std::min<timespan>(base_tick_ / 40, milliseconds{50});
  sky.latency = random.between(microseconds{100}, slowest);
  // Each kind of fault is there in some runs only, so that none hides others.
  auto sometimes = [&](unsigned permille) {
    return random.chance(300) ? permille : 0;
  };
  sky.dial_refused = sometimes(100);
  sky.dial_closed = sometimes(200);
  sky.dial_lost = sometimes(100);
  sky.dial_slow = sometimes(200);
  sky.closed_at_once = sometimes(200);
  sky.takeover = sometimes(300);
  sky.hiccup = sometimes(30);
  liars_ = random.chance(200);
}

void simulation::choose_deeds() {
  auto sometimes = [&](unsigned weight) {
    return context_.random.chance(350) ? weight : 0;
  };
  deeds_ = {
    {100, &simulation::spawn},
    {60, &simulation::end_process},
    {sometimes(15), &simulation::end_many},
    {40, &simulation::give_name},
    {15, &simulation::take_name},
    {300, &simulation::monitor},
    {sometimes(30), &simulation::monitor_many},
    {120, &simulation::demonitor},
    {20, &simulation::connect},
    {sometimes(20), &simulation::connect_both},
    {sometimes(15), &simulation::disconnect},
    {sometimes(20), &simulation::sync},
    {sometimes(15), &simulation::cut},
    {sometimes(15), &simulation::cut_one_way},
    {context_.random.chance(500) ? 20U : 60U, &simulation::heal},
    {sometimes(20), &simulation::close_socket},
    {sometimes(15), &simulation::replace_socket},
    {sometimes(30), &simulation::switch_sockets},
    {sometimes(20), &simulation::pause},
    {sometimes(10), &simulation::crash},
    {sometimes(8), &simulation::crash_silently},
    {sometimes(10), &simulation::stop},
    {40, &simulation::restart},
    {sometimes(8), &simulation::double_name},
    {liars_ ? 10U : 0U, &simulation::lie},
  };
  total_weight_ = 0;
  for (const auto& x : deeds_)
    total_weight_ += x.weight;
}

void simulation::do_something() {
  auto roll = context_.random.below(total_weight_);
  for (const auto& x : deeds_) {
    if (roll < x.weight)
      return (this->*x.what)();
    roll -= x.weight;
  }
}

// -- choices ------------------------------------------------------------------

sim_node& simulation::start(size_t place) {
  auto& random = context_.random;
  sim_node_traits traits;
  traits.place = place;
  traits.session.self = names_[place];
  auto number = static_cast<uint32_t>(random.next());
  // Now and then a node returns under the creation of its former life.
  if (!valid(last_creation_[place]) || random.chance(700))
    last_creation_[place] = creation{number != 0 ? number : 1};
  traits.session.life = last_creation_[place];
  traits.session.being = {random.next() | 1, random.next()};
  traits.session.tick_time = std::chrono::duration_cast<milliseconds>(
    random.between(base_tick_, base_tick_ * 2));
  traits.session.setup_time = setup_time_;
  traits.session.seed = random.next();
  // Numbers of two lives differ, as random ones of 32 bits do.
  traits.first_pid = static_cast<uint32_t>(1 + lives_.size() * 10000);
  traits.liar = liars_ && place == 0;
  lives_.push_back(std::make_unique<sim_node>(context_, network_, traits));
  auto& x = *lives_.back();
  x.on_exit_report(
    [this](sim_node& home, const pid& process) { note_debts(home, process); });
  x.on_loss([this](sim_node& home, node_name peer, const char* what) {
    judge_loss(home, peer, what);
  });
  x.on_sync(
    [this](sim_node& home, const sync_fact& fact) { judge_sync(home, fact); });
  x.on_debt([this](sim_node& home, const monitor_fact& fact) {
    judge_debt(home, fact);
  });
  if (current(place) == nullptr)
    current_[place] = &x;
  // The first nodes of a run disturb nobody.
  if (lives_.size() > num_nodes_)
    context_.sky.disturb(place, context_.clock.now());
  for (size_t i = 0; i < 3; ++i)
    x.spawn();
  return x;
}

sim_node* simulation::some_active() {
  std::vector<sim_node*> candidates;
  for (auto x : running())
    if (x->active())
      candidates.push_back(x);
  return candidates.empty() ? nullptr : context_.random.pick(candidates);
}

std::optional<pid> simulation::some_process(sim_node& x) {
  auto all = x.processes();
  if (all.empty())
    return std::nullopt;
  return context_.random.pick(all);
}

process_name simulation::some_name() {
  return context_.random.pick(process_names_);
}

target simulation::some_target(sim_node& from) {
  auto& random = context_.random;
  auto kind = random.below(100);
  if (kind < 25)
    return named_target{some_name(), random.pick(names_)};
  // Any life of any node, former ones and one's own included.
  auto recent = std::min<size_t>(lives_.size(), num_nodes_ + 2);
  auto& home = kind < 85 ? *lives_[lives_.size() - 1 - random.below(recent)]
                         : *random.pick(lives_);
  if (kind >= 97)
    return pid{home.name(), home.config().life, 9999, 0};
  auto process = some_process(home);
  if (process && home.running() && kind < 93)
    return *process;
  // One that was there once, if anybody has watched it.
  const auto& facts = from.monitors().facts();
  if (!facts.empty())
    return facts[random.below(facts.size())].object;
  return pid{home.name(), home.config().life, 9998, 0};
}

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
    x->connect(context_.random.pick(names_));
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
  auto x = some_active();
  if (x == nullptr)
    return;
  auto place = context_.random.below(num_nodes_);
  context_.log.count("disconnect request");
  context_.sky.disturb(x->place(), place, context_.clock.now());
  x->disconnect(names_[place]);
}

void simulation::sync() {
  if (auto x = some_active())
    x->sync(context_.random.pick(names_));
}

void simulation::stop() {
  auto x = some_active();
  if (x == nullptr)
    return;
  context_.log.count("orderly stop");
  context_.sky.request(x->place(), context_.clock.now());
  x->stop();
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
