#pragma once

#include "src/control_plane.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace vigil {

/// One step of a control plane: its state, the view of the processes, and the
/// effects so far.
class control_plane::stepper {
public:
  stepper(control_plane& self, const process_view& processes, effects& out)
    : self_(self),
      processes_(processes),
      out_(out) {
    // nop
  }

  // -- requests of local processes --------------------------------------------

  void operator()(const event::monitor& x) {
    if (self_.stopping_)
      return emit(effect::retire{x.ref, errc::shutdown, false});
    if (!is_local(x.watcher) || !processes_.alive(x.watcher))
      return emit(effect::retire{x.ref, errc::noproc, false});
    if (node_of(x.object) == self_.self_)
      return monitor_local(x);
    self_.table_.monitor_remote(x.watcher, x.object, x.ref);
    auto peer = node_of(x.object);
    if (self_.is_up(peer))
      send(peer, monitor_p{x.watcher, x.object, x.ref});
    else if (self_.table_.num_outbound(peer) == 1 || self_.is_losing(peer))
      // The first of them opens the link for all that follow. Which is the
      // first while others are still ending, the transport knows.
      emit(effect::open_link{peer, false});
  }

  void operator()(const event::demonitor& x) {
    if (self_.stopping_)
      return;
    auto object = self_.table_.demonitor_remote(x.watcher, x.ref);
    if (!object)
      return;
    ++self_.counters_.demonitors;
    send_demonitor(x.watcher, *object, x.ref);
  }

  void operator()(const event::process_exited& x) {
    if (self_.stopping_ || !is_local(x.process))
      return;
    if (!end_watchers(x.process, x.reason))
      self_.endings_.push_back({x.process, x.reason});
    self_.outbound_.clear();
    self_.table_.remove_outbound_for_watcher(x.process, self_.outbound_);
    for (const auto& monitor : self_.outbound_) {
      send_demonitor(monitor.watcher, monitor.object, monitor.ref);
      emit(effect::retire{monitor.ref});
    }
    go_on_later();
  }

  // -- requests about links ---------------------------------------------------

  void operator()(const event::connect& x) {
    if (self_.stopping_)
      emit(effect::connect_failed{x.peer, {errc::shutdown, {}}});
    else if (x.peer == self_.self_)
      emit(effect::connect_failed{x.peer,
                                  {errc::bad_argument,
                                   "a node needs no connection to "
                                   "itself"}});
    else
      emit(effect::open_link{x.peer, x.keep});
  }

  void operator()(const event::disconnect& x) {
    if (!self_.stopping_ && x.peer != self_.self_)
      emit(effect::close_link{
        x.peer, {down_cause::requested, errc::no_connection, {}}});
  }

  void operator()(const event::stop&) {
    end_all_watchers();
    self_.stopping_ = true;
    self_.losses_.clear();
  }

  void operator()(const event::resume&) {
    self_.yielded_ = false;
    for (auto& x : self_.losses_)
      advance(x, self_.limits_.slice);
    forget_finished();
    if (!self_.endings_.empty()
        && end_watchers(self_.endings_.front().process,
                        self_.endings_.front().reason))
      self_.endings_.pop_front();
    go_on_later();
  }

  // -- reports of the transport -----------------------------------------------

  void operator()(const event::link_up& x) {
    if (self_.stopping_)
      return;
    finish_loss(x.peer);
    [[maybe_unused]] auto added = self_.links_.emplace(x.peer, x.life).second;
    assert(added);
    emit(effect::node_up{x.peer, x.life});
    self_.outbound_.clear();
    self_.table_.list_outbound_for_node(x.peer, self_.outbound_);
    for (const auto& monitor : self_.outbound_)
      send(x.peer, monitor_p{monitor.watcher, monitor.object, monitor.ref});
  }

  void operator()(const event::link_down& x) {
    if (self_.stopping_ || self_.links_.erase(x.peer) == 0)
      return;
    self_.losses_.push_back({x, self_.table_.newest()});
    advance(self_.losses_.back(), self_.limits_.slice);
    forget_finished();
    go_on_later();
  }

  void operator()(const event::link_failed& x) {
    if (self_.stopping_ || self_.is_up(x.peer))
      return;
    finish_loss(x.peer);
    self_.outbound_.clear();
    self_.table_.collect_outbound_for_node(x.peer, self_.outbound_);
    deliver_noconnection(false);
    emit(effect::connect_failed{x.peer, x.why});
  }

  void operator()(const event::received& x) {
    auto i = self_.links_.find(x.peer);
    if (self_.stopping_ || i == self_.links_.end())
      return;
    ++self_.counters_.received;
    std::visit([&](const auto& message) { handle(x.peer, i->second, message); },
               x.message);
  }

private:
  template <class Effect>
  void emit(Effect&& x) {
    out_.emplace_back(std::forward<Effect>(x));
  }

