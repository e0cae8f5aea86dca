#pragma once

#include <vigil/core/control_plane.hpp>
#include <vigil/core/work_meter.hpp>
#include <vigil/notices.hpp>
#include "src/table/monitor_table.hpp"

#include "absl/container/flat_hash_map.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
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
  /// Counts in a meter of its own if `shared` is null.
  impl(node_name self, creation life, const control_limits& limits,
       work_meter* shared)
    : self_(self),
      life_(life),
      limits_(limits),
      table_(self, life),
      meter_(shared != nullptr ? shared : &own_meter_) {
    // nop
  }

  impl(const impl&) = delete;

  impl& operator=(const impl&) = delete;

  template <class Event>
  void step(const Event& what, const process_view& processes, effects& out) {
    begin(processes, out);
    on(what);
    place_downs();
  }

  void receive(node_name peer, const control_message& message,
               const process_view& processes, effects& out) {
    begin(processes, out);
    take(peer, message);
    place_downs();
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
    auto i = losses_.find(peer);
    return i != losses_.end()
           && std::any_of(i->second.begin(), i->second.end(), was_up);
  }

  size_t num_losses(node_name peer) const {
    auto i = losses_.find(peer);
    return i != losses_.end() ? i->second.size() : 0;
  }

  /// Returns whether not all DOWNs have come that the end of a link to `peer`,
  /// or of an attempt, leads to.
  bool has_loss(node_name peer) const {
    return losses_.count(peer) > 0;
  }

  /// Returns whether monitors wait to be sent to `peer`: until there is a link,
  /// and then until their turn has come.
  bool has_waiting(node_name peer) const {
    return waiting_.count(peer) > 0;
  }

  uint64_t num_deeds() const noexcept {
    return num_deeds_;
  }

  bool settled(uint64_t last) const noexcept {
    return std::none_of(deeds_.begin(), deeds_.end(),
                        [last](const deed& x) { return x.number <= last; });
  }

  /// Returns whether nothing is kept for a monitor.
  bool empty() const noexcept {
    return table_.empty() && waiting_.empty();
  }

