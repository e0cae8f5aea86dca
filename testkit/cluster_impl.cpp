#include "testkit/cluster_impl.hpp"

#include <vigil/testkit/failure.hpp>
#include "src/front/callback_scope.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace vigil::testkit {

namespace {

/// How long a node may take to shut down; it gives its peers a second, and
/// another to its processes.
constexpr timespan stop_patience{std::chrono::minutes{1}};

} // namespace

cluster::impl::impl(run_state& shared)
  : state(shared),
    network(shared, [this](node_name x) { return listener(x); }) {
  // nop
}

cluster::impl::~impl() {
  state.locks.end();
  // What is planned may refer to what goes now.
  state.clock.clear();
  postponed_.clear();
  // Processes may use their fronts to the end, and know those of other nodes:
  // all are told that it is over before the first goes.
  for (auto& [name, x] : places_)
    for (auto& life : x->lives())
      life->end();
  for (auto& [name, x] : places_)
    for (auto& life : x->lives())
      life->let_go();
}

// -- nodes --------------------------------------------------------------------

node_place& cluster::impl::add(node_name name, node_config config,
                               node_place::factory make) {
  if (!config.name)
    config.name = name;
  if (auto why = vigil::check(config); why.code != errc::none)
    throw failure{"a node cannot start: " + to_string(why)};
  if (config.runtime != nullptr)
    throw failure{"a node cannot start: the cluster makes its runtime"};
  auto [i, added] = places_.emplace(name, nullptr);
  if (!added)
    throw failure{"there is a node " + to_string(name) + " already"};
  state.sky.resize(places_.size());
  i->second = std::make_unique<node_place>(name, places_.size() - 1, config,
                                           std::move(make));
  i->second->begin_life();
  return *i->second;
}

node_place& cluster::impl::at(node_name name) {
  auto i = places_.find(name);
  if (i == places_.end())
    throw failure{"there is no node " + to_string(name) + " in this cluster"};
  return *i->second;
}

executor_config cluster::impl::draw_config(const node_place& x, size_t which) {
  auto drawn = static_cast<uint32_t>(state.random.next() | 1);
  auto life = which == 1 && x.config().life ? *x.config().life
                                            : creation{drawn};
  incarnation being{state.random.next() | 1, state.random.next()};
  return executor_config_of(x.config(), life, being, state.random.next());
}

station* cluster::impl::listener(node_name name) {
  auto i = places_.find(name);
  return i != places_.end() && i->second->life().running() ? &i->second->life()
                                                           : nullptr;
}

std::chrono::system_clock::time_point cluster::impl::calendar_time() const {
  using std::chrono::system_clock;
  auto since = state.clock.now().time_since_epoch();
  return system_clock::time_point{
    std::chrono::duration_cast<system_clock::duration>(since)};
}

// -- turns and time -----------------------------------------------------------

void cluster::impl::wake(member& x) {
  if (std::exchange(x.is_woken, true))
    return;
  woken_.push_back(&x);
}

void cluster::impl::look_at_all() {
  for (auto& [name, x] : places_)
    x->life().look();
}

bool cluster::impl::do_one(time_point end) {
  state.beat();
  while (!woken_.empty()) {
    auto i = state.random.below(woken_.size());
    auto& x = *woken_[i];
    if (x.ready()) {
      run_one(x);
      do_postponed();
      return true;
    }
    x.is_woken = false;
    woken_[i] = woken_.back();
    woken_.pop_back();
  }
  state.rest();
  return state.clock.run_next(end);
}

void cluster::impl::run_one(member& x) {
  ++num_turns_;
  ++depth_;
  try {
    x.run_one();
  } catch (...) {
    --depth_;
    throw;
  }
  --depth_;
}

bool cluster::impl::pass(time_point end) {
  rest();
  return do_one(end);
}

bool cluster::impl::wait(const std::function<bool()>& done, timespan limit) {
  throw_to_body();
  auto has_limit = limit != timespan::max();
  auto end = state.clock.after(has_limit ? limit : endless);
  look_at_all();
  while (!done()) {
    throw_to_body();
    if (state.has_failed())
      return false;
    if (!do_one(end)) {
      if (done())
        return true;
      if (!has_limit)
        state.fail("a call has waited for an hour, and waits for ever");
      throw_to_body();
      return false;
    }
  }
  return true;
}

bool cluster::impl::may_wait(const char* call) {
  if (!state.is_home("the cluster was used"))
    return false;
  if (is_outside())
    return true;
  state.fail(std::string{call}
             + (in_callback()
                  ? " was called in a callback of vigil's, where nothing may"
                    " wait"
                  : " was called in a handler of an actor, which would block a"
                    " thread of its scheduler"));
  return false;
}

void cluster::impl::throw_to_body() const {
  if (depth_ == 0 && is_outside())
    state.throw_if_failed();
}

bool cluster::impl::is_outside() const noexcept {
  return !in_handler_ && !in_callback();
}

void cluster::impl::do_outside(std::function<void()> what) {
  if (is_outside())
    what();
  else
    postponed_.push_back(std::move(what));
}