  bool is_local(const pid& x) const noexcept {
    return x.node == self_.self_ && x.life == self_.life_;
  }

  template <class Message>
  void send(node_name peer, Message&& message) {
    ++self_.counters_.sent;
    emit(effect::send{peer, std::forward<Message>(message)});
  }

  void deliver(const pid& watcher, reference ref, const target& object,
               const exit_reason& reason, bool in_loss = false) {
    if (reason == exit_reason::noproc())
      ++self_.counters_.downs_noproc;
    else if (reason == exit_reason::noconnection())
      ++self_.counters_.downs_noconnection;
    else
      ++self_.counters_.downs_exit;
    emit(effect::deliver_down{watcher, ref, object, reason, in_loss});
  }

  /// Returns the live process that `object`, a target on this node, names now.
  std::optional<pid> resolve(const target& object) const {
    if (auto named = std::get_if<named_target>(&object))
      return processes_.whereis(named->name);
    const auto& process = std::get<pid>(object);
    // A pid of an earlier life of this node is of no process (contract 4).
    if (is_local(process) && processes_.alive(process))
      return process;
    return std::nullopt;
  }

  void monitor_local(const event::monitor& x) {
    auto process = resolve(x.object);
    if (process == x.watcher)
      return emit(effect::retire{x.ref, errc::noproc, true});
    if (!process)
      return deliver(x.watcher, x.ref, x.object, exit_reason::noproc());
    self_.table_.monitor_remote(x.watcher, x.object, x.ref);
    self_.table_.register_inbound_monitor(x.watcher, x.object, x.ref, *process);
  }

  /// Tells the target's node, this one included, that a monitor is gone.
  void send_demonitor(const pid& watcher, const target& object, reference ref) {
    auto peer = node_of(object);
    if (peer == self_.self_)
      self_.table_.remove_inbound_monitor(watcher, object, ref);
    else if (self_.is_up(peer))
      send(peer, demonitor_p{watcher, object, ref});
    // Without a link the peer never heard of the monitor.
  }

  /// Tells one slice of the watchers of a process that it has ended; returns
  /// whether that was all of them.
  bool end_watchers(const pid& process, const exit_reason& reason) {
    auto limit = self_.limits_.slice;
    self_.inbound_.clear();
    auto count = self_.table_.collect_inbound_for_target(process,
                                                         self_.inbound_, limit);
    report_exit(self_.inbound_.data(), self_.inbound_.data() + count, reason);
    return count < limit;
  }

  /// Tells all who have not been told yet, in one go.
  void end_all_watchers() {
    // Effects refer to the list, so it must be complete before the first.
    self_.inbound_.clear();
    std::vector<size_t> counts;
    for (const auto& x : self_.endings_)
      counts.push_back(
        self_.table_.collect_inbound_for_target(x.process, self_.inbound_));
    const auto* first = self_.inbound_.data();
    for (size_t i = 0; i < counts.size(); ++i) {
      report_exit(first, first + counts[i], self_.endings_[i].reason);
      first += counts[i];
    }
    self_.endings_.clear();
  }

  /// Tells these watchers, or their nodes, that the target has ended.
  void report_exit(const inbound_monitor* i, const inbound_monitor* end,
                   const exit_reason& reason) {
    while (i != end) {
      auto first = i;
      auto node = first->watcher.node;
      // Watchers of one node come in a row more often than not.
      while (i != end && i->watcher.node == node)
        ++i;
      if (node == self_.self_)
        report_local_exit(first, i, reason);
      // A monitor over a link that is lost may still wait to be dropped.
      else if (self_.is_up(node))
        send_exits(first, i, reason);
    }
  }

  void report_local_exit(const inbound_monitor* i, const inbound_monitor* end,
                         const exit_reason& reason) {
    for (; i != end; ++i) {
      auto match = self_.table_.take_outbound_for_exit(self_.self_, i->object,
                                                       i->watcher, i->ref);
      if (match == monitor_table::exit_match::taken)
        deliver(i->watcher, i->ref, i->object, reason);
    }
  }

  void send_exits(const inbound_monitor* first, const inbound_monitor* end,
                  const exit_reason& reason) {
    auto count = static_cast<size_t>(end - first);
    self_.counters_.sent += count;
    emit(effect::send_exits{first, count, reason});
  }

  // -- losses -----------------------------------------------------------------

