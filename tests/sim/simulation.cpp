// The phases of a run and what must be true at the end of each. What happens at
// random is in simulation_deeds.cpp.

#include "tests/sim/simulation.hpp"

#include <algorithm>
#include <utility>

namespace vigil::sim {

using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr size_t num_process_names = 4;

/// No run makes so much wait for one peer.
constexpr size_t max_backlog = size_t{1} << 20;

} // namespace

simulation::simulation(const simulation_options& options)
  : options_(options),
    num_nodes_(2 + testkit::random_source{options.seed}.below(4)),
    context_(options.seed, num_nodes_, options.seeded, options.transcript),
    network_(context_, [this](node_name name) { return listener(name); }),
    current_(num_nodes_, nullptr),
    last_creation_(num_nodes_) {
  // The order of names must not always be that of places.
  auto turn = context_.random.below(num_nodes_);
  for (size_t i = 0; i < num_nodes_; ++i) {
    auto letter = static_cast<char>('a' + (i + turn) % num_nodes_);
    names_.push_back(*node_name::parse(std::string{letter} + "@sim"));
  }
  for (size_t i = 0; i < num_process_names; ++i)
    process_names_.push_back(*process_name::parse("name" + std::to_string(i)));
}

simulation_result simulation::run() {
  simulation_result result;
  try {
    run_phases();
  } catch (const violation& x) {
    result.broken = x.what();
    context_.note([&] { return std::string{"BROKEN  "} + x.what(); });
  }
  result.steps = context_.steps;
  for (auto& x : lives_)
    result.monitors += x->monitors().facts().size();
  result.faults = context_.log.faults();
  result.lines = context_.log.lines();
  result.outcome = context_.log.outcome();
  return result;
}

void simulation::run_phases() {
  choose_weather();
  choose_deeds();
  for (size_t i = 0; i < num_nodes_; ++i)
    start(i);
  auto pace = base_tick_ / 10;
  for (uint64_t i = 0; i < options_.steps; ++i) {
    do_something();
    // Often at once, sometimes much later.
    if (context_.random.chance(700))
      context_.clock.run_for(context_.random.between({}, pace));
  }
  clear_up();
  context_.clock.run_for(aftermath());
  check_agreement();
  connect_all();
  for (auto x : running())
    for (size_t i = 0; i < 3; ++i)
      if (auto watcher = some_process(*x))
        x->monitor(*watcher, some_target(*x));
  context_.clock.run_for(base_tick_ * 2 + seconds{1});
  check_agreement();
  if (context_.random.chance(500))
    end_one_node();
  end_all_processes();
  check_empty();
  stop_all();
}

// -- phases -------------------------------------------------------------------

void simulation::clear_up() {
  context_.note([] { return std::string{"-- the weather clears up"}; });
  context_.calm = true;
  auto& sky = context_.sky;
  sky.dial_refused = sky.dial_closed = sky.dial_lost = sky.dial_slow = 0;
  sky.closed_at_once = sky.takeover = sky.hiccup = 0;
  for (auto x : running()) {
    x->resume();
    if (current(x->place()) != x || x->is_liar())
      x->crash(false);
  }
  heal_all();
  // Sometimes all return, sometimes what is left has to do.
  if (running().empty() || context_.random.chance(500))
    for (size_t i = 0; i < num_nodes_; ++i)
      if (current(i) == nullptr)
        start(i);
  for (size_t i = 0; i < num_nodes_; ++i)
    sky.disturb(i, context_.clock.now());
}

timespan simulation::aftermath() const {
  // Silence is noticed, a greeting takes its time, and so does the next one.
  return base_tick_ * 6 + setup_time_ * 2 + seconds{3};
}

