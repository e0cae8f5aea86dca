#include "src/control/control_plane_impl.hpp"

#include <utility>

namespace vigil {

void control_plane::impl::on(const control_event& x) {
  std::visit([this](const auto& y) { on(y); }, x);
}

// -- requests of local processes --------------------------------------------

void control_plane::impl::on(const event::monitor& x) {
  if (stopping_)
    return emit(effect::retire{x.ref, errc::shutdown, false});
  if (!is_local(x.watcher) || !processes_->alive(x.watcher))
    return emit(effect::retire{x.ref, errc::noproc, false});
  if (node_of(x.object) == self_)
    return monitor_local(x);
  table_.monitor_remote(x.watcher, x.object, x.ref);
  auto peer = node_of(x.object);
  if (is_up(peer) && (sending_.empty() || !has_waiting(peer)))
    return send(peer, monitor_p{x.watcher, x.object, x.ref});
  waiting_[peer].push_back(x.ref);
  if (is_up(peer))
    return;
  if (table_.num_outbound(peer) == 1 || has_loss(peer))
    // The first of them opens the link for all that follow. Which is the
    // first while others are still ending, the transport knows.
    emit(effect::open_link{peer, false});
}

void control_plane::impl::on(const event::demonitor& x) {
  if (stopping_)
    return;
  auto object = table_.demonitor_remote(x.watcher, x.ref);
  if (!object)
    return;
  ++counters_.demonitors;
  send_demonitor(x.watcher, *object, x.ref);
}

void control_plane::impl::on(const event::process_exited& x) {
  if (stopping_ || !is_local(x.process))
    return;
  ending end{x.process, x.reason};
  if (!end_slice(end))
    endings_.push_back(std::move(end));
  go_on_later();
}

// -- requests about links ---------------------------------------------------

void control_plane::impl::on(const event::connect& x) {
  if (stopping_)
    emit(effect::connect_failed{x.peer, {errc::shutdown, {}}});
  else if (x.peer == self_)
    emit(effect::connect_failed{x.peer,
                                {errc::bad_argument,
                                 "a node needs no connection to "
                                 "itself"}});
  else
    emit(effect::open_link{x.peer, x.keep});
}

void control_plane::impl::on(const event::disconnect& x) {
  if (!stopping_ && x.peer != self_)
    emit(effect::close_link{x.peer,
                            {down_cause::requested, errc::no_connection, {}}});
}

void control_plane::impl::on(const event::stop&) {
  end_all_watchers();
  stopping_ = true;
  losses_.clear();
  waiting_.clear();
  sending_.clear();
}

void control_plane::impl::on(const event::resume&) {
  yielded_ = false;
  go_on_with_losses();
  for (auto peer : std::vector<node_name>{sending_})
    send_waiting(peer);
  if (!endings_.empty() && end_slice(endings_.front()))
    endings_.pop_front();
  go_on_later();
}

// -- reports of the transport -----------------------------------------------

void control_plane::impl::on(const event::link_up& x) {
  if (stopping_)
    return;
  finish_loss(x.peer);
  [[maybe_unused]] auto added = links_.emplace(x.peer, x.life).second;
  assert(added);
  emit(effect::node_up{x.peer, x.life});
  if (!has_waiting(x.peer))
    return;
  sending_.push_back(x.peer);
  send_waiting(x.peer);
  go_on_later();
}

void control_plane::impl::on(const event::link_down& x) {
  if (stopping_ || links_.erase(x.peer) == 0)
    return;
  emit(effect::link_lost{x.peer});
  forget_waiting(x.peer);
  begin_loss(
    {x.peer,
     effect::node_down{x.peer, x.cause, x.detail, x.silence, x.detection},
     table_.newest()});
}

void control_plane::impl::on(const event::link_failed& x) {
  if (stopping_ || is_up(x.peer))
    return;
  forget_waiting(x.peer);
  begin_loss({x.peer, effect::connect_failed{x.peer, x.why}, table_.newest()});
}

void control_plane::impl::take(node_name peer, const control_message& message) {
  auto i = links_.find(peer);
  if (stopping_ || i == links_.end())
    return;
  ++counters_.received;
  std::visit([&](const auto& x) { handle(peer, i->second, x); }, message);
}

void control_plane::impl::deliver(const pid& watcher, reference ref,
                                  const target& object,
                                  const exit_reason& reason, bool in_loss) {
  if (reason == exit_reason::noproc())
    ++counters_.downs_noproc;
  else if (reason == exit_reason::noconnection())
    ++counters_.downs_noconnection;
  else
    ++counters_.downs_exit;
  emit(effect::deliver_down{watcher, ref, object, reason, in_loss});
}

std::optional<pid> control_plane::impl::resolve(const target& object) const {
  if (auto named = std::get_if<named_target>(&object))
    return processes_->whereis(named->name);
  const auto& process = std::get<pid>(object);
  // A pid of an earlier life of this node is of no process (contract 4).
  if (is_local(process) && processes_->alive(process))
    return process;
  return std::nullopt;
}

void control_plane::impl::monitor_local(const event::monitor& x) {
  auto process = resolve(x.object);
  if (process == x.watcher)
    return emit(effect::retire{x.ref, errc::noproc, true});
  if (!process)
    return deliver(x.watcher, x.ref, x.object, exit_reason::noproc());
  table_.monitor_remote(x.watcher, x.object, x.ref);
  table_.register_inbound_monitor(x.watcher, x.object, x.ref, *process);
}

// -- monitors that wait for a link --------------------------------------------

void control_plane::impl::send_waiting(node_name peer) {
  auto& refs = waiting_.find(peer)->second;
  for (auto left = limits_.slice; left > 0 && !refs.empty(); --left) {
    auto monitor = table_.find_outbound(refs.front());
    refs.pop_front();
    if (monitor)
      send(peer, monitor_p{monitor->watcher, monitor->object, monitor->ref});
  }
  if (refs.empty())
    forget_waiting(peer);
}

void control_plane::impl::forget_waiting(node_name peer) {
  waiting_.erase(peer);
  sending_.erase(std::remove(sending_.begin(), sending_.end(), peer),
                 sending_.end());
}

void control_plane::impl::send_demonitor(const pid& watcher,
                                         const target& object, reference ref) {
  auto peer = node_of(object);
  if (peer == self_)
    table_.remove_inbound_monitor(watcher, object, ref);
  else if (is_up(peer))
    send(peer, demonitor_p{watcher, object, ref});
  // Without a link the peer never heard of the monitor.
}

bool control_plane::impl::end_slice(const ending& x) {
  auto left = limits_.slice;
  left -= end_watchers(x, left);
  left -= end_held(x.process, left);
  return left > 0;
}

size_t control_plane::impl::end_watchers(const ending& x, size_t limit) {
  inbound_.clear();
  auto count = table_.collect_inbound_for_target(x.process, inbound_, limit);
  report_exit(inbound_.data(), inbound_.data() + count, x.reason);
  return count;
}

size_t control_plane::impl::end_held(const pid& process, size_t limit) {
  outbound_.clear();
  auto count = table_.remove_outbound_for_watcher(process, outbound_, limit);
  for (const auto& monitor : outbound_) {
    send_demonitor(monitor.watcher, monitor.object, monitor.ref);
    emit(effect::retire{monitor.ref});
  }
  return count;
}

void control_plane::impl::end_all_watchers() {
  // Effects refer to the list, so it must be complete before the first.
  inbound_.clear();
  std::vector<size_t> counts;
  for (const auto& x : endings_)
    counts.push_back(table_.collect_inbound_for_target(x.process, inbound_));
  const auto* first = inbound_.data();
  for (size_t i = 0; i < counts.size(); ++i) {
    report_exit(first, first + counts[i], endings_[i].reason);
    first += counts[i];
  }
  endings_.clear();
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
  for (; i != end; ++i) {
    auto match = table_.take_outbound_for_exit(self_, i->object, i->watcher,
                                               i->ref);
    if (match == monitor_table::exit_match::taken)
      deliver(i->watcher, i->ref, i->object, reason);
  }
}

void control_plane::impl::send_exits(const inbound_monitor* first,
                                     const inbound_monitor* end,
                                     const exit_reason& reason) {
  auto count = static_cast<size_t>(end - first);
  counters_.sent += count;
  emit(effect::send_exits{first, count, reason});
}

// -- losses -----------------------------------------------------------------

void control_plane::impl::begin_loss(loss x) {
  auto waits = has_loss(x.peer);
  losses_.push_back(std::move(x));
  if (!waits)
    end_slice(losses_.back(), limits_.slice);
  forget_finished();
  go_on_later();
}

void control_plane::impl::go_on_with_losses() {
  for (auto i = losses_.begin(); i != losses_.end(); ++i) {
    auto same = [i](const loss& x) { return x.peer == i->peer; };
    if (std::find_if(losses_.begin(), i, same) == i)
      end_slice(*i, limits_.slice);
  }
  forget_finished();
}

void control_plane::impl::end_slice(loss& x, size_t limit) {
  auto was_up = std::holds_alternative<effect::node_down>(x.told);
  auto left = limit;
  if (was_up)
    left -= table_.remove_inbound_for_watcher_node(x.peer, left);
  outbound_.clear();
  left -= table_.collect_outbound_for_node(x.peer, outbound_, left, x.newest);
  deliver_noconnection(was_up);
  if (left == 0)
    return;
  std::visit([this](auto& told) { emit(std::move(told)); }, x.told);
  // An attempt that was made meanwhile can have failed as well.
  if (auto peer = std::exchange(x.peer, node_name{}); !has_loss(peer))
    emit(effect::loss_done{peer});
}

void control_plane::impl::forget_finished() {
  auto& losses = losses_;
  auto finished = [](const loss& x) { return !x.peer; };
  losses.erase(std::remove_if(losses.begin(), losses.end(), finished),
               losses.end());
}

void control_plane::impl::go_on_later() {
  if ((losses_.empty() && endings_.empty() && sending_.empty()) || yielded_)
    return;
  yielded_ = true;
  emit(effect::yield{});
}

void control_plane::impl::finish_loss(node_name peer) {
  for (auto& x : losses_)
    if (x.peer == peer)
      end_slice(x, monitor_table::no_limit);
  forget_finished();
}

void control_plane::impl::deliver_noconnection(bool in_loss) {
  for (const auto& monitor : outbound_)
    deliver(monitor.watcher, monitor.ref, monitor.object,
            exit_reason::noconnection(), in_loss);
}

// -- control messages of peers ----------------------------------------------

void control_plane::impl::violation(node_name peer, std::string detail) {
  ++counters_.violations;
  // It can quote a reason of any size.
  emit(effect::close_link{peer,
                          tidied({down_cause::protocol_error,
                                  errc::protocol_error, std::move(detail)})});
}

void control_plane::impl::overload(node_name peer) {
  emit(effect::close_link{
    peer,
    {down_cause::overload, errc::system_limit,
     "the node's processes hold " + std::to_string(limits_.max_inbound)
       + " monitors here, which is the most that is allowed"}});
}

bool control_plane::impl::is_request_of(node_name peer, creation life,
                                        const pid& watcher,
                                        const target& object) const {
  return watcher.node == peer && watcher.life == life
         && node_of(object) == self_;
}

void control_plane::impl::handle(node_name peer, creation life,
                                 const monitor_p& x) {
  if (!valid(x) || !is_request_of(peer, life, x.watcher, x.object))
    return violation(peer, "may not say " + to_string(x));
  auto process = resolve(x.object);
  auto full = table_.num_inbound(peer) >= limits_.max_inbound;
  auto match = process && !full
                 ? table_.register_inbound_monitor(x.watcher, x.object, x.ref,
                                                   *process)
                 : table_.match_inbound_monitor(x.watcher, x.object, x.ref);
  // One that came before keeps its resolution (contract 6).
  if (match == monitor_table::inbound_match::repeated)
    ++counters_.repeats;
  else if (match == monitor_table::inbound_match::conflicting)
    violation(peer, "uses the reference of another monitor: " + to_string(x));
  else if (full)
    overload(peer);
  else if (!process)
    send(peer,
         monitor_p_exit{x.object, x.watcher, x.ref, exit_reason::noproc()});
}

void control_plane::impl::handle(node_name peer, creation life,
                                 const demonitor_p& x) {
  if (!valid(x) || !is_request_of(peer, life, x.watcher, x.object))
    return violation(peer, "may not say " + to_string(x));
  if (!table_.remove_inbound_monitor(x.watcher, x.object, x.ref))
    ++counters_.crossings;
}

void control_plane::impl::handle(node_name peer, creation,
                                 const monitor_p_exit& x) {
  if (!valid(x) || node_of(x.object) != peer || !is_local(x.watcher))
    return violation(peer, "may not say " + to_string(x));
  switch (table_.take_outbound_for_exit(peer, x.object, x.watcher, x.ref)) {
    case monitor_table::exit_match::taken:
      deliver(x.watcher, x.ref, x.object, x.reason);
      break;
    case monitor_table::exit_match::unknown:
      ++counters_.crossings;
      break;
    case monitor_table::exit_match::mismatch:
      violation(peer, "ends a monitor that is not its own: " + to_string(x));
      break;
  }
}

} // namespace vigil
