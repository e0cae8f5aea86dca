// What a monitor table does with all monitors of another node: what is lost
// with it.

#include "src/table/monitor_table.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>
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

/// Takes records out of the rings of their watchers. Neighbours that leave one
/// after the other leave together, which is most often all of a ring: its links
/// are not mended for each.
class monitor_table::leaving_run {
public:
  explicit leaving_run(monitor_table& table) noexcept : table_(table) {
    // nop
  }

  leaving_run(const leaving_run&) = delete;

  leaving_run& operator=(const leaving_run&) = delete;

  ~leaving_run() {
    finish();
  }

  /// Takes out `x`, which may be erased then; links of others in the ring are
  /// right again only after `finish`.
  void add(slot x) {
    auto& records = table_.outbound_;
    auto is_first = watcher_ring::is_first(records, x);
    if (last_ == no_slot || x != after_ || is_first) {
      finish();
      before_ = watcher_ring::previous(records, x);
      was_first_ = is_first;
      // As long as its key can be read.
      if (is_first)
        table_.by_watcher_.replace(x, no_slot);
    }
    last_ = x;
    after_ = watcher_ring::next(records, x);
  }

  /// Closes the gap.
  void finish() {
    // The whole ring is gone if what came before the first was the last.
    if (last_ == no_slot || std::exchange(last_, no_slot) == before_)
      return;
    watcher_ring::join(table_.outbound_, before_, after_, was_first_);
    if (was_first_)
      table_.by_watcher_.insert(after_);
  }

private:
  monitor_table& table_;
  slot before_ = no_slot;
  slot last_ = no_slot;
  slot after_ = no_slot;
  bool was_first_ = false;
};

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
  leaving_run run{*this};
  auto result = outbound_.sweep(
    x.node, x.number, limit,
    [&](const outbound_record& record) { return record.ref <= x.newest; },
    [&](slot place) {
      const auto& record = outbound_[place];
      out.push_back(
        {local_pid(record.watcher),
         {record.ref, object_of(place), like.reason, like.origin, like.loss}});
      run.add(place);
      forget_outbound(by_ref_.locate(place));
    });
  sort_by_age(out, known);
  return result;
}

sweep_portion
monitor_table::remove_inbound_for_watcher_node(const node_sweep& x,
                                               size_t limit) {
  return inbound_.sweep(
    x.node, x.number, limit, [](const inbound_record&) { return true; },
    [&](slot place) { erase_inbound(by_foreign_ref_.locate(place)); });
}

void monitor_table::list_outbound_for_node(
  node_name node, std::vector<outbound_monitor>& out) const {
  auto known = out.size();
  outbound_.for_each(node,
                     [&](slot x) { out.push_back(describe_outbound(x)); });
  sort_by_age(out, known);
}

} // namespace vigil
