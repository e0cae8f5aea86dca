#include "src/monitor_table.hpp"

#include <algorithm>
#include <cassert>

namespace vigil {

monitor_table::monitor_table(node_name self, creation life)
  : self_(self),
    life_(life),
    by_ref_(outbound_),
    by_watcher_(outbound_),
    by_triple_(inbound_),
    by_target_(inbound_) {
  // nop
}

// -- the watcher's half -------------------------------------------------------

void monitor_table::monitor_remote(const pid& watcher, const target& object,
                                   reference ref) {
  assert(is_local(watcher));
  outbound_record record;
  record.ref = ref;
  record.watcher = local_id{id_of(watcher)};
  record.object.node = number_of(node_of(object));
  if (auto process = std::get_if<pid>(&object)) {
    record.object.id = id_of(*process);
    record.object.life = process->life;
  } else {
    record.object.id = names_.acquire(std::get<named_target>(object).name);
  }
  newest_ = std::max(newest_, ref);
  auto x = outbound_.insert(record);
  [[maybe_unused]] auto known = by_ref_.insert(x);
  assert(known == x);
  auto first = by_watcher_.insert(x);
  watcher_ring::push_back(outbound_, first == x ? no_slot : first, x);
  auto& node = nodes_[record.object.node];
  node.outbound = out_node_ring::push_back(outbound_, node.outbound, x);
  ++node.num_outbound;
}

std::optional<target> monitor_table::demonitor_remote(const pid& watcher,
                                                      reference ref) {
  auto x = by_ref_.find(ref);
  if (x == no_slot || !is_local(watcher)
      || outbound_[x].watcher != local_id{id_of(watcher)})
    return std::nullopt;
  auto result = unpack(outbound_[x].object);
  erase_outbound(x);
  return result;
}

monitor_table::exit_match
monitor_table::take_outbound_for_exit(node_name sender, const target& object,
                                      const pid& watcher, reference ref) {
  auto x = by_ref_.find(ref);
  if (x == no_slot)
    return exit_match::unknown;
  const auto& record = outbound_[x];
  if (nodes_[record.object.node].name != sender || !is_local(watcher)
      || record.watcher != local_id{id_of(watcher)}
      || !(find_packed(object) == record.object))
    return exit_match::mismatch;
  erase_outbound(x);
  return exit_match::taken;
}

size_t
monitor_table::collect_outbound_for_node(node_name node,
                                         std::vector<outbound_monitor>& out,
                                         size_t limit, reference newest) {
  auto number = find_number(node);
  if (!number)
    return 0;
  size_t result = 0;
  for (; result < limit; ++result) {
    auto x = nodes_[*number].outbound;
    if (x == no_slot || outbound_[x].ref > newest)
      break;
    out.push_back(describe(outbound_[x]));
    erase_outbound(x);
  }
  return result;
}

void monitor_table::list_outbound_for_node(
  node_name node, std::vector<outbound_monitor>& out) const {
  if (auto number = find_number(node))
    out_node_ring::for_each(outbound_, nodes_[*number].outbound, [&](slot x) {
      out.push_back(describe(outbound_[x]));
    });
}

void monitor_table::remove_outbound_for_watcher(
  const pid& watcher, std::vector<outbound_monitor>& out) {
  if (!is_local(watcher))
    return;
  local_id id{id_of(watcher)};
  for (auto x = by_watcher_.find(id); x != no_slot; x = by_watcher_.find(id)) {
    out.push_back(describe(outbound_[x]));
    erase_outbound(x);
  }
}

std::vector<outbound_monitor>
monitor_table::monitors(const pid& watcher) const {
  std::vector<outbound_monitor> result;
  if (is_local(watcher))
    watcher_ring::for_each(
      outbound_, by_watcher_.find(local_id{id_of(watcher)}),
      [&](slot x) { result.push_back(describe(outbound_[x])); });
  return result;
}

// -- the target's half --------------------------------------------------------

bool monitor_table::register_inbound_monitor(const pid& watcher,
                                             const target& object,
                                             reference ref,
                                             const pid& process) {
  assert(is_local(process));
  inbound_record record;
  record.ref = ref;
  record.watcher = id_of(watcher);
  record.watcher_life = watcher.life;
  record.watcher_node = number_of(watcher.node);
  record.process = local_id{id_of(process)};
  if (auto named = std::get_if<named_target>(&object))
    record.name = names_.acquire(named->name);
  auto x = inbound_.insert(record);
  if (by_triple_.insert(x) != x) {
    if (record.name != no_name)
      names_.release(record.name);
    inbound_.erase(x);
    return false;
  }
  auto first = by_target_.insert(x);
  target_ring::push_back(inbound_, first == x ? no_slot : first, x);
  auto& node = nodes_[record.watcher_node];
  node.inbound = in_node_ring::push_back(inbound_, node.inbound, x);
  ++node.num_inbound;
  return true;
}

bool monitor_table::has_inbound_monitor(const pid& watcher,
                                        const target& object,
                                        reference ref) const {
  return find_inbound(watcher, object, ref) != no_slot;
}

bool monitor_table::remove_inbound_monitor(const pid& watcher,
                                           const target& object,
                                           reference ref) {
  auto x = find_inbound(watcher, object, ref);
  if (x == no_slot)
    return false;
  erase_inbound(x);
  return true;
}

void monitor_table::collect_inbound_for_target(
  const pid& process, std::vector<inbound_monitor>& out) {
  if (!is_local(process))
    return;
  auto first = by_target_.find(local_id{id_of(process)});
  if (first == no_slot)
    return;
  by_target_.replace(first, no_slot);
  auto x = first;
  do {
    auto next = inbound_[x].by_target.next;
    out.push_back(describe(inbound_[x]));
    forget_inbound(x);
    x = next;
  } while (x != first);
}

size_t monitor_table::remove_inbound_for_watcher_node(node_name node,
                                                      size_t limit) {
  auto number = find_number(node);
  if (!number)
    return 0;
  size_t result = 0;
  for (; result < limit && nodes_[*number].inbound != no_slot; ++result)
    erase_inbound(nodes_[*number].inbound);
  return result;
}

std::vector<pid> monitor_table::monitored_by(const pid& process) const {
  std::vector<pid> result;
  if (is_local(process))
    target_ring::for_each(inbound_, by_target_.find(local_id{id_of(process)}),
                          [&](slot x) {
                            result.push_back(describe(inbound_[x]).watcher);
                          });
  return result;
}

// -- sizes --------------------------------------------------------------------

size_t monitor_table::num_outbound(node_name node) const {
  auto number = find_number(node);
  return number ? nodes_[*number].num_outbound : 0;
}

size_t monitor_table::num_inbound(node_name node) const {
  auto number = find_number(node);
  return number ? nodes_[*number].num_inbound : 0;
}

bool monitor_table::empty() const noexcept {
  for (const auto& node : nodes_)
    if (node.outbound != no_slot || node.inbound != no_slot)
      return false;
  return outbound_.size() == 0 && by_ref_.size() == 0 && by_watcher_.size() == 0
         && inbound_.size() == 0 && by_triple_.size() == 0
         && by_target_.size() == 0 && names_.size() == 0;
}

// -- packing ------------------------------------------------------------------

uint64_t monitor_table::id_of(const pid& x) noexcept {
  return (uint64_t{x.serial} << 32) | x.number;
}

bool monitor_table::is_local(const pid& x) const noexcept {
  return x.node == self_ && x.life == life_;
}

monitor_table::node_number monitor_table::number_of(node_name node) {
  if (auto known = find_number(node))
    return *known;
  auto result = static_cast<node_number>(nodes_.size());
  node_numbers_.emplace(node, result);
  nodes_.emplace_back();
  nodes_.back().name = node;
  return result;
}

std::optional<monitor_table::node_number>
monitor_table::find_number(node_name node) const {
  // Requests of one node come in a row.
  if (last_number_ < nodes_.size() && nodes_[last_number_].name == node)
    return last_number_;
  auto i = node_numbers_.find(node);
  if (i == node_numbers_.end())
    return std::nullopt;
  last_number_ = i->second;
  return i->second;
}

pid monitor_table::local_pid(local_id id) const noexcept {
  auto bits = static_cast<uint64_t>(id);
  return {self_, life_, static_cast<uint32_t>(bits),
          static_cast<uint32_t>(bits >> 32)};
}

target monitor_table::unpack(const packed_target& x) const {
  auto node = nodes_[x.node].name;
  if (!valid(x.life))
    return named_target{names_[static_cast<uint32_t>(x.id)], node};
  return pid{node, x.life, static_cast<uint32_t>(x.id),
             static_cast<uint32_t>(x.id >> 32)};
}

std::optional<monitor_table::packed_target>
monitor_table::find_packed(const target& x) const {
  auto node = find_number(node_of(x));
  if (!node)
    return std::nullopt;
  if (auto process = std::get_if<pid>(&x))
    return packed_target{id_of(*process), process->life, *node};
  auto name = names_.find(std::get<named_target>(x).name);
  if (!name)
    return std::nullopt;
  return packed_target{*name, creation{}, *node};
}

outbound_monitor monitor_table::describe(const outbound_record& x) const {
  return {local_pid(x.watcher), unpack(x.object), x.ref};
}

target monitor_table::object_of(const inbound_record& x) const {
  if (x.name != no_name)
    return named_target{names_[x.name], self_};
  return local_pid(x.process);
}

inbound_monitor monitor_table::describe(const inbound_record& x) const {
  pid watcher{nodes_[x.watcher_node].name, x.watcher_life,
              static_cast<uint32_t>(x.watcher),
              static_cast<uint32_t>(x.watcher >> 32)};
  return {watcher, object_of(x), x.ref};
}

slot monitor_table::find_inbound(const pid& watcher, const target& object,
                                 reference ref) const {
  auto node = find_number(watcher.node);
  if (!node || node_of(object) != self_)
    return no_slot;
  packed_target packed;
  if (auto process = std::get_if<pid>(&object)) {
    if (!is_local(*process))
      return no_slot;
    packed = pack_local(id_of(*process), no_name);
  } else {
    auto name = names_.find(std::get<named_target>(object).name);
    if (!name)
      return no_slot;
    packed = pack_local(0, *name);
  }
  return by_triple_.find({ref, id_of(watcher), watcher.life, *node, packed});
}

// -- removal ------------------------------------------------------------------

void monitor_table::erase_outbound(slot x) {
  auto record = outbound_[x];
  by_ref_.replace(x, no_slot);
  // The index holds the first record of the watcher's ring only.
  auto first = by_watcher_.find(record.watcher);
  auto next = watcher_ring::remove(outbound_, first, x);
  if (first == x)
    by_watcher_.replace(x, next);
  auto& node = nodes_[record.object.node];
  node.outbound = out_node_ring::remove(outbound_, node.outbound, x);
  --node.num_outbound;
  if (!valid(record.object.life))
    names_.release(static_cast<uint32_t>(record.object.id));
  outbound_.erase(x);
  if (outbound_.size() == 0) {
    by_ref_.release_if_empty();
    by_watcher_.release_if_empty();
  }
}

void monitor_table::erase_inbound(slot x) {
  auto first = by_target_.find(inbound_[x].process);
  auto next = target_ring::remove(inbound_, first, x);
  if (first == x)
    by_target_.replace(x, next);
  forget_inbound(x);
}

void monitor_table::forget_inbound(slot x) {
  const auto& record = inbound_[x];
  by_triple_.replace(x, no_slot);
  auto& node = nodes_[record.watcher_node];
  node.inbound = in_node_ring::remove(inbound_, node.inbound, x);
  --node.num_inbound;
  if (record.name != no_name)
    names_.release(record.name);
  inbound_.erase(x);
  if (inbound_.size() == 0) {
    by_triple_.release_if_empty();
    by_target_.release_if_empty();
  }
}

} // namespace vigil
