#pragma once

#include <vigil/creation.hpp>
#include <vigil/node_name.hpp>
#include "src/session/frame_codec.hpp"

#include <cstdint>
#include <string_view>

/// What the encoder and the decoder of frames know of an entry.
namespace vigil::frame_entry {

inline constexpr uint8_t tag_bits = 0x1f;

/// The target is named, not identified by a pid.
inline constexpr uint8_t by_name = 0x20;

/// The target's creation is spelled out: it is not the one its node has now.
inline constexpr uint8_t other_life = 0x40;

/// The watcher is that of the entry before.
inline constexpr uint8_t same_watcher = 0x80;

/// Where the two processes of an entry live, as far as the context says.
struct parties {
  node_name watcher_node;
  creation watcher_life{};
  node_name target_node;
  creation target_life{};
};

/// The watcher asks: it is the sender's.
inline parties parties_of_request(const frame_context& x) noexcept {
  return {x.sender, x.sender_life, x.receiver, x.receiver_life};
}

/// The target ends: it is the sender's.
inline parties parties_of_exit(const frame_context& x) noexcept {
  return {x.receiver, x.receiver_life, x.sender, x.sender_life};
}

/// Returns whether two entries are byte for byte the same. Most that differ do
/// so in their size or their tag.
inline bool same_entry(std::string_view x, std::string_view y) noexcept {
  return x.size() == y.size() && !x.empty() && x.front() == y.front() && x == y;
}

} // namespace vigil::frame_entry
