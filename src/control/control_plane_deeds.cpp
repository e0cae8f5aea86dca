// What a control plane does in slices, because others decide how much it is:
// the end of a link, or of the attempt to make one, with all its monitors; a
// link that comes up for which monitors have waited; the end of a process.

#include "src/control/control_plane_impl.hpp"

#include <utility>

namespace vigil {

// -- turns --------------------------------------------------------------------

void control_plane::impl::go_on_with_deeds() {
  auto left = std::min(meter_->left(), portion());
  for (auto turns = deeds_.size(); turns > 0 && left > 0; --turns) {
    // What one leaves is for those after it.
    auto share = left / turns;
    auto before = meter_->done();
    auto x = std::move(deeds_.front());
    deeds_.pop_front();
    if (!std::visit([&](const auto& y) { return go_on(y, share); }, x.what))
      deeds_.push_back(std::move(x));
    left -= std::min(left, meter_->done() - before);
  }
  go_on_later();
}

void control_plane::impl::go_on_later() {
  if (deeds_.empty() || std::exchange(yielded_, true))
    return;
  emit(effect::yield{});
}

// -- a link that comes up -----------------------------------------------------

bool control_plane::impl::go_on(const sending& x, size_t share) {
  auto i = waiting_.find(x.peer);
  // It may be lost already.
  if (i == waiting_.end() || !is_up(x.peer))
    return true;
  auto& refs = i->second;
  for (auto left = monitors_for(share); left > 0 && !refs.empty(); --left) {
    auto monitor = table_.find_outbound(refs.front());
    refs.pop_front();
    meter_->add(1);
    if (monitor)
      send(x.peer, monitor_p{monitor->watcher, monitor->object, monitor->ref});
  }
  if (!refs.empty())
    return false;
  waiting_.erase(i);
  return true;
}

// -- losses -------------------------------------------------------------------

down_origin control_plane::impl::origin_of(const loss& x) noexcept {
  if (auto lost = std::get_if<effect::node_down>(&x.told))
    return lost->cause == down_cause::shutdown ? down_origin::shutdown
                                               : down_origin::link_lost;
  const auto& failed = *std::get_if<effect::connect_failed>(&x.told);
  return failed.why.code == errc::unresolvable ? down_origin::no_address
                                               : down_origin::setup_failed;
}

uint64_t control_plane::impl::number_of(const loss& x) noexcept {
  auto lost = std::get_if<effect::node_down>(&x.told);
  return lost != nullptr ? lost->loss : 0;
}

void control_plane::impl::begin_loss(
  node_name peer,
  std::variant<effect::node_down, effect::connect_failed> told) {
  auto& losses = losses_[peer];
  losses.push_back({table_.begin_sweep(peer), std::move(told)});
  if (losses.size() == 1)
    start(losing{peer});
}

bool control_plane::impl::go_on(const losing& x, size_t share) {
  auto i = losses_.find(x.peer);
  // A transport may not have waited for it.
  if (i == losses_.end())
    return true;
  auto& losses = i->second;
  if (!go_on(losses.front(), share))
    return false;
  losses.pop_front();
  if (!losses.empty())
    return false;
  losses_.erase(i);
  emit(effect::loss_done{x.peer});
  return true;
}

bool control_plane::impl::go_on(loss& x, size_t share) {
  auto limit = monitors_for(share);
  if (was_up(x)) {
    auto dropped = table_.remove_inbound_for_watcher_node(x.monitors, limit);
    meter_->add(dropped.looks);
    if (!dropped.done || dropped.looks >= limit)
      return false;
    limit -= dropped.looks;
  }
  auto ended = table_.end_outbound_for_node(
    x.monitors,
    {{}, {}, exit_reason::noconnection(), origin_of(x), number_of(x)}, downs_,
    limit);
  meter_->add(ended.looks);
  if (ended.taken > 0) {
    count_downs(origin_of(x), ended.taken);
    deliver_last(ended.taken);
  }
  if (!ended.done)
    return false;
  std::visit([this](auto& told) { emit(std::move(told)); }, x.told);
  return true;
}

void control_plane::impl::finish_losses(node_name peer) {
  while (!go_on(losing{peer}, monitor_table::no_limit)) {
    // nop
  }
}

// -- the end of a process -----------------------------------------------------

bool control_plane::impl::go_on(const ending& x, size_t share) {
  auto limit = monitors_for(share);
  auto& told = list_of_told();
  auto count = table_.collect_inbound_for_target(x.process, told, limit);
  meter_->add(count);
  report_exit(told.data(), told.data() + count, x.reason);
  if (count == limit)
    return false;
  // Where the node stops, the end of its links ends what its processes held.
  return stopping_ || end_held(x.process, (limit - count) * monitor_work);
}

bool control_plane::impl::end_held(const pid& process, size_t share) {
  auto limit = monitors_for(share);
  outbound_.clear();
  auto count = table_.remove_outbound_for_watcher(process, outbound_, limit);
  meter_->add(count);
  for (const auto& monitor : outbound_) {
    send_demonitor(monitor.watcher, monitor.object, monitor.ref);
    emit(effect::retire{monitor.ref});
  }
  return count < limit;
}

void control_plane::impl::report_exit(const inbound_monitor* i,
                                      const inbound_monitor* end,
                                      const exit_reason& reason) {
  while (i != end) {
    auto first = i;
    auto node = first->watcher.node;
    // Watchers of one node come in a row more often than not.
    while (i != end && i->watcher.node == node)
      ++i;
    if (node == self_)
      report_local_exit(first, i, reason);
    // A monitor over a link that is lost may still wait to be dropped.
    else if (is_up(node))
      send_exits(first, i, reason);
  }
}

void control_plane::impl::report_local_exit(const inbound_monitor* i,
                                            const inbound_monitor* end,
                                            const exit_reason& reason) {
  // Each has a record in the watcher's half as well.
  meter_->add(static_cast<size_t>(end - i));
  for (; i != end; ++i) {
    auto match = table_.take_outbound_for_exit(self_, i->object, i->watcher,
                                               i->ref);
    if (match == monitor_table::exit_match::taken)
      deliver(i->watcher, i->ref, i->object, reason, down_origin::exit);
  }
}

void control_plane::impl::send_exits(const inbound_monitor* first,
                                     const inbound_monitor* end,
                                     const exit_reason& reason) {
  auto count = static_cast<size_t>(end - first);
  counters_.sent += count;
  meter_->add(count - 1);
  emit(effect::send_exits{first, count, reason});
}

std::vector<inbound_monitor>& control_plane::impl::list_of_told() {
  // Lists may move, what stands in them does not.
  if (num_told_ == told_.size())
    told_.emplace_back();
  auto& result = told_[num_told_++];
  result.clear();
  return result;
}

} // namespace vigil
