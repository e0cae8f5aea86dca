#pragma once

#include <vigil/control_message.hpp>
#include <vigil/core/control_event.hpp>
#include <vigil/core/time_point.hpp>
#include <vigil/core/work_meter.hpp>
#include <vigil/creation.hpp>
#include <vigil/node_name.hpp>
#include "messages/incarnation.hpp"
#include "messages/session_message.hpp"
#include "src/control/link_layer.hpp"
#include "src/link/failure_detector.hpp"
#include "src/link/ids.hpp"
#include "src/link/link_keeper.hpp"
#include "src/link/seeded_random.hpp"
#include "src/link/tick_detector.hpp"
#include "src/session/contact.hpp"
#include "src/session/network_effect.hpp"
#include "src/session/network_event.hpp"
#include "src/session/peer.hpp"
#include "src/session/session.hpp"
#include "src/session/session_schedule.hpp"

#include "absl/container/flat_hash_map.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vigil {

/// What a session layer needs to know about its node. Times are nanoseconds.
struct session_config {
  node_name self;
  creation life{};
  incarnation being;
  /// A peer that is silent for this long is lost.
  timespan tick_time{std::chrono::seconds{8}};
  /// A session that is not up within this time has failed.
  timespan setup_time{std::chrono::seconds{7}};
  /// How long the other side of a goodbye, or of all of them when the node
  /// stops, may take to acknowledge it at most.
  timespan goodbye_time{std::chrono::seconds{1}};
  /// How much may wait for one peer, in bytes, until its link counts as full.
  uint64_t max_backlog = std::numeric_limits<uint64_t>::max();
  /// Seeds the session numbers and the jitter of redials.
  uint64_t seed = 1;
  /// Makes the detectors that watch over the peers.
  failure_detector_factory make_detector = tick_detector::make;

  /// How long a hello may remain unanswered before another dial is tried.
  timespan greeting_time() const noexcept {
    return setup_time / 2;
  }

  /// How long a connection in which goodbye was said, and after which the next
  /// may be made, is kept for the acknowledgement. Leaves most of the set-up
  /// time to the dial that waits for that.
  timespan leaving_time() const noexcept {
    return std::min(goodbye_time, setup_time / 4);
  }

  /// How long a session may take to answer a probe (contract 14). Not longer
  /// than a newcomer can wait for the outcome, however patient with silence.
  timespan probe_time() const noexcept {
    return std::min(tick_time / 4, setup_time / 4);
  }
};

/// What a session layer has counted since its start.
struct session_counters {
  uint64_t frames_sent = 0;
  uint64_t frames_received = 0;
  uint64_t bytes_sent = 0;
  uint64_t bytes_received = 0;
  uint64_t ticks_sent = 0;
  uint64_t ticks_received = 0;
  /// Ticks of peers that did not come when they were due.
  uint64_t ticks_missed = 0;
  uint64_t dials = 0;
  uint64_t sessions = 0;
  /// Connections refused before a session was up.
  uint64_t refusals = 0;
  /// Messages that belonged to no session, or to another than the present one.
  uint64_t stale = 0;
};

/// Makes links to other nodes out of connections that may break at any time:
/// introduces the nodes to each other, keeps at most one session a peer,
/// numbers and checks what travels, and notices silence. The links of vigil's
/// own protocol, which docs/protocol.md describes.
///
/// A connection can outlive a session, and one session never spans two
/// connections. Whoever carries the messages may lose, repeat or reorder them:
/// a session then ends, and what it carried is never applied to another.
///
/// Thread-safety: none; owned by a node core.
class session_layer final : public link_layer {
public:
  /// Counts what it codes and makes in `meter`, which outlives it.
  session_layer(const session_config& config, work_meter& meter);

  ~session_layer() override;

  /// Reacts to the network.
  void handle(const network_event& what);

  /// The same for what arrives, which need not become a `network_event` first.
  void handle(const event::arrived& what) {
    on(what);
  }

  // -- transport --------------------------------------------------------------

  void open_link(node_name peer, bool keep) override;

  void close_link(node_name peer, const farewell& why) override;

  void loss_done(node_name peer) override;

  bool send(node_name peer, const control_message& message) override;

  // -- link layer -------------------------------------------------------------

  /// Any peer is: what no other layer wants is left to this one.
  bool serves(node_name) const override {
    return true;
  }

  bool has_link(node_name peer) const override;

  void set_time(time_point now) override;

  bool has_reports() const noexcept {
    return !reports_.empty() || !received_.empty();
  }

  /// Precedes the next `handle`.
  void take_reports(link_listener& listener) override;

  bool flush(bool more_comes) override;

  /// Returns when `event::timer` is due.
  std::optional<time_point> next_wake() const override {
    return next_wake_;
  }

  /// All have `goodbye_time` to acknowledge the goodbye.
  void stop() override;

  bool stopped() const override {
    return stopped_;
  }

  /// Appends what the network must do, in this order, to `out`; follows
  /// `flush`.
  void take_effects(std::vector<network_effect>& out);

  // -- for people and tools ---------------------------------------------------

  const session_counters& counters() const noexcept {
    return counters_;
  }

  /// Returns how many peers it remembers: those that it has a connection with,
  /// those that somebody wants a link to, and those whose loss is not over.
  size_t num_peers() const noexcept {
    return peers_.size();
  }

  /// Returns how many bytes are queued for `peer` or not acknowledged by it.
  uint64_t backlog(node_name peer) const;

  /// Returns the connection of the session with `peer`; nothing if none is up.
  std::optional<connection_id> connection_of(node_name peer) const;

private:
  using phase = contact::phase;

  // -- events -----------------------------------------------------------------

