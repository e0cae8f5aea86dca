#include "tests/soak/faults.hpp"

#include <csignal>
#include <memory>

namespace vigil::soak {

namespace {

using std::chrono::milliseconds;

/// What is shorter than this must disturb nothing, as long as the machine has
/// time for the nodes: a quarter of the tick time is what a sign of life may be
/// old, and half of it remains.
constexpr milliseconds harmless = stage::tick_time / 4;

/// What is longer than this must be noticed.
constexpr milliseconds harmful = stage::tick_time * 5 / 4;

/// What happens how often, of a hundred times.
constexpr std::array<std::pair<faults::kind, size_t>, faults::num_kinds> weights
  = {{{faults::kill, 14},
      {faults::quit, 9},
      {faults::pause, 14},
      {faults::long_pause, 12},
      {faults::disconnect, 10},
      {faults::close_link, 8},
      {faults::reset_link, 8},
      {faults::hiccup, 11},
      {faults::one_way_stall, 8},
      {faults::stall, 6}}};

} // namespace

std::string_view faults::name(kind what) {
  constexpr std::array<std::string_view, num_kinds> names
    = {"kill and restart",    "quit and restart",    "short pause",
       "long pause",          "disconnect",          "connection closed",
       "connection reset",    "short one-way stall", "long one-way stall",
       "long stall both ways"};
  return names[what];
}

faults::faults(stage& on, uint64_t seed) : stage_(on), random_(seed) {
  // nop
}

void faults::go_on(time_point now) {
  heal(now);
  if (next_ == time_point{})
    next_ = now + 1s;
  if (now < next_)
    return;
  begin(now);
  next_ = now + between(400ms, 3600ms);
}

bool faults::heal(time_point now) {
  active_.remove_if([now](auto& x) { return now >= x.until && x.heal(now); });
  return active_.empty();
}

// -- what is done -------------------------------------------------------------

void faults::begin(time_point now) {
  auto left = random_.below(100);
  auto what = kill;
  for (const auto& [one, weight] : weights) {
    what = one;
    if (left < weight)
      break;
    left -= weight;
  }
  auto a = random_.below(stage::num_nodes);
  auto b = (a + 1 + random_.below(stage::num_nodes - 1)) % stage::num_nodes;
  auto begun = what <= long_pause ? begin_at_node(what, a, now)
                                  : begin_at_link(what, a, b, now);
  if (begun)
    ++counts_[what];
}

bool faults::begin_at_node(kind what, size_t node, time_point now) {
  if ((what == kill || what == quit) && node == survivor)
    node = 1 + random_.below(stage::num_nodes - 1);
  if (busy_nodes_[node])
    return false;
  busy_nodes_[node] = true;
  if (what == kill)
    kill_node(node, now);
  else if (what == quit)
    quit_node(node, now);
  else if (what == pause)
    pause_node(node, now + between(20ms, harmless), false);
  else
    pause_node(node, now + between(harmful, 2 * stage::tick_time), true);
  return true;
}

bool faults::begin_at_link(kind what, size_t a, size_t b, time_point now) {
  if (busy(a, b) || (what == disconnect && !stage_.node(a).open()))
    return false;
  busy(a, b) = true;
  if (what == disconnect)
    disconnect_nodes(a, b);
  else if (what == close_link)
    cut(a, b, test::relay::ending::orderly, now);
  else if (what == reset_link)
    cut(a, b, test::relay::ending::reset, now);
  else if (what == hiccup)
    stall_link(a, b, false, now + between(20ms, harmless), false);
  else
    stall_link(a, b, what == stall,
               now + between(harmful, 2 * stage::tick_time), true);
  return true;
}

void faults::kill_node(size_t node, time_point now) {
  stage_.faults().begin(node);
  stage_.kill(node);
  add(now + between(0ms, 1500ms), [this, node](time_point) {
    stage_.restart(node);
    stage_.faults().end(node, stage::clock::now());
    busy_nodes_[node] = false;
    return true;
  });
}

void faults::quit_node(size_t node, time_point now) {
  stage_.faults().begin(node);
  stage_.node(node).quit();
  auto down_for = between(0ms, 1000ms);
  auto patience = now + stage::patience;
  add(now, [this, node, down_for, patience,
            restart_at = time_point{}](time_point at) mutable {
    if (stage_.node(node).running()) {
      if (!stage_.has_quit(node)) {
        if (at < patience)
          return false;
        stage_.account().surprise(stage_.node(node).name() + " does not end");
        stage_.kill(node);
      }
      restart_at = at + down_for;
    }
    if (at < restart_at)
      return false;
    stage_.restart(node);
    stage_.faults().end(node, stage::clock::now());
    busy_nodes_[node] = false;
    return true;
  });
}

void faults::pause_node(size_t node, time_point until, bool disturbs) {
  if (disturbs)
    stage_.faults().begin(node);
  stage_.node(node).signal(SIGSTOP);
  add(until, [this, node, disturbs](time_point now) {
    stage_.node(node).signal(SIGCONT);
    if (disturbs)
      stage_.faults().end(node, now);
    busy_nodes_[node] = false;
    return true;
  });
}

void faults::disconnect_nodes(size_t a, size_t b) {
  stage_.faults().begin(a, b);
  auto command = "disconnect " + stage_.node(b).name();
  stage_.node(a).send(command, [this, a, b,
                                command](const station::line* answer) {
    if (answer != nullptr && answer->text != "ok")
      stage_.account().surprise(command + ": " + answer->text);
    stage_.faults().end(a, b, stage::clock::now());
    busy(a, b) = false;
  });
}

/// Whichever node has dialled: the connection goes over one of two relays.
void faults::cut(size_t a, size_t b, test::relay::ending how, time_point now) {
  stage_.faults().begin(a, b);
  for (auto* link : {&stage_.link(a, b), &stage_.link(b, a)})
    link->cut_after(random_.chance(500) ? test::relay::to_node
                                        : test::relay::to_caller,
                    random_.below(3000), how);
  add(now + 300ms, [this, a, b](time_point at) {
    for (auto* link : {&stage_.link(a, b), &stage_.link(b, a)})
      link->spare();
    stage_.faults().end(a, b, at);
    busy(a, b) = false;
    return true;
  });
}

void faults::stall_link(size_t a, size_t b, bool both_ways, time_point until,
                        bool disturbs) {
  if (disturbs)
    stage_.faults().begin(a, b);
  // What a says to b, and, if both ways, what b says to a.
  stage_.link(a, b).stall(test::relay::to_node);
  stage_.link(b, a).stall(test::relay::to_caller);
  if (both_ways) {
    stage_.link(a, b).stall();
    stage_.link(b, a).stall();
  }
  add(until, [this, a, b, disturbs](time_point now) {
    stage_.link(a, b).resume();
    stage_.link(b, a).resume();
    if (disturbs)
      stage_.faults().end(a, b, now);
    busy(a, b) = false;
    return true;
  });
}

// -- time ---------------------------------------------------------------------

void faults::add(time_point until, healer heal) {
  active_.push_back({until, std::move(heal)});
}

milliseconds faults::between(milliseconds low, milliseconds high) {
  return low
         + milliseconds{
           random_.below(static_cast<size_t>((high - low).count()) + 1)};
}

} // namespace vigil::soak