void simulation::check_agreement() {
  context_.note([] { return std::string{"-- do the tables agree?"}; });
  auto nodes = running();
  for (auto x : nodes) {
    for (auto& fact : x->monitors().facts())
      check_monitor(*x, fact);
    auto pending = x->monitors().num_pending();
    if (x->open_gate().size() != pending)
      throw violation(x->label() + " has " + std::to_string(pending)
                      + " monitors, but the gate "
                      + std::to_string(x->open_gate().size()));
    if (x->core().plane().num_outbound() != pending)
      throw violation(x->label() + " has " + std::to_string(pending)
                      + " monitors, but the table "
                      + std::to_string(x->core().plane().num_outbound()));
    if (x->num_questions() != 0)
      throw violation(x->label() + " has not answered "
                      + std::to_string(x->num_questions()) + " requests");
    for (auto y : nodes)
      if (x != y)
        check_pair(*x, *y);
  }
}

void simulation::check_pair(sim_node& x, sim_node& y) {
  auto between = " between " + x.label() + " and " + y.label();
  // A link that is kept may be in the making.
  if (x.sees(y.name()) != y.sees(x.name()))
    context_.clock.run_for(setup_time_);
  if (x.sees(y.name()) != y.sees(x.name()))
    throw violation("only one side believes in the session" + between);
  const auto& watching = x.core().plane();
  const auto& watched = y.core().plane();
  auto held = watching.monitors_on(y.name());
  if (!x.sees(y.name()) && !held.empty())
    throw violation("monitors without a session" + between);
  for (auto& monitor : held)
    if (!watched.is_monitored(monitor.watcher, monitor.object, monitor.ref))
      throw violation(y.label() + " does not know " + to_string(monitor.ref)
                      + " of " + x.label());
  if (held.size() != watched.num_inbound(x.name()))
    throw violation(x.label() + " holds " + std::to_string(held.size())
                    + " monitors on " + y.label() + ", which knows "
                    + std::to_string(watched.num_inbound(x.name())));
  if (auto bytes = x.core().sessions().backlog(y.name()); bytes != 0)
    throw violation(std::to_string(bytes) + " bytes were never acknowledged"
                    + between);
}

void simulation::check_monitor(sim_node& node, const monitor_fact& x) {
  if (!x.pending())
    return;
  auto what = "monitor " + to_string(x.ref) + " of " + node.label() + " on "
              + to_string(x.object);
  if (x.end == monitor_end::claimed)
    throw violation(what + " was claimed, but no DOWN came");
  if (!context_.truth.may_live(x.object, x.made))
    throw violation(what + " is pending, but nothing it can mean is alive");
}

void simulation::connect_all() {
  auto nodes = running();
  for (auto x : nodes)
    for (auto y : nodes)
      if (x != y && context_.random.chance(600))
        x->connect(y->name());
  // Whoever was not asked by chance is asked now, so that each pair is.
  for (auto x : nodes)
    for (auto y : nodes)
      if (x->id() < y->id())
        x->connect(y->name());
  context_.clock.run_for(setup_time_ + base_tick_ + milliseconds{100});
  for (auto x : nodes)
    for (auto y : nodes)
      if (x != y && !x->sees(y->name()))
        throw violation(x->label() + " and " + y->label()
                        + " do not find each other in fine weather");
}

void simulation::end_one_node() {
  // What was reported before a node stops is heard (contract 20).
  auto nodes = running();
  if (nodes.empty())
    return;
  auto x = context_.random.pick(nodes);
  for (auto& process : x->processes())
    if (context_.random.chance(500))
      x->exit(process);
  context_.clock.run_for(context_.random.between({}, context_.sky.latency / 4));
  context_.sky.request(x->place(), context_.clock.now());
  x->stop();
  context_.clock.run_for(seconds{3});
  if (x->running())
    throw violation(x->label() + " does not stop");
}

void simulation::end_all_processes() {
  for (auto x : running())
    for (auto& process : x->processes())
      x->exit(process);
  context_.clock.run_for(base_tick_ * 2 + seconds{1});
}

void simulation::check_empty() {
  context_.note([] { return std::string{"-- is everything empty?"}; });
  check_agreement();
  for (auto x : running()) {
    if (!x->core().plane().empty())
      throw violation("all processes have ended, but the table of " + x->label()
                      + " is not empty");
    if (x->open_gate().size() != 0)
      throw violation("all processes have ended, but the gate of " + x->label()
                      + " is not empty");
  }
}