  void on(const event::connected& x);
  void on(const event::dial_failed& x);
  void on(const event::arrived& x);
  void on(const event::disconnected& x);
  void on(const event::timer& x);
  void on(const event::sync& x);

  // -- messages of a contact, in session_layer_messages.cpp -------------------

  void on_message(connection_id from, const hello& x);
  void on_message(connection_id from, const frame& x);
  void on_message(connection_id from, const tick& x);
  void on_message(connection_id from, const probe& x);
  void on_message(connection_id from, const probe_reply& x);
  void on_message(connection_id from, const goodbye& x);
  void on_message(connection_id from, const goodbye_ack& x);

  /// Returns the contact whose session is up and owns `numbers`. Otherwise
  /// tells the peer that it speaks into the void.
  contact* find_up(connection_id from, session_pair numbers);

  // -- greeting, in session_layer_greeting.cpp --------------------------------

  contact& add_contact(connection_id connection, bool dialled);
  void say_hello(contact& x);
  /// Returns whether the node had said `x` before it began what `other` is.
  static bool is_older(const hello& x, const contact& other);
  void introduce(contact& x, const hello& greeting);
  std::optional<error> object_to(const contact& x, const hello& greeting) const;
  static error misdialled(node_name wanted, std::string_view reached);
  static error too_many_names();
  void compete(contact& x, contact& other);
  /// Lets a newcomer wait: for the answer of the session that is up, or, if
  /// there is none, until the control plane is done with the last one.
  void hold(contact& x, contact* live);
  void come_up(contact& x);
  void refuse(contact& x, error why);

  // -- endings, in session_layer_endings.cpp ----------------------------------

  /// Ends the session of a contact that is up, in the eyes of the control
  /// plane. `detection` is how long it took to find out.
  void end_session(contact& x, down_cause cause, std::string detail,
                   timespan detection = {});
  void ask_syncs(contact& x);
  /// Sends what may leave over a session that is up.
  session::waiting flush(contact& x, session::flush_terms& terms);
  /// Tells when the backlog of a session crosses the bound.
  void tell_if_full(contact& x);
  void fail_syncs(std::vector<uint64_t>& tokens);
  /// Says goodbye and waits for the acknowledgement.
  void leave(contact& x, farewell why);
  /// Notes that goodbye was said.
  void let_go(contact& x);

  /// Returns how long a connection is kept from now on whose end was said.
  time_point leaving_deadline() const noexcept;
  /// Ends a contact over a fault of the peer.
  void break_off(contact& x, std::string detail);
  /// Forgets a contact without a word.
  void drop(contact& x);
  void hang_up(contact& x);
  /// Ends the attempt to reach a peer.
  void fail(peer& x, error why);
  void release_newcomer(peer& x);

  // -- dialling and timers, in session_layer_timers.cpp -----------------------

  void start_dial(peer& x);
  /// Dials again later, unless a dial or a greeting is under way.
  void redial_later(peer& x);
  void check_contact(contact& x);
  void check_session(contact& x);
  void check_peer(peer& x);
  /// Gives all peers more time because this node was late.
  void extend_patience(timespan late);
  void extend_probe(peer& x, timespan late) const;
  /// Tells the detector of a session how late this node was meanwhile.
  void catch_up(contact& x);
  /// When time alone has something to do for it.
  std::optional<time_point> due_of(contact& x);
  /// Whether the session has been silent for the probe time; otherwise gives it
  /// more.
  bool probe_failed(peer& x) const;
  void finish_stop_if_done();
  void forget_idle_peers();

  /// Tells of what was reported but messages.
  void report_changes(link_listener& listener);

  contact* find(connection_id connection);
  /// Returns the peer of that name, known before or not.
  peer& meet(node_name name);
  /// The same for one that may have no name yet.
  peer& meet(std::string_view text);
  /// Null if it is not known.
  const peer* find(node_name name) const;
  /// In the order of their names.
  std::vector<peer*> all_peers() const;
  /// Sets the deadline of a contact that is not up.
  void give_time(contact& x, time_point deadline);
  void transmit(connection_id connection, session_message message);
  session_number next_number();

  session_config config_;
  work_meter& meter_;
  time_point now_;
  std::optional<time_point> next_wake_;
  /// The same, unless this node has woken up too late for it already.
  std::optional<time_point> planned_wake_;
  /// How late this node has been in all, as far as detectors learn of it one by
  /// one, and how much of that all have learnt.
  timespan lateness_{};
  timespan known_lateness_{};
  /// In order, because the order of what is sent to several peers at once must
  /// not depend on a hash: a step is a function of its input.
  std::map<connection_id, std::unique_ptr<contact>> contacts_;
  /// By what they are called, which they hold themselves. One that is idle at
  /// the end of a step is forgotten.
  absl::flat_hash_map<std::string_view, std::unique_ptr<peer>> peers_;
  session_schedule schedule_;
  /// The peers that have, or had, a newcomer who waits for a probe.
  std::vector<peer*> probing_;
  /// Whom the dials are for that have not ended; they can outlive the peer.
  absl::flat_hash_map<dial_id, node_name> dials_;
  /// The contact that carried the last control message: most go the same way as
  /// the one before. Null if it was dropped.
  contact* route_ = nullptr;
  std::vector<control_event> reports_;
  std::vector<network_effect> effects_;
  /// What the frame of this step holds and was not reported yet, and who sent
  /// it.
  std::vector<control_message> received_;
  node_name sender_;
  /// Reused by every step.
  session::outbox outbox_;
  session_counters counters_;
  uint64_t last_dial_ = 0;
  uint64_t last_number_ = 0;
  seeded_random random_;
  std::optional<time_point> stop_deadline_;
  bool stopped_ = false;
};

} // namespace vigil
