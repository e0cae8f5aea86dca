#pragma once

#include <vigil/core/control_plane.hpp>
#include "src/table/monitor_table.hpp"

#include "absl/container/flat_hash_map.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace vigil {

/// What a control plane knows, and what it does about each event.
class control_plane::impl {
public:
  impl(node_name self, creation life, const control_limits& limits)
    : self_(self),
      life_(life),
      limits_(limits),
      table_(self, life) {
    // nop
  }

  template <class Event>
  void step(const Event& what, const process_view& processes, effects& out) {
    processes_ = &processes;
    out_ = &out;
    on(what);
  }

  void receive(node_name peer, const control_message& message,
               const process_view& processes, effects& out) {
    processes_ = &processes;
    out_ = &out;
    take(peer, message);
  }

  // -- for people and tools ---------------------------------------------------

  node_name self() const noexcept {
    return self_;
  }

  creation life() const noexcept {
    return life_;
  }

  const monitor_table& table() const noexcept {
    return table_;
  }

  const control_counters& counters() const noexcept {
    return counters_;
  }

  std::vector<node_name> nodes() const {
    std::vector<node_name> result;
    for (const auto& link : links_)
      result.push_back(link.first);
    std::sort(result.begin(), result.end());
    return result;
  }

  bool is_up(node_name peer) const {
    return links_.contains(peer);
  }

  bool is_losing(node_name peer) const {
    return std::any_of(losses_.begin(), losses_.end(), [peer](const loss& x) {
      return x.peer == peer
             && std::holds_alternative<effect::node_down>(x.told);
    });
  }

  /// Returns whether monitors wait to be sent to `peer`: until there is a link,
  /// and then until their turn has come.
  bool has_waiting(node_name peer) const {
    return waiting_.count(peer) > 0;
  }

  /// Returns whether nothing is kept for a monitor.
  bool empty() const noexcept {
    return table_.empty() && waiting_.empty();
  }

private:
  /// The end of a link, or of the attempt to make one, that has not led to all
  /// its DOWNs yet.
  struct loss {
    /// Null once it has.
    node_name peer;
    /// What follows the last DOWN.
    std::variant<effect::node_down, effect::connect_failed> told;
    /// Monitors with greater references were made later, for the next link.
    reference newest{};
  };

  /// A process that has ended: there are watchers who do not know it yet, or
  /// monitors that it held.
  struct ending {
    pid process;
    exit_reason reason;
  };

  void on(const control_event& x);

  // -- requests of local processes --------------------------------------------

  void on(const event::monitor& x);

  void on(const event::demonitor& x);

  void on(const event::process_exited& x);

  // -- requests about links ---------------------------------------------------

  void on(const event::connect& x);

  void on(const event::disconnect& x);

  void on(const event::stop&);

  void on(const event::resume&);

  // -- reports of the transport -----------------------------------------------

  void on(const event::link_up& x);

  void on(const event::link_down& x);

  void on(const event::link_failed& x);

  void on(const event::received& x) {
    take(x.peer, x.message);
  }

  void take(node_name peer, const control_message& message);

  template <class Effect>
  void emit(Effect&& x) {
    out_->emplace_back(std::forward<Effect>(x));
  }

  bool is_local(const pid& x) const noexcept {
    return x.node == self_ && x.life == life_;
  }

  template <class Message>
  void send(node_name peer, Message&& message) {
    ++counters_.sent;
    emit(effect::send{peer, std::forward<Message>(message)});
  }

  void deliver(const pid& watcher, reference ref, const target& object,
               const exit_reason& reason, bool in_loss = false);

  /// Returns the live process that `object`, a target on this node, names now.
  std::optional<pid> resolve(const target& object) const;

  void monitor_local(const event::monitor& x);

  // -- monitors that wait for a link ------------------------------------------

  /// Sends one slice of those that have waited for a link that is up now.
  void send_waiting(node_name peer);

  /// Forgets who waits to be sent to `peer`.
  void forget_waiting(node_name peer);

  /// Tells the target's node, this one included, that a monitor is gone.
  void send_demonitor(const pid& watcher, const target& object, reference ref);

  /// Goes on with the end of a process by one slice: tells its watchers, then
  /// ends what it held. Returns whether that was all.
  bool end_slice(const ending& x);

  /// Tells at most `limit` of the watchers of a process that it has ended;
  /// returns how many.
  size_t end_watchers(const ending& x, size_t limit);

  /// Ends at most `limit` of the monitors that a process held; returns how
  /// many.
  size_t end_held(const pid& process, size_t limit);

  /// Tells all who have not been told yet, in one go.
  void end_all_watchers();

  /// Tells these watchers, or their nodes, that the target has ended.
  void report_exit(const inbound_monitor* i, const inbound_monitor* end,
                   const exit_reason& reason);

  void report_local_exit(const inbound_monitor* i, const inbound_monitor* end,
                         const exit_reason& reason);

  void send_exits(const inbound_monitor* first, const inbound_monitor* end,
                  const exit_reason& reason);

  // -- losses -----------------------------------------------------------------

  /// Begins with the first slice, unless an earlier end of a link or attempt
  /// has not led to all its DOWNs yet: those come first.
  void begin_loss(loss x);

  /// Does a slice for each peer.
  void go_on_with_losses();

  /// Ends at most `limit` monitors of a lost link, or of one that could not be
  /// made; when none is left says so and marks the loss as finished.
  void end_slice(loss& x, size_t limit);

  void forget_finished();

  /// Returns whether not all DOWNs have come that the end of a link to `peer`,
  /// or of an attempt, leads to.
  bool has_loss(node_name peer) const {
    return std::any_of(losses_.begin(), losses_.end(),
                       [peer](const loss& x) { return x.peer == peer; });
  }

  /// Asks for one turn at a time: each asks for the next.
  void go_on_later();

  /// For a transport that does not wait: all of it in one go.
  void finish_loss(node_name peer);

  /// Delivers to the watchers of `outbound_`.
  void deliver_noconnection(bool in_loss);

  // -- control messages of peers ----------------------------------------------

  /// A peer that says what it has no right to say loses its session
  /// (contract 19).
  void violation(node_name peer, std::string detail);

  void overload(node_name peer);

  /// Returns whether `watcher` and `object` are the peer's and our own, as they
  /// must be in a request.
  bool is_request_of(node_name peer, creation life, const pid& watcher,
                     const target& object) const;

  void handle(node_name peer, creation life, const monitor_p& x);

  void handle(node_name peer, creation life, const demonitor_p& x);

  void handle(node_name peer, creation, const monitor_p_exit& x);

  node_name self_;
  creation life_;
  control_limits limits_;
  monitor_table table_;
  control_counters counters_;
  /// The nodes whose link is up, and which life of theirs it leads to.
  absl::flat_hash_map<node_name, creation> links_;
  /// The monitors that have not been sent for want of a link, in the order in
  /// which they were made; some may have ended.
  std::map<node_name, std::deque<reference>> waiting_;
  /// Those of these nodes whose link is up meanwhile, in that order.
  std::vector<node_name> sending_;
  /// In the order in which the links were lost, or could not be made.
  std::vector<loss> losses_;
  /// In the order in which they ended.
  std::deque<ending> endings_;
  bool stopping_ = false;
  /// It has asked to go on, and its turn has not come yet.
  bool yielded_ = false;
  /// Reused by every step.
  std::vector<outbound_monitor> outbound_;
  std::vector<inbound_monitor> inbound_;
  /// Of the present step.
  const process_view* processes_ = nullptr;
  effects* out_ = nullptr;
};

} // namespace vigil
