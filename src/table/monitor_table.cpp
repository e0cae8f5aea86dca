#include "src/table/monitor_table.hpp"

#include <algorithm>
#include <cassert>

namespace vigil {

monitor_table::monitor_table(node_name self, creation life)
  : self_(self),
    life_(life),
    by_ref_(outbound_),
    by_watcher_(outbound_),
    by_foreign_ref_(inbound_),
    by_target_(inbound_) {
  // nop
}

// -- the watcher's half -------------------------------------------------------

void monitor_table::monitor_remote(const pid& watcher, const target& object,
                                   reference ref) {
  assert(is_local(watcher));
  party_id party{node_of(object), creation{}};
  outbound_record record{};
  record.ref = ref;
  record.watcher = local_id{local_number(watcher)};
  if (auto process = std::get_if<pid>(&object)) {
    party.life = process->life;
    record.target_id = local_number(*process);
  } else {
    record.target_id = names_.acquire(std::get<named_target>(object).name);
  }
  newest_ = std::max(newest_, ref);
  auto x = outbound_.insert(party, record);
  [[maybe_unused]] auto known = by_ref_.insert(x);
  assert(known == x);
  auto first = by_watcher_.insert(x);
  watcher_ring::push_back(outbound_, first == x ? no_slot : first, x);
}

std::optional<target> monitor_table::demonitor_remote(const pid& watcher,
                                                      reference ref) {
  auto where = by_ref_.locate(ref);
  if (where == by_ref_.nowhere() || !is_local(watcher)
      || outbound_[*where].watcher != local_id{local_number(watcher)})
    return std::nullopt;
  auto result = object_of(*where);
  erase_outbound(where);
  return result;
}

monitor_table::exit_match
monitor_table::take_outbound_for_exit(node_name sender, const target& object,
                                      const pid& watcher, reference ref) {
  auto where = by_ref_.locate(ref);
  if (where == by_ref_.nowhere())
    return exit_match::unknown;
  if (node_of(object) != sender || !is_local(watcher)
      || outbound_[*where].watcher != local_id{local_number(watcher)}
      || !is_object(*where, object))
    return exit_match::mismatch;
  erase_outbound(where);
  return exit_match::taken;
}

std::optional<outbound_monitor>
monitor_table::find_outbound(reference ref) const {
  auto where = by_ref_.locate(ref);
  if (where == by_ref_.nowhere())
    return std::nullopt;
  return describe_outbound(*where);
}

size_t monitor_table::remove_outbound_for_watcher(
  const pid& watcher, std::vector<outbound_monitor>& out, size_t limit) {
  if (!is_local(watcher))
    return 0;
  local_id id{local_number(watcher)};
  size_t count = 0;
  for (; count < limit; ++count) {
    auto x = by_watcher_.find(id);
    if (x == no_slot)
      break;
    out.push_back(describe_outbound(x));
    erase_outbound(by_ref_.locate(x));
  }
  return count;
}

std::vector<outbound_monitor>
monitor_table::monitors(const pid& watcher) const {
  std::vector<outbound_monitor> result;
  if (is_local(watcher))
    watcher_ring::for_each(
      outbound_, by_watcher_.find(local_id{local_number(watcher)}),
      [&](slot x) { result.push_back(describe_outbound(x)); });
  return result;
}

// -- the target's half --------------------------------------------------------

monitor_table::inbound_match monitor_table::register_inbound_monitor(
  const pid& watcher, const target& object, reference ref, const pid& process) {
  assert(is_local(process));
  inbound_record record{};
  record.ref = packed_number{to_integer(ref)};
  record.watcher = packed_number{local_number(watcher)};
  record.process = packed_number{local_number(process)};
  record.name = no_name;
  if (auto named = std::get_if<named_target>(&object))
    record.name = names_.acquire(named->name);
  auto x = inbound_.insert({watcher.node, watcher.life}, record);
  if (auto known = by_foreign_ref_.insert(x); known != x) {
    auto same = is_inbound(known, watcher, object);
    if (record.name != no_name)
      names_.release(record.name);
    inbound_.erase(x);
    return same ? inbound_match::repeated : inbound_match::conflicting;
  }
  auto first = by_target_.insert(x);
  target_ring::push_back(inbound_, first == x ? no_slot : first, x);
  return inbound_match::unknown;
}

monitor_table::inbound_match
monitor_table::match_inbound_monitor(const pid& watcher, const target& object,
                                     reference ref) const {
  auto where = locate_inbound(watcher, ref);
  if (where == by_foreign_ref_.nowhere())
    return inbound_match::unknown;
  return is_inbound(*where, watcher, object) ? inbound_match::repeated
                                             : inbound_match::conflicting;
}

bool monitor_table::remove_inbound_monitor(const pid& watcher,
                                           const target& object,
                                           reference ref) {
  auto where = locate_inbound(watcher, ref);
  if (where == by_foreign_ref_.nowhere()
      || !is_inbound(*where, watcher, object))
    return false;
  erase_inbound(where);
  return true;
}

size_t monitor_table::collect_inbound_for_target(
  const pid& process, std::vector<inbound_monitor>& out, size_t limit) {
  if (!is_local(process) || limit == 0)
    return 0;
  auto where = by_target_.locate(local_id{local_number(process)});
  if (where == by_target_.nowhere())
    return 0;
  auto first = *where;
  size_t count = 0;
  auto rest = first;
  do {
    rest = target_ring::next(inbound_, rest);
    ++count;
  } while (rest != first && count < limit);
  // These need not leave the ring one by one.
  if (rest == first) {
    by_target_.erase(where);
  } else {
    target_ring::drop_before(inbound_, first, rest);
    by_target_.replace(first, rest);
  }
  leaving_inbound leaving{inbound_, by_target_, by_foreign_ref_};
  auto x = first;
  for (auto left = count; left > 0; --left) {
    auto next = target_ring::next(inbound_, x);
    out.push_back(describe_inbound(x));
    release_name(x);
    leaving.add_without_ring(x);
    x = next;
  }
  return count;
}

std::vector<pid> monitor_table::monitored_by(const pid& process) const {
  std::vector<pid> result;
  if (is_local(process))
    target_ring::for_each(
      inbound_, by_target_.find(local_id{local_number(process)}),
      [&](slot x) { result.push_back(describe_inbound(x).watcher); });
  return result;
}

// -- sizes --------------------------------------------------------------------

bool monitor_table::empty() const noexcept {
  return outbound_.size() == 0 && by_ref_.size() == 0 && by_watcher_.size() == 0
         && inbound_.size() == 0 && by_foreign_ref_.size() == 0
         && by_target_.size() == 0 && names_.size() == 0;
}

// -- packing ------------------------------------------------------------------

bool monitor_table::is_local(const pid& x) const noexcept {
  return x.node == self_ && x.life == life_;
}

pid monitor_table::local_pid(local_id id) const noexcept {
  return make_pid(self_, life_, static_cast<uint64_t>(id));
}

target monitor_table::object_of(slot x) const {
  auto id = outbound_[x].target_id;
  const auto& party = outbound_.party_of(x);
  if (!valid(party.life))
    return named_target{names_[static_cast<uint32_t>(id)], party.node};
  return make_pid(party.node, party.life, id);
}

bool monitor_table::is_object(slot x, const target& object) const {
  auto id = outbound_[x].target_id;
  const auto& party = outbound_.party_of(x);
  if (auto process = std::get_if<pid>(&object))
    return valid(process->life) && id == local_number(*process)
           && party == party_id{process->node, process->life};
  const auto& named = std::get<named_target>(object);
  return party == party_id{named.node, creation{}}
         && names_[static_cast<uint32_t>(id)] == named.name;
}

outbound_monitor monitor_table::describe_outbound(slot x) const {
  const auto& record = outbound_[x];
  return {local_pid(record.watcher), object_of(x), record.ref};
}

inbound_monitor monitor_table::describe_inbound(slot x) const {
  const auto& record = inbound_[x];
  const auto& party = inbound_.party_of(x);
  inbound_monitor result{
    make_pid(party.node, party.life, record.watcher.value()),
    local_pid(local_id{record.process.value()}), reference{record.ref.value()}};
  if (record.name != no_name)
    result.object = named_target{names_[record.name], self_};
  return result;
}

monitor_table::foreign_ref_index::place
monitor_table::locate_inbound(const pid& watcher, reference ref) const {
  auto party = inbound_.find({watcher.node, watcher.life});
  return party == no_slot ? by_foreign_ref_.nowhere()
                          : by_foreign_ref_.locate({ref, party});
}

bool monitor_table::is_inbound(slot x, const pid& watcher,
                               const target& object) const {
  const auto& record = inbound_[x];
  if (record.watcher.value() != local_number(watcher))
    return false;
  if (auto process = std::get_if<pid>(&object))
    return record.name == no_name && is_local(*process)
           && record.process.value() == local_number(*process);
  const auto& named = std::get<named_target>(object);
  return record.name != no_name && named.node == self_
         && names_[record.name] == named.name;
}

// -- removal ------------------------------------------------------------------

void monitor_table::release_object(slot x) {
  if (!valid(outbound_.party_of(x).life))
    names_.release(static_cast<uint32_t>(outbound_[x].target_id));
}

void monitor_table::release_name(slot x) {
  if (auto name = inbound_[x].name; name != no_name)
    names_.release(name);
}

void monitor_table::erase_outbound(ref_index::place where) {
  auto x = *where;
  // The index holds the first record of the watcher's ring only.
  auto first = watcher_ring::is_first(outbound_, x);
  auto next = watcher_ring::remove(outbound_, x);
  if (first)
    by_watcher_.replace(x, next);
  by_ref_.erase(where);
  release_object(x);
  outbound_.erase(x);
}

void monitor_table::erase_inbound(foreign_ref_index::place where) {
  auto x = *where;
  auto first = target_ring::is_first(inbound_, x);
  auto next = target_ring::remove(inbound_, x);
  if (first)
    by_target_.replace(x, next);
  by_foreign_ref_.erase(where);
  release_name(x);
  inbound_.erase(x);
}

} // namespace vigil