void simulation::stop_all() {
  for (auto x : running()) {
    context_.sky.request(x->place(), context_.clock.now());
    x->stop();
  }
  context_.clock.run_for(seconds{3});
  for (auto x : running())
    throw violation(x->label() + " does not stop");
}

// -- judges -------------------------------------------------------------------

void simulation::note_debts(sim_node& node, const pid& process) {
  const auto& plane = node.core().plane();
  for (auto& x : lives_) {
    if (!x->running())
      continue;
    for (auto& fact : x->monitors().facts()) {
      auto object = std::get_if<pid>(&fact.object);
      if (fact.pending() && object != nullptr && *object == process
          && plane.is_monitored(fact.watcher, fact.object, fact.ref))
        x->monitors().owes(fact.ref);
    }
  }
}

bool simulation::has_double(const sim_node& node) const {
  return std::any_of(lives_.begin(), lives_.end(), [&](const auto& x) {
    return x.get() != &node && x->place() == node.place() && x->running();
  });
}

void simulation::judge_loss(sim_node& node, node_name peer, const char* what) {
  auto place = place_of(peer);
  auto now = context_.clock.now();
  if (node.core().sessions().backlog(peer) > max_backlog)
    throw violation("the backlog for " + to_string(peer) + " grows");
  if (!place || *place == node.place())
    return;
  const auto& sky = context_.sky;
  auto reason = std::max(sky.disturbed(node.place(), *place),
                         sky.requested(node.place(), *place));
  auto down = current(*place) == nullptr || has_double(node);
  if (!down && now - reason > aftermath())
    throw violation(node.label() + ": " + what + ' ' + to_string(peer)
                    + ", although nothing had gone wrong");
}

void simulation::judge_debt(sim_node& node, const monitor_fact& x) {
  auto place = place_of(node_of(x.object));
  if (!place || *place == node.place())
    return;
  auto since = x.made_at - aftermath();
  if (context_.sky.disturbed(node.place(), *place) < since)
    throw violation("monitor " + to_string(x.ref) + " of " + node.label()
                    + " on " + to_string(x.object)
                    + ": noconnection, but its end had been reported over a "
                      "link that worked");
}

void simulation::judge_sync(sim_node& node, const sync_fact& x) {
  // Of two nodes of one name only one was asked.
  sim_node* other = nullptr;
  for (auto y : running()) {
    if (y->name() != x.peer)
      continue;
    if (other != nullptr)
      return;
    other = y;
  }
  // It may have lost the session since, which this side will learn.
  if (other == nullptr
      || context_.sky.disturbed(node.place(), other->place()) >= x.asked_at
      || context_.sky.requested(node.place(), other->place()) >= x.asked_at)
    return;
  const auto& plane = other->core().plane();
  for (const auto& fact : node.monitors().facts()) {
    auto object = std::get_if<pid>(&fact.object);
    if (fact.end == monitor_end::open && fact.taken < x.asked && !fact.owed
        && object != nullptr && object->node == x.peer
        && context_.truth.alive(*object)
        && !plane.is_monitored(fact.watcher, fact.object, fact.ref))
      throw violation(node.label() + " and " + other->label()
                      + " are in step, but " + to_string(fact.ref)
                      + " has not arrived");
  }
}

// -- nodes --------------------------------------------------------------------

sim_node* simulation::current(size_t place) const {
  auto x = current_[place];
  return x != nullptr && x->running() ? x : nullptr;
}

sim_node* simulation::listener(node_name name) const {
  auto place = place_of(name);
  return place ? current(*place) : nullptr;
}

std::vector<sim_node*> simulation::running() const {
  std::vector<sim_node*> result;
  for (auto& x : lives_)
    if (x->running())
      result.push_back(x.get());
  return result;
}

std::optional<size_t> simulation::place_of(node_name name) const {
  for (size_t i = 0; i < names_.size(); ++i)
    if (names_[i] == name)
      return i;
  return std::nullopt;
}

} // namespace vigil::sim
