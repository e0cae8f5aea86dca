#include "tests/soak/load.hpp"

#include <algorithm>
#include <utility>

namespace vigil::soak {

namespace {

/// How many processes a node has, give or take a few.
constexpr size_t num_processes = 120;

/// How many commands are given at a time, and how many wait at most: little
/// enough for the pipe to a node that is stopped.
constexpr size_t commands_at_once = 4;
constexpr size_t max_unanswered = 48;

} // namespace

load::load(stage& on, size_t node, uint64_t seed)
  : stage_(on),
    node_(node),
    random_(seed) {
  // nop
}

void load::go_on() {
  for (size_t i = 0; i < commands_at_once; ++i)
    if (self().open() && self().unanswered() < max_unanswered)
      one();
}

void load::end_targets() {
  for (auto& x : std::vector<process_ptr>{people().alive()})
    if (!x->watches)
      end(x);
}

void load::end_all() {
  for (auto& x : std::vector<process_ptr>{people().alive()})
    end(x);
}

void load::one() {
  auto choice = random_.below(1000);
  auto size = people().size();
  if (size < num_processes / 2 || (choice < 40 && size < num_processes))
    spawn();
  else if (choice < 75)
    end_one();
  else if (choice < 150)
    change_name();
  else if (choice < 180)
    empty_mailbox();
  else if (choice < 330)
    unwatch();
  else
    watch();
}

// -- processes and names ------------------------------------------------------

void load::spawn() {
  auto x = people().conceive(random_.chance(400));
  std::string command = "spawn";
  tenure_ptr period;
  auto name = random_.below(2 * population::num_names);
  if (name < population::num_names
      && people().record(name).latest()->holder == nullptr) {
    x->name = population::name(name);
    period = people().record(name).change(x);
    command += ' ' + x->name;
  }
  self().send(command, [this, x, command, period, name](const line* answer) {
    if (!expect_ok(command, answer))
      return people().stillborn(x, stage::clock::now());
    people().born(x, answer->text.substr(3));
    if (period != nullptr)
      people().record(name).confirm(period);
  });
}

void load::end_one() {
  if (people().alive().empty())
    return;
  // A copy: it is about to be taken out of that list.
  auto x = random_.pick(people().alive());
  end(x);
}

void load::end(const process_ptr& x) {
  tenure_ptr period;
  size_t name = 0;
  if (!x->name.empty()) {
    while (population::name(name) != x->name)
      ++name;
    period = people().record(name).change(nullptr);
    x->name.clear();
  }
  auto reason = pick_reason();
  auto command = "exit " + x->pid + ' ' + reason;
  people().tell_to_end(x, std::move(reason));
  self().send(command, [this, x, command, period, name](const line* answer) {
    auto now = answer != nullptr ? answer->at : stage::clock::now();
    people().gone(x, now);
    if (!expect_ok(command, answer))
      return;
    stage_.account().watcher_ended(x, now);
    if (period != nullptr)
      people().record(name).confirm(period);
  });
}

void load::change_name() {
  auto name = random_.below(population::num_names);
  auto& record = people().record(name);
  auto text = population::name(name);
  auto holder = record.latest()->holder;
  std::string command;
  if (holder != nullptr) {
    // It may not be there yet; and names are more often taken than free.
    if (holder->pid.empty() || random_.chance(700))
      return;
    holder->name.clear();
    command = "unregister " + text;
    holder = nullptr;
  } else {
    if (people().alive().empty())
      return;
    holder = random_.pick(people().alive());
    if (!holder->name.empty())
      return;
    holder->name = text;
    command = "register " + text + ' ' + holder->pid;
  }
  auto period = record.change(holder);
  self().send(command, [this, command, period, name](const line* answer) {
    if (expect_ok(command, answer))
      people().record(name).confirm(period);
  });
}

// -- monitors -----------------------------------------------------------------

void load::watch() {
  if (people().watchers().empty())
    return;
  auto watcher = random_.pick(people().watchers());
  auto node = pick_node();
  if (random_.chance(300))
    watch_name(watcher, node);
  else
    watch_process(watcher, node);
}

void load::watch_process(const process_ptr& watcher, size_t node) {
  const auto& there = stage_.people(node);
  monitor x;
  x.watcher = watcher;
  x.target_node = node;
  if (random_.chance(40) && !there.dead().empty())
    x.target = there.dead()[random_.below(there.dead().size())];
  else if (!there.alive().empty())
    x.target = random_.pick(there.alive());
  // A process that monitors itself gets no monitor.
  if (x.target == nullptr || x.target == watcher || x.target->pid.empty())
    return;
  x.object = x.target->pid;
  // The commands of one node are done in order.
  x.held = node == node_ && !x.target->ending;
  x.dead_when_asked = node == node_ ? x.target->ending
                                    : x.target->dead_since.has_value();
  ask_to_watch(std::move(x), nullptr);
}

void load::watch_name(const process_ptr& watcher, size_t node) {
  auto name = random_.below(population::num_names);
  auto& record = stage_.people(node).record(name);
  monitor x;
  x.watcher = watcher;
  x.target_node = node;
  x.object = '{' + population::name(name) + ',' + stage_.node(node).name()
             + '}';
  x.first = record.certain();
  if (node == node_) {
    if (record.latest()->holder == watcher)
      return;
    x.first = record.latest();
    x.last = x.first;
  }
  ask_to_watch(std::move(x), &record);
}

void load::ask_to_watch(monitor x, name_record* record) {
  auto command = "monitor " + x.watcher->pid + ' ' + x.object;
  auto take = [this, x, record, command](const line* answer) mutable {
    if (!expect_ok(command, answer))
      return;
    x.granted = answer->at;
    auto ref = answer->text.substr(3);
    auto node = x.target_node;
    people().monitored(ref, x.watcher);
    stage_.account().grant(ref, std::move(x));
    if (node != node_ && random_.chance(500))
      make_sure(ref, node, record);
  };
  self().send(command, std::move(take));
}

void load::make_sure(const std::string& ref, size_t node,
                     const name_record* record) {
  auto asked = stage::clock::now();
  // What waits for a link that does not move holds up all that is local. A life
  // of the other node ends only with a fault.
  if (stage_.faults().disturbed(node_, node, asked))
    return;
  auto take = [this, ref, node, record](const line* answer) {
    if (answer != nullptr && answer->text == "ok"
        && !stage_.faults().disturbed(node_, node, answer->at))
      stage_.account().held(node_, ref,
                            record != nullptr ? record->latest() : nullptr);
  };
  self().send("sync " + stage_.node(node).name(), std::move(take));
}

void load::unwatch() {
  if (people().known_monitors().empty())
    return;
  const auto& known = people().known_monitors();
  auto x = known[random_.below(known.size())];
  if (x.watcher->ending)
    return;
  auto command = "demonitor " + x.watcher->pid + ' ' + x.ref
                 + (random_.chance(300) ? " flush info" : " info");
  self().send(command, [this, command, x](const line* answer) {
    if (!expect_ok(command, answer))
      return;
    if (answer->text == "ok true")
      stage_.account().demonitored(node_, x.ref, answer->at);
    else if (answer->text != "ok false")
      stage_.account().surprise(command + ": " + answer->text);
  });
}

void load::empty_mailbox() {
  if (people().watchers().empty())
    return;
  auto command = "downs " + random_.pick(people().watchers())->pid;
  self().send(command, [this, command](const line* answer) {
    static_cast<void>(expect_ok(command, answer));
  });
}

// -- choices ------------------------------------------------------------------

size_t load::pick_node() {
  auto other = 1 + random_.below(stage::num_nodes - 1);
  return random_.chance(100) ? node_ : (node_ + other) % stage::num_nodes;
}

std::string load::pick_reason() {
  switch (random_.below(8)) {
    case 0:
      return "normal";
    case 1:
      return "killed";
    case 2:
      return "shutdown";
    default:
      // Each its own, so that one target's reason never passes for another's.
      return "\"" + std::to_string(node_) + " says "
             + std::to_string(++last_reason_) + '"';
  }
}

/// Returns whether there is an answer that says ok. Nothing that is asked here
/// may fail while the node lives.
bool load::expect_ok(const std::string& command, const line* answer) {
  if (answer == nullptr)
    return false;
  if (answer->text.compare(0, 2, "ok") == 0)
    return true;
  stage_.account().surprise(command + ": " + answer->text);
  return false;
}

} // namespace vigil::soak
