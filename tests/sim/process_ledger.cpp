#include "tests/sim/process_ledger.hpp"

#include <charconv>
#include <utility>

namespace vigil::sim {

life_id process_ledger::begin_life(node_name name) {
  lives_.push_back({name, happens(), never, {}});
  return lives_.size() - 1;
}

void process_ledger::end_life(life_id x) {
  auto when = happens();
  lives_[x].to = when;
  for (auto& fate : fates_) {
    if (fate.life != x || fate.died != never)
      continue;
    fate.died = when;
    for (auto& name : fate.names)
      if (name.to == never)
        name.to = when;
  }
}

void process_ledger::begin_process(life_id life, const pid& x) {
  happens();
  by_pid_.emplace(x, fates_.size());
  fates_.push_back({x, life, never, {}});
}

exit_reason process_ledger::end_process(const pid& x) {
  auto index = by_pid_.at(x);
  auto& fate = fates_[index];
  fate.died = happens();
  for (auto& name : fate.names)
    if (name.to == never) {
      name.to = fate.died;
      lives_[fate.life].names[name.name] = {std::nullopt, fate.died};
    }
  return *exit_reason::atom("end_" + std::to_string(index));
}

void process_ledger::give_name(const pid& x, const process_name& name) {
  auto& fate = fates_[by_pid_.at(x)];
  auto when = happens();
  fate.names.push_back({name, when, never});
  lives_[fate.life].names[name] = {x, when};
}

void process_ledger::take_name(life_id life, const process_name& name) {
  auto& entry = lives_[life].names.at(name);
  auto when = happens();
  for (auto& x : fates_[by_pid_.at(*entry.first)].names)
    if (x.to == never)
      x.to = when;
  entry = {std::nullopt, when};
}

// -- questions ----------------------------------------------------------------

const process_ledger::fate_entry* process_ledger::find(const pid& x) const {
  auto i = by_pid_.find(x);
  return i != by_pid_.end() ? &fates_[i->second] : nullptr;
}

bool process_ledger::alive(const pid& x) const {
  auto fate = find(x);
  return fate != nullptr && fate->died == never;
}

bool process_ledger::may_mean(const target& object, const pid& x,
                              moment since) const {
  if (auto process = std::get_if<pid>(&object))
    return *process == x;
  const auto& named = std::get<named_target>(object);
  auto fate = find(x);
  if (fate == nullptr || x.node != named.node)
    return false;
  for (const auto& name : fate->names)
    if (name.name == named.name && name.to >= since)
      return true;
  return false;
}

bool process_ledger::may_live(const target& object, moment since) const {
  if (auto process = std::get_if<pid>(&object))
    return alive(*process);
  for (const auto& fate : fates_)
    if (fate.died == never && may_mean(object, fate.id, since))
      return true;
  return false;
}

std::optional<pid> process_ledger::owner_of(const exit_reason& reason) const {
  constexpr std::string_view prefix = "end_";
  auto text = reason.atom_text();
  if (text.substr(0, prefix.size()) != prefix)
    return std::nullopt;
  text.remove_prefix(prefix.size());
  size_t index = 0;
  auto end = text.data() + text.size();
  if (std::from_chars(text.data(), end, index).ptr != end
      || index >= fates_.size())
    return std::nullopt;
  return fates_[index].id;
}

std::optional<std::string>
process_ledger::doubt(const target& object, moment since,
                      const exit_reason& reason) const {
  if (reason == exit_reason::noproc()) {
    if (auto named = std::get_if<named_target>(&object)) {
      if (!was_unheld(*named, since))
        return "the name was given to a process all the time";
    } else if (alive(std::get<pid>(object))
               && !was_ambiguous(node_of(object), since)) {
      return "the process is alive";
    }
    return std::nullopt;
  }
  auto owner = owner_of(reason);
  if (!owner)
    return "no process ends with this reason";
  auto fate = find(*owner);
  if (fate->died == never)
    return "the process that would end with this reason is alive";
  if (fate->died < since)
    return "the process had ended before the monitor was made";
  if (!may_mean(object, *owner, since))
    return "it is the reason of " + to_string(*owner);
  return std::nullopt;
}

bool process_ledger::was_unheld(const named_target& x, moment since) const {
  for (const auto& life : lives_) {
    if (life.name != x.node || life.to < since)
      continue;
    auto i = life.names.find(x.name);
    // Unheld before it was given, and since it was taken.
    if (i == life.names.end() || !i->second.first || i->second.second > since
        || life.from > since)
      return true;
  }
  return false;
}

bool process_ledger::was_ambiguous(node_name name, moment since) const {
  auto count = 0;
  for (const auto& life : lives_)
    if (life.name == name && life.to >= since)
      ++count;
  return count > 1;
}

} // namespace vigil::sim
