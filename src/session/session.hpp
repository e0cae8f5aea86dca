#pragma once

#include <vigil/core/time_point.hpp>
#include <vigil/core/work_meter.hpp>
#include <vigil/creation.hpp>
#include <vigil/node_name.hpp>
#include <vigil/result.hpp>
#include "messages/incarnation.hpp"
#include "messages/session_message.hpp"
#include "src/link/failure_detector.hpp"
#include "src/session/frame_codec.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace vigil {

/// How many frames one side sends at least before the other has acknowledged
/// them. While the window is open a message leaves at once; while it is closed
/// messages gather, so that batches form by themselves under load.
inline constexpr uint64_t frame_window = 8;

/// How far the window opens. It does so as long as frames wait for it and the
/// peer keeps up: where the way is long, and where both sides would wait for
/// each other in turns.
inline constexpr uint64_t widest_frame_window = 64;

/// By how much an acknowledgement may take longer than the fastest of the
/// session until the peer counts as one that does not keep up. What is on its
/// way then only makes others wait who want something of that peer.
inline constexpr timespan window_slack{std::chrono::milliseconds{2}};

/// After how many frames they are acknowledged at the latest, also if there is
/// nothing else to send: long before the sender runs out of its window.
inline constexpr uint64_t acknowledged_at_once = frame_window / 2;

/// One node, as a session knows it.
struct session_end {
  node_name name;
  creation life{};
  incarnation being;
  session_number number{};
  timespan tick_time{};
};

/// One session that is up: numbers what it sends, checks what it receives, and
/// keeps the peer informed that this side is alive. Decides nothing about the
/// session's end; it reports what is wrong and is then of no further use.
///
/// Thread-safety: none; owned by a session layer.
class session {
public:
  using outbox = std::vector<session_message>;

  /// Starts the session between `self` and `peer` at `now`. `detector` watches
  /// over the peer.
  session(const session_end& self, const session_end& peer,
          std::unique_ptr<failure_detector> detector, time_point now);

  const session_end& peer() const noexcept {
    return peer_;
  }

  // -- sending ----------------------------------------------------------------

  /// Queues a control message; `flush` sends it.
  void send(const control_message& x, work_meter& meter);

  /// What waits after a `flush`, but for the window.
  enum class waiting {
    nothing,
    /// A frame that is not full, for more that comes.
    for_more,
    /// A frame with large reasons, for a step that has work left for it.
    for_work,
  };

  /// What a flush may do.
  struct flush_terms {
    /// Whether `flush` will be called again soon, after more was queued: a
    /// frame that is not full waits for that.
    bool more_comes = false;
    /// Whether one frame with large reasons may leave whatever else the step
    /// has done; used up by it.
    bool large_frame_granted = true;
  };

  /// Appends the frames that may leave now to `out`, and an acknowledgement if
  /// the peer needs one and no frame carries it.
  waiting flush(time_point now, outbox& out, work_meter& meter,
                flush_terms& terms);

  /// Appends a tick to `out` if nothing was sent for a quarter of the peer's
  /// tick time.
  void keep_alive(time_point now, outbox& out);

  /// Returns when `keep_alive` has something to do if nothing is sent before.
  time_point next_tick() const noexcept;

  /// Returns how many bytes were queued and are not acknowledged yet. It can be
  /// more than there is memory for: a large reason that is sent again and again
  /// counts each time, and is there once; so do messages in a row.
  uint64_t backlog() const noexcept {
    return backlog_;
  }

  /// Returns whether everything that was queued has been sent.
  bool drained() const noexcept {
    return complete_.empty() && encoder_.empty();
  }

  /// The pair of numbers that this side's messages carry.
  session_pair numbers() const noexcept {
    return {self_.number, peer_.number};
  }

  // -- receiving --------------------------------------------------------------

  /// Returns whether a message with these numbers belongs to this session.
  bool owns(session_pair numbers) const noexcept {
    return numbers == session_pair{peer_.number, self_.number};
  }

  /// Takes a frame and appends its messages to `messages`. Fails if the frame
  /// is not the next one, acknowledges what was not sent, or cannot be decoded.
  result<unit> receive(const frame& x, time_point now,
                       std::vector<control_message>& messages);

  /// Takes a tick. Fails if a frame is missing before it, or if it acknowledges
  /// what was not sent.
  result<unit> receive(const tick& x, time_point now);

  /// Takes any other message of the session, whose sender has sent frames up to
  /// `sequence`. Fails if one of them is missing.
  result<unit> hear(uint64_t sequence, time_point now);

  /// Returns the sequence number of the last frame sent.
  uint64_t last_sent() const noexcept {
    return last_sent_;
  }

  failure_detector& detector() noexcept {
    return *detector_;
  }

  const failure_detector& detector() const noexcept {
    return *detector_;
  }

private:
  /// A frame that is on its way.
  struct frame_record {
    size_t weight = 0;
    time_point sent_at;
  };

  result<unit> acknowledge(uint64_t sequence, time_point now);

  /// Opens the window further, or less far, by `count` frames that were
  /// acknowledged after `delay`.
  void adapt_window(uint64_t count, timespan delay) noexcept;

  /// Sends the payload, if this step still may.
  bool transmit(frame_payload& payload, time_point now, outbox& out,
                work_meter& meter, flush_terms& terms);

  bool window_open() const noexcept {
    return last_sent_ - last_acknowledged_ < window_;
  }

  session_end self_;
  session_end peer_;
  frame_encoder encoder_;
  frame_decoder decoder_;
  std::unique_ptr<failure_detector> detector_;
  time_point last_sent_at_;
  /// Payloads that are complete and wait for the window.
  std::deque<frame_payload> complete_;
  /// The frames that are on their way.
  std::deque<frame_record> unacknowledged_;
  uint64_t window_ = frame_window;
  /// How long the fastest acknowledgement took.
  timespan fastest_ = timespan::max();
  uint64_t backlog_ = 0;
  uint64_t last_sent_ = 0;
  uint64_t last_acknowledged_ = 0;
  uint64_t last_received_ = 0;
  /// The last sequence number that this side has acknowledged.
  uint64_t last_told_ = 0;
};

} // namespace vigil