  /// Ends at most `limit` monitors of a lost link; when none is left says so
  /// and marks the loss as finished.
  void advance(loss& x, size_t limit) {
    auto peer = x.why.peer;
    auto left = limit;
    left -= self_.table_.remove_inbound_for_watcher_node(peer, left);
    self_.outbound_.clear();
    left -= self_.table_.collect_outbound_for_node(peer, self_.outbound_, left,
                                                   x.newest);
    deliver_noconnection(true);
    if (left == 0)
      return;
    emit(effect::node_down{peer, x.why.cause, x.why.detail, x.why.silence,
                           x.why.detection});
    emit(effect::settle_link{peer});
    x.why.peer = node_name{};
  }

  void forget_finished() {
    auto& losses = self_.losses_;
    auto finished = [](const loss& x) { return !x.why.peer; };
    losses.erase(std::remove_if(losses.begin(), losses.end(), finished),
                 losses.end());
  }

  /// Asks for one turn at a time: each asks for the next.
  void go_on_later() {
    if ((self_.losses_.empty() && self_.endings_.empty()) || self_.yielded_)
      return;
    self_.yielded_ = true;
    emit(effect::yield{});
  }

  /// For a transport that does not wait: all of it in one go.
  void finish_loss(node_name peer) {
    for (auto& x : self_.losses_)
      if (x.why.peer == peer)
        advance(x, monitor_table::no_limit);
    forget_finished();
  }

  /// Delivers to the watchers of `outbound_`.
  void deliver_noconnection(bool in_loss) {
    for (const auto& monitor : self_.outbound_)
      deliver(monitor.watcher, monitor.ref, monitor.object,
              exit_reason::noconnection(), in_loss);
  }

  // -- control messages of peers ----------------------------------------------

  /// A peer that says what it has no right to say loses its session
  /// (contract 19).
  void violation(node_name peer, std::string detail) {
    ++self_.counters_.violations;
    // It can quote a reason of any size.
    emit(effect::close_link{peer,
                            tidied({down_cause::protocol_error,
                                    errc::protocol_error, std::move(detail)})});
  }

  void overload(node_name peer) {
    emit(effect::close_link{
      peer,
      {down_cause::overload, errc::system_limit,
       "the node's processes hold " + std::to_string(self_.limits_.max_inbound)
         + " monitors here, which is the most that is allowed"}});
  }

  /// Returns whether `watcher` and `object` are the peer's and our own, as they
  /// must be in a request.
  bool is_request_of(node_name peer, creation life, const pid& watcher,
                     const target& object) const {
    return watcher.node == peer && watcher.life == life
           && node_of(object) == self_.self_;
  }

  void handle(node_name peer, creation life, const monitor_p& x) {
    if (!valid(x) || !is_request_of(peer, life, x.watcher, x.object))
      return violation(peer, "may not say " + to_string(x));
    auto& table = self_.table_;
    auto process = resolve(x.object);
    auto full = table.num_inbound(peer) >= self_.limits_.max_inbound;
    auto match = process && !full
                   ? table.register_inbound_monitor(x.watcher, x.object, x.ref,
                                                    *process)
                   : table.match_inbound_monitor(x.watcher, x.object, x.ref);
    // One that came before keeps its resolution (contract 6).
    if (match == monitor_table::inbound_match::repeated)
      ++self_.counters_.repeats;
    else if (match == monitor_table::inbound_match::conflicting)
      violation(peer, "uses the reference of another monitor: " + to_string(x));
    else if (full)
      overload(peer);
    else if (!process)
      send(peer,
           monitor_p_exit{x.object, x.watcher, x.ref, exit_reason::noproc()});
  }

  void handle(node_name peer, creation life, const demonitor_p& x) {
    if (!valid(x) || !is_request_of(peer, life, x.watcher, x.object))
      return violation(peer, "may not say " + to_string(x));
    if (!self_.table_.remove_inbound_monitor(x.watcher, x.object, x.ref))
      ++self_.counters_.crossings;
  }

  void handle(node_name peer, creation, const monitor_p_exit& x) {
    if (!valid(x) || node_of(x.object) != peer || !is_local(x.watcher))
      return violation(peer, "may not say " + to_string(x));
    switch (
      self_.table_.take_outbound_for_exit(peer, x.object, x.watcher, x.ref)) {
      case monitor_table::exit_match::taken:
        deliver(x.watcher, x.ref, x.object, x.reason);
        break;
      case monitor_table::exit_match::unknown:
        ++self_.counters_.crossings;
        break;
      case monitor_table::exit_match::mismatch:
        violation(peer, "ends a monitor that is not its own: " + to_string(x));
        break;
    }
  }

  control_plane& self_;
  const process_view& processes_;
  effects& out_;
};

} // namespace vigil