private:
  /// The end of a link, or of the attempt to make one, that has not led to all
  /// its DOWNs yet. Monitors that are made later are for the next link.
  struct loss {
    monitor_table::node_sweep monitors;
    /// What follows the last DOWN.
    std::variant<effect::node_down, effect::connect_failed> told;
  };

  static bool was_up(const loss& x) noexcept {
    return std::holds_alternative<effect::node_down>(x.told);
  }

  /// Returns where the DOWNs come from that such an end leads to.
  static down_origin origin_of(const loss& x) noexcept;

  /// Returns which end of a link it is; 0 for that of an attempt.
  static uint64_t number_of(const loss& x) noexcept;

  // What goes on in slices.

  /// A peer that has losses.
  struct losing {
    node_name peer;
  };

  /// A peer whose link has come up while monitors waited for it.
  struct sending {
    node_name peer;
  };

  /// A process that has ended: there are watchers who do not know it yet, or
  /// monitors that it held.
  struct ending {
    pid process;
    exit_reason reason;
  };

  struct deed {
    /// Counts them in the order in which they began.
    uint64_t number;
    std::variant<losing, sending, ending> what;
  };

  /// How many lists of monitors are kept for the next step.
  static constexpr size_t kept_lists = 8;

  /// What a monitor costs that is found and told of.
  static constexpr size_t monitor_work = 2;

  /// How many monitors a share of work is enough for: one at least, so that
  /// every slice gets on.
  static constexpr size_t monitors_for(size_t share) noexcept {
    return std::max<size_t>(share / monitor_work + share % monitor_work, 1);
  }

  /// How much of what is large is done at a time. What is small may fill a
  /// step, for it comes in bursts; nobody gains from large portions.
  size_t portion() const noexcept {
    return std::max<size_t>(limits_.step_work / 4, 1);
  }

  void begin(const process_view& processes, effects& out) {
    processes_ = &processes;
    out_ = &out;
    first_effect_ = out.size();
    downs_.clear();
    num_told_ = 0;
    if (told_.size() > kept_lists)
      told_.resize(kept_lists);
    if (meter_ == &own_meter_)
      meter_->start(limits_.step_work);
  }

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
    meter_->add(1);
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
               const exit_reason& reason, down_origin origin);

  /// Notes that the last `count` of `downs_` are to be delivered now.
  void deliver_last(size_t count);

  /// Tells the effects of this step where their DOWNs are.
  void place_downs() noexcept;

  /// Counts DOWNs by where they come from.
  void count_downs(down_origin origin, size_t count) noexcept;

  /// Returns the live process that `object`, a target on this node, names now.
  std::optional<pid> resolve(const target& object) const;

  void monitor_local(const event::monitor& x);

  /// Tells the target's node, this one included, that a monitor is gone.
  void send_demonitor(const pid& watcher, const target& object, reference ref);

  // -- what goes on in slices, in control_plane_deeds.cpp ---------------------

  /// Does the first slice, if this step has work left for it, and leaves the
  /// rest for later.
  template <class Deed>
  void start(Deed x) {
    auto share = std::min(meter_->left(), portion());
    if (share == 0 || !go_on(x, share))
      deeds_.push_back({++num_deeds_, std::move(x)});
    go_on_later();
  }

  /// Gives each deed its share of what this step may do, in turns.
  void go_on_with_deeds();

  /// Asks for one turn at a time: each asks for the next.
  void go_on_later();

  /// Does one slice, with about `share` units of work; returns whether that was
  /// the last.
  bool go_on(const losing& x, size_t share);
  bool go_on(const sending& x, size_t share);
  bool go_on(const ending& x, size_t share);

  /// Begins with the first slice, unless an earlier end of a link or attempt
  /// has not led to all its DOWNs yet: those come first.
  void begin_loss(node_name peer,
                  std::variant<effect::node_down, effect::connect_failed> told);

  /// Ends monitors of a lost link, or of one that could not be made; when none
  /// is left says so and returns true.
  bool go_on(loss& x, size_t share);

  /// For a transport that does not wait: all of it in one go.
  void finish_losses(node_name peer);

  /// Ends the monitors that a process held, as many as `share` is enough for;
  /// returns whether those were all.
  bool end_held(const pid& process, size_t share);

  /// Tells these watchers, or their nodes, that the target has ended.
  void report_exit(const inbound_monitor* i, const inbound_monitor* end,
                   const exit_reason& reason);

  void report_local_exit(const inbound_monitor* i, const inbound_monitor* end,
                         const exit_reason& reason);

  void send_exits(const inbound_monitor* first, const inbound_monitor* end,
                  const exit_reason& reason);

  /// Returns an empty list that lasts as long as the effects of this event,
  /// which refer to it.
  std::vector<inbound_monitor>& list_of_told();

  // -- control messages of peers, in control_plane_messages.cpp ---------------

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
  /// Those of each peer in the order in which its links were lost, or could not
  /// be made.
  std::map<node_name, std::deque<loss>> losses_;
  /// How many links have ended.
  uint64_t num_lost_ = 0;
  /// In the order of their turns.
  std::deque<deed> deeds_;
  uint64_t num_deeds_ = 0;
  bool stopping_ = false;
  /// It has asked to go on, and its turn has not come yet.
  bool yielded_ = false;
  /// Reused by every step.
  std::vector<outbound_monitor> outbound_;
  /// The DOWNs of the present step.
  std::vector<down_notice> downs_;
  /// As many as endings have had a slice in one step, and how many of them are
  /// in use.
  std::vector<std::vector<inbound_monitor>> told_;
  size_t num_told_ = 0;
  work_meter own_meter_;
  work_meter* meter_;
  /// Of the present step.
  const process_view* processes_ = nullptr;
  effects* out_ = nullptr;
  /// How many effects of earlier steps are in there.
  size_t first_effect_ = 0;
};

} // namespace vigil
