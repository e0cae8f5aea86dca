#pragma once

#include <vigil/control_message.hpp>
#include <vigil/creation.hpp>
#include <vigil/node_name.hpp>
#include <vigil/result.hpp>
#include "src/session/varint.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vigil {

/// First byte of every frame's payload: the version of this encoding.
inline constexpr uint8_t frame_format_version = 1;

/// Once a payload counts as this many bytes the encoder calls it full. Small
/// enough that what arrives over other connections does not wait long for it.
inline constexpr size_t frame_size_goal = 8 * 1024;

/// What stands in a payload beside its largest reason has at most this many
/// bytes, with a run as many as its entries would have one by one: room for
/// what an encoder has gathered before a reason, and for the exit behind it. So
/// the work that one frame can ask for is bounded.
inline constexpr size_t max_entries_size = 16 * 1024;

/// Payloads of more bytes are refused undecoded.
inline constexpr size_t max_frame_size
  = max_entries_size + exit_reason::max_size + 1 + max_varint_size;

/// Reasons of more bytes are copied into a payload when it leaves and not
/// before, so that one that is owed to a thousand peers is there once. Two of
/// them count as the same if they are copies of each other: to compare their
/// bytes would take too long.
inline constexpr size_t max_copied_reason = 1024;

/// Tags of the entries that are not control messages. Control messages are
/// tagged with their opcode (19, 20, 21); the upper three bits of a tag are
/// flags.
enum class frame_tag : uint8_t {
  /// Reserved for bytes that vigil carries in order with the control messages
  /// and does not look into; refused until a version knows them.
  opaque_payload = 1,
  /// The reason of the exits that follow, until the next of its kind, across
  /// frames: one reason travels once for all watchers of a process.
  reason = 2,
  /// The entry before comes so many times more, byte for byte. As numbers are
  /// differences, these are messages in a row: processes that end one after the
  /// other, monitors made one after the other.
  run = 3,
};

/// A tag, the reference, the watcher's two numbers, and the target's creation
/// and two numbers.
inline constexpr size_t max_entry_head_size = 1 + 6 * max_varint_size;

/// The two ends of a session, as seen by one direction of it. What they imply
/// does not travel: a watcher that asks belongs to the sender, a target that
/// ends as well, so that a peer cannot even spell a process of another node in
/// their place.
struct frame_context {
  node_name sender;
  creation sender_life{};
  node_name receiver;
  creation receiver_life{};
};

/// What tells a process of one life of one node from the others.
struct process_numbers {
  uint32_t number = 0;
  uint32_t serial = 0;
};

/// What the entries of one payload refer back to. Every payload starts afresh.
struct frame_history {
  process_numbers watcher;
  process_numbers target;
  uint64_t ref = to_integer(first_reference);
  process_name target_name;
};

/// A payload that lacks its large reasons, and remembers where they belong.
class frame_payload {
public:
  frame_payload() : bytes_(1, static_cast<char>(frame_format_version)) {
    // nop
  }

  /// Returns whether it holds no entry.
  bool empty() const noexcept {
    return size() == 1;
  }

  /// Returns its size in bytes when it is complete; the version byte counts.
  size_t size() const noexcept {
    return bytes_.size() + lacking_;
  }

  /// Returns what it counts as wherever payloads are bounded: the size that it
  /// would have without runs.
  size_t weight() const noexcept {
    return size() + saved_;
  }

  /// Returns how many bytes it lacks.
  size_t lacking() const noexcept {
    return lacking_;
  }

  void append(const char* bytes, size_t count) {
    bytes_.append(bytes, count);
  }

  void append(std::string_view bytes) {
    bytes_ += bytes;
  }

  /// Appends the external form of `x`.
  void append(const exit_reason& x);

  /// Appends that the last entry, of `size` bytes, comes `count` times more.
  void append_run(size_t size, uint64_t count);

  /// Hands out the bytes with all that was lacking.
  std::string complete() &&;

private:
  struct gap {
    size_t where;
    exit_reason reason;
  };

  std::string bytes_;
  std::vector<gap> gaps_;
  size_t lacking_ = 0;
  /// How many bytes runs have saved.
  size_t saved_ = 0;
};

/// The control message that an encoder wrote last into its payload, and how
/// often it comes again, which is written once the run is over.
struct last_entry {
  /// The buffers take turns: the next entry is written beside the last.
  using buffer = std::array<char, max_entry_head_size>;
  std::array<buffer, 2> buffers{};
  /// Where the last one is.
  size_t turn = 0;
  /// How many bytes it has; none if the next message cannot be the same.
  size_t size = 0;
  uint64_t repeated = 0;

  /// Returns what is not written yet.
  size_t weight() const noexcept {
    return size * static_cast<size_t>(repeated);
  }
};

/// Writes control messages of one direction of one session into payloads.
///
/// Numbers travel as differences to the previous entry of the same payload;
/// only the reason of exits is remembered from one payload to the next. The
/// layout is written down in docs/protocol.md and pinned by golden bytes.
///
/// Thread-safety: none; owned by a session.
class frame_encoder {
public:
  explicit frame_encoder(const frame_context& context);

  /// Appends one message.
  /// @pre `valid(x)`, and `x` is one that the sender of the context may say to
  ///      its receiver
  void add(const control_message& x);

  /// Returns whether the current payload holds no entry.
  bool empty() const noexcept {
    return payload_.empty();
  }

  /// Returns what the current payload counts as, see `frame_payload`.
  size_t weight() const noexcept {
    return payload_.weight() + last_.weight();
  }

  /// Returns how many of these bytes are those of large reasons, which the
  /// payload lacks until it leaves.
  size_t lacking() const noexcept {
    return payload_.lacking();
  }

  /// Returns whether the current payload counts as `frame_size_goal`.
  bool full() const noexcept {
    return weight() >= frame_size_goal;
  }

  /// Hands out the current payload and starts the next.
  frame_payload take();

private:
  frame_context context_;
  frame_history previous_;
  frame_payload payload_;
  last_entry last_;
  /// The reason that the peer knows to be current.
  std::optional<exit_reason> reason_;
};

/// Reads the payloads of one direction of one session.
///
/// Thread-safety: none; owned by a session.
class frame_decoder {
public:
  explicit frame_decoder(const frame_context& context);

  /// Appends the messages of `payload` to `messages`. Fails with
  /// `errc::protocol_error` and a detail if the payload is not exactly a
  /// sequence of well-formed entries, in which case `messages` is as it was and
  /// the session must end: the decoder is of no further use. Allocates no more
  /// than in proportion to the size of the payload and `max_entries_size`.
  result<unit> decode(std::string_view payload,
                      std::vector<control_message>& messages);

private:
  frame_context context_;
  /// The reason that the peer sent last.
  std::optional<exit_reason> reason_;
};

} // namespace vigil
