// What a monitor table does with all monitors of another node: what is lost
// with it.

#include "src/table/monitor_table.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace vigil {

namespace {

reference ref_of(const outbound_monitor& x) noexcept {
  return x.ref;
}

reference ref_of(const down_notice& x) noexcept {
  return x.message.ref;
}

/// Sorts what lies behind the first `known`.
template <class T>
void sort_by_age(std::vector<T>& list, size_t known) {
  auto first = list.begin() + static_cast<std::ptrdiff_t>(known);
  auto older = [](const T& x, const T& y) { return ref_of(x) < ref_of(y); };
  // Most often it is in order: pages are filled in a row.
  if (!std::is_sorted(first, list.end(), older))
    std::sort(first, list.end(), older);
}

} // namespace

monitor_table::node_sweep monitor_table::begin_sweep(node_name node) noexcept {
  auto next = static_cast<uint32_t>(last_sweep_) + 1;
  // What was never swept has the number 0.
  last_sweep_ = sweep_number{next != 0 ? next : 1};
  return {node, newest_, last_sweep_};
}

sweep_portion
monitor_table::end_outbound_for_node(const node_sweep& x, const down& like,
                                     std::vector<down_notice>& out,
                                     size_t limit) {
  auto known = out.size();
  out.reserve(known + std::min(limit, num_outbound(x.node)));
  leaving_outbound leaving{outbound_, by_watcher_, by_ref_};
  auto result = outbound_.sweep(
    x.node, x.number, limit,
    [&](const outbound_record& record) { return record.ref <= x.newest; },
    [&](slot place) {
      const auto& record = outbound_[place];
      out.push_back(
        {local_pid(record.watcher),
         {record.ref, object_of(place), like.reason, like.origin, like.loss}});
      release_object(place);
      leaving.add(place);
    });
  sort_by_age(out, known);
  return result;
}

sweep_portion
monitor_table::remove_inbound_for_watcher_node(const node_sweep& x,
                                               size_t limit) {
  leaving_inbound leaving{inbound_, by_target_, by_foreign_ref_};
  return inbound_.sweep(
    x.node, x.number, limit, [](const inbound_record&) { return true; },
    [&](slot place) {
      release_name(place);
      leaving.add(place);
    });
}

void monitor_table::list_outbound_for_node(
  node_name node, std::vector<outbound_monitor>& out) const {
  auto known = out.size();
  outbound_.for_each(node,
                     [&](slot x) { out.push_back(describe_outbound(x)); });
  sort_by_age(out, known);
}

} // namespace vigil
