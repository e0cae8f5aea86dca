// What is drawn by lot in a run: its weather, what can happen, and to whom.

#include "tests/sim/simulation.hpp"

#include <algorithm>
#include <string>
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
  sky.min_latency = sky.latency / 2;
  sky.goodbye_overtakes = context_.has(bug::goodbye_overtakes);
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
  // Few enough for a loss to take several steps.
  traits.limits.step_work = 1 + random.below(24);
  traits.cancels_pairs = random.chance(500);
  // Numbers of two lives differ, as random ones of 32 bits do.
  traits.first_pid = static_cast<uint32_t>(1 + lives_.size() * 10000);
  traits.liar = liars_ && place == 0;
  lives_.push_back(std::make_unique<sim_node>(context_, network_, traits));
  auto& x = *lives_.back();
  x.on_exit_report(
    [this](sim_node& node, const pid& process) { note_debts(node, process); });
  x.on_loss([this](sim_node& node, node_name peer, const char* what) {
    judge_loss(node, peer, what);
  });
  x.on_sync(
    [this](sim_node& node, const sync_fact& fact) { judge_sync(node, fact); });
  x.on_debt([this](sim_node& node, const monitor_fact& fact) {
    judge_debt(node, fact);
  });
  x.on_slices([this](sim_node& node) { meet_half_done(node); });
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
  auto& node = kind < 85 ? *lives_[lives_.size() - 1 - random.below(recent)]
                         : *random.pick(lives_);
  if (kind >= 97)
    return pid{node.name(), node.config().life, 9999, 0};
  auto process = some_process(node);
  if (process && node.running() && kind < 93)
    return *process;
  // One that was there once, if anybody has watched it.
  const auto& facts = from.monitors().facts();
  if (!facts.empty())
    return facts[random.below(facts.size())].object;
  return pid{node.name(), node.config().life, 9998, 0};
}

} // namespace vigil::sim