void cluster::impl::do_postponed() {
  if (postponed_.empty() || !is_outside())
    return;
  for (auto& what : std::exchange(postponed_, {}))
    what();
}

// -- what is done to nodes ----------------------------------------------------

void cluster::impl::set_cut(node_name from, node_name to, bool value) {
  auto& x = at(from);
  auto& y = at(to);
  state.note([&] {
    return std::string{value ? "-- cut: " : "-- healed: "} + state.names(from)
           + " to " + state.names(to);
  });
  state.sky.set_cut(x.number(), y.number(), value);
}

void cluster::impl::heal_all() {
  state.note([] { return std::string{"-- all healed"}; });
  for (auto& [from, x] : places_)
    for (auto& [to, y] : places_)
      state.sky.set_cut(x->number(), y->number(), false);
  network.thaw();
}

void cluster::impl::set_delay(node_name x, node_name y, timespan span) {
  auto from = at(x).number();
  auto to = at(y).number();
  state.sky.set_delay(from, to, std::max(span, timespan{0}));
  state.sky.set_delay(to, from, std::max(span, timespan{0}));
}

void cluster::impl::drop_connection(node_name x, node_name y) {
  auto from = at(x).number();
  auto to = at(y).number();
  state.note(
    [&] { return "-- reset: " + state.names(x) + " and " + state.names(y); });
  network.reset(from, to);
}

void cluster::impl::set_paused(node_name x, bool value) {
  auto& life = at(x).life();
  state.note(
    [&] { return life.label() + (value ? "  is paused" : "  goes on"); });
  life.set_paused(value);
}

void cluster::impl::stop(member& x) {
  if (!x.running() || !may_wait("stop"))
    return;
  if (x.paused())
    throw failure{"a node that is paused cannot stop: " + to_string(x.name())};
  state.note([&] { return x.label() + "  is stopped"; });
  x.stop();
  if (!wait([&] { return !x.running(); }, stop_patience))
    state.fail(x.label() + ": the node does not stop");
  state.throw_if_failed();
}

void cluster::impl::end_life(node_place& x, bool silently) {
  auto& life = x.life();
  if (!life.running())
    return;
  state.note([&] {
    return life.label() + (silently ? "  loses power" : "  is killed");
  });
  life.end();
  network.vanish(life, silently);
}

// -- the ledger ---------------------------------------------------------------

void cluster::impl::look_for_gaps() {
  for (auto x : active())
    x->seen().look_for_gaps(false);
}

std::vector<member*> cluster::impl::active() const {
  std::vector<member*> result;
  for (auto& [name, x] : places_)
    if (x->life().running() && !x->life().paused())
      result.push_back(&x->life());
  return result;
}

bool cluster::impl::is_idle() const {
  return std::none_of(woken_.begin(), woken_.end(),
                      [](const member* x) { return x->ready(); });
}

bool cluster::impl::is_settled() const {
  return state.clock.num_under_way() == 0 && is_idle();
}

void cluster::impl::settle() {
  auto end = state.clock.now() + endless;
  look_at_all();
  while (!is_settled() && !state.has_failed())
    if (!do_one(end))
      return state.fail("the cluster does not settle: something goes on for "
                        "ever");
  state.rest();
  check_ledger(false);
}

void cluster::impl::rest() {
  // Who gives himself a turn for ever must not keep time from passing.
  constexpr size_t most = 1'000'000;
  for (size_t i = 0; !is_idle() && !state.has_failed(); ++i) {
    if (i == most)
      return state.fail("time does not pass: somebody always has something to "
                        "do");
    do_one(state.clock.now());
  }
  state.rest();
}

void cluster::impl::check_ledger(bool at_end) {
  auto nodes = active();
  for (auto x : nodes)
    if (!state.has_failed()) {
      x->seen().look_for_gaps(true);
      x->seen().check_received(at_end);
    }
  if (!is_settled())
    return;
  for (auto x : nodes)
    for (auto y : nodes)
      if (state.has_failed())
        return;
      else if (x == y)
        x->seen().check_told(x->seen());
      else if (is_open(*x, *y))
        check_pair(*x, *y);
}

bool cluster::impl::is_open(const member& x, const member& y) const {
  return !state.sky.is_cut(x.place(), y.place())
         && !state.sky.is_cut(y.place(), x.place()) && x.seen().sees(y.seen())
         && y.seen().sees(x.seen());
}

void cluster::impl::check_pair(const member& x, const member& y) {
  x.seen().check_told(y.seen());
  const auto& watching = x.core().plane();
  const auto& watched = y.core().plane();
  auto agree = watching.num_outbound(watched.self())
               == watched.num_inbound(watching.self());
  for (const auto& m : watching.monitors_on(watched.self()))
    agree = agree && watched.is_monitored(m.watcher, m.object, m.ref);
  if (!agree)
    state.fail("the tables of " + x.label() + " and " + y.label()
               + " do not agree");
}

} // namespace vigil::testkit
