// What a control plane does about what it is told by its own node and of its
// links. What takes more than a step is in control_plane_deeds.cpp, what peers
// say in control_plane_messages.cpp.

#include "src/control/control_plane_impl.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace vigil {

void control_plane::impl::on(const control_event& x) {
  std::visit([this](const auto& y) { on(y); }, x);
}

// -- requests of local processes --------------------------------------------

void control_plane::impl::on(const event::monitor& x) {
  meter_->add(1);
  if (stopping_)
    return emit(effect::retire{x.ref, errc::shutdown, false});
  if (!is_local(x.watcher) || !processes_->alive(x.watcher))
    return emit(effect::retire{x.ref, errc::noproc, false});
  if (node_of(x.object) == self_)
    return monitor_local(x);
  table_.monitor_remote(x.watcher, x.object, x.ref);
  auto peer = node_of(x.object);
  if (is_up(peer) && (waiting_.empty() || !has_waiting(peer)))
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
  meter_->add(1);
  if (stopping_)
    return;
  auto object = table_.demonitor_remote(x.watcher, x.ref);
  if (!object)
    return;
  ++counters_.demonitors;
  send_demonitor(x.watcher, *object, x.ref);
}

void control_plane::impl::on(const event::process_exited& x) {
  meter_->add(1);
  if (!stopping_ && is_local(x.process))
    start(ending{x.process, x.reason});
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
  stopping_ = true;
  // Who watches a process that has ended before is told. What else goes on
  // ends with the node.
  auto is_over = [](const deed& x) {
    return !std::holds_alternative<ending>(x.what);
  };
  deeds_.erase(std::remove_if(deeds_.begin(), deeds_.end(), is_over),
               deeds_.end());
  losses_.clear();
  waiting_.clear();
  go_on_with_deeds();
}

void control_plane::impl::on(const event::resume&) {
  yielded_ = false;
  go_on_with_deeds();
}

// -- reports of the transport -----------------------------------------------

void control_plane::impl::on(const event::link_up& x) {
  if (stopping_)
    return;
  finish_losses(x.peer);
  [[maybe_unused]] auto added = links_.emplace(x.peer, x.life).second;
  assert(added);
  emit(effect::node_up{x.peer, x.life});
  if (has_waiting(x.peer))
    start(sending{x.peer});
}

void control_plane::impl::on(const event::link_down& x) {
  if (stopping_ || links_.erase(x.peer) == 0)
    return;
  emit(effect::link_lost{x.peer});
  waiting_.erase(x.peer);
  begin_loss(x.peer, effect::node_down{x.peer, x.cause, x.detail, x.silence,
                                       x.detection, ++num_lost_});
}

void control_plane::impl::on(const event::link_failed& x) {
  if (stopping_ || is_up(x.peer))
    return;
  waiting_.erase(x.peer);
  begin_loss(x.peer, effect::connect_failed{x.peer, x.why});
}

void control_plane::impl::take(node_name peer, const control_message& message) {
  auto i = links_.find(peer);
  if (stopping_ || i == links_.end())
    return;
  ++counters_.received;
  meter_->add(1);
  std::visit([&](const auto& x) { handle(peer, i->second, x); }, message);
}

void control_plane::impl::deliver(const pid& watcher, reference ref,
                                  const target& object,
                                  const exit_reason& reason,
                                  down_origin origin) {
  count_downs(origin, 1);
  downs_.push_back({watcher, {ref, object, reason, origin, 0}});
  deliver_last(1);
}

void control_plane::impl::deliver_last(size_t count) {
  meter_->add(count);
  if (out_->size() > first_effect_)
    if (auto last = std::get_if<effect::deliver_downs>(&out_->back())) {
      last->count += count;
      return;
    }
  out_->emplace_back(effect::deliver_downs{nullptr, count});
}

void control_plane::impl::place_downs() noexcept {
  if (downs_.empty())
    return;
  auto next = downs_.data();
  for (auto i = first_effect_; i < out_->size(); ++i)
    if (auto some = std::get_if<effect::deliver_downs>(&(*out_)[i])) {
      some->first = next;
      next += some->count;
    }
}

void control_plane::impl::count_downs(down_origin origin,
                                      size_t count) noexcept {
  switch (origin) {
    case down_origin::exit:
      counters_.downs_exit += count;
      break;
    case down_origin::noproc_here:
    case down_origin::noproc_there:
      counters_.downs_noproc += count;
      break;
    case down_origin::no_address:
    case down_origin::setup_failed:
    case down_origin::link_lost:
    case down_origin::shutdown:
      counters_.downs_noconnection += count;
      break;
  }
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
    return deliver(x.watcher, x.ref, x.object, exit_reason::noproc(),
                   down_origin::noproc_here);
  // A record in each half.
  meter_->add(1);
  table_.monitor_remote(x.watcher, x.object, x.ref);
  table_.register_inbound_monitor(x.watcher, x.object, x.ref, *process);
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

} // namespace vigil
