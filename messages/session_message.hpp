#pragma once

#include <vigil/creation.hpp>
#include <vigil/farewell.hpp>
#include "messages/incarnation.hpp"

#include <cstdint>
#include <string>
#include <variant>

namespace vigil {

/// The versions of the session protocol that this code speaks.
inline constexpr uint16_t lowest_protocol_version = 2;
inline constexpr uint16_t highest_protocol_version = 2;

/// The shortest tick time, in milliseconds, that a node may have: a peer with
/// less would have to be sent ticks without end.
inline constexpr uint32_t min_tick_time = 400;

/// Numbers a session on one of its two nodes; 0 stands for "not known yet".
enum class session_number : uint64_t {};

/// Both numbers of a session. Every message but hello carries them, so that
/// nothing of one session can be taken for a message of another.
struct session_pair {
  session_number sender{};
  session_number receiver{};

  friend bool operator==(session_pair x, session_pair y) noexcept {
    return x.sender == y.sender && x.receiver == y.receiver;
  }

  friend bool operator!=(session_pair x, session_pair y) noexcept {
    return !(x == y);
  }
};

/// Introduces a node. Both sides say hello; a session is up when each has
/// echoed the other's number.
struct hello {
  uint16_t lowest_version = lowest_protocol_version;
  uint16_t highest_version = highest_protocol_version;
  /// Optional abilities, one bit each; no bit has a meaning in version 2.
  uint64_t features = 0;
  /// The sender's node name. A text, because it is not checked yet.
  std::string name;
  creation life{};
  incarnation being;
  /// The sender's own number, and the receiver's as far as the sender knows it.
  session_pair numbers;
  /// How long the sender stays patient with a silent peer, in milliseconds.
  uint32_t tick_time = 0;
  /// Fields that later versions append; skipped by this one.
  std::string trailing;
};

/// Carries control messages, numbered without gaps from 1 in each direction.
struct frame {
  session_pair numbers;
  uint64_t sequence = 0;
  /// The highest sequence number the sender has received.
  uint64_t acknowledged = 0;
  /// The messages, as `frame_encoder` writes them.
  std::string bytes;
};

/// Says "I am alive" when nothing else was sent, and acknowledges frames.
struct tick {
  session_pair numbers;
  uint64_t acknowledged = 0;
  /// The sequence number of the last frame sent: whoever has received fewer
  /// knows that one was lost, also if no other follows.
  uint64_t sequence = 0;
};

/// Asks whether the session still works; answered at once with a `probe_reply`.
struct probe {
  session_pair numbers;
  uint64_t token = 0;
  /// As in `tick`.
  uint64_t sequence = 0;
};

/// Answers a `probe`.
struct probe_reply {
  session_pair numbers;
  uint64_t token = 0;
  /// As in `tick`.
  uint64_t sequence = 0;
};

/// Ends a session, or refuses one that is not up yet. The receiver number may
/// be 0 in a refusal.
struct goodbye {
  session_pair numbers;
  farewell why;
};

/// Answers a `goodbye`; nothing follows it in the session.
struct goodbye_ack {
  session_pair numbers;
};

/// What travels between the endpoints of two nodes.
using session_message
  = std::variant<hello, frame, tick, probe, probe_reply, goodbye, goodbye_ack>;

/// Returns whether every field of a hello can be what it claims to be, versions
/// aside.
bool valid(const hello& x);

/// Prints a message for logs and test transcripts.
std::string to_string(const session_message& x);

} // namespace vigil
