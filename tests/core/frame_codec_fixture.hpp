#pragma once

#include <vigil/literals.hpp>
#include "src/session/frame_codec.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What the tests of the frame codec share: two nodes, short ways to write the
/// messages between them, and payloads as hexadecimal text.
namespace vigil::frame_codec_test {

inline const auto alice = "alice@h"_node;
inline const auto bob = "bob@h"_node;

/// From alice to bob.
inline const frame_context context{alice, creation{7}, bob, creation{9}};

inline constexpr auto r0 = to_integer(first_reference);

inline pid at_alice(uint32_t number, uint32_t serial) {
  return {alice, creation{7}, number, serial};
}

inline pid at_bob(uint32_t number, uint32_t serial) {
  return {bob, creation{9}, number, serial};
}

inline named_target named(std::string_view name, node_name node) {
  return {*process_name::parse(name), node};
}

/// Alice's process asks for one of bob's.
inline monitor_p ask(pid watcher, target object, uint64_t ref) {
  return {watcher, std::move(object), reference{r0 + ref}};
}

inline demonitor_p take_back(pid watcher, target object, uint64_t ref) {
  return {watcher, std::move(object), reference{r0 + ref}};
}

/// Alice's process has ended and bob's is told.
inline monitor_p_exit tell(target object, pid watcher, uint64_t ref,
                           exit_reason reason) {
  return {std::move(object), watcher, reference{r0 + ref}, std::move(reason)};
}

inline std::string hex(std::string_view bytes) {
  std::string result;
  for (auto byte : bytes) {
    if (!result.empty())
      result += ' ';
    for (auto shift : {4, 0})
      result += "0123456789abcdef"[(static_cast<uint8_t>(byte) >> shift) & 15];
  }
  return result;
}

inline std::string unhex(std::string_view text) {
  std::string result;
  for (size_t i = 0; i < text.size(); i += 3)
    result += static_cast<char>(
      std::stoi(std::string{text.substr(i, 2)}, nullptr, 16));
  return result;
}

inline bool same(const std::vector<control_message>& xs,
                 const std::vector<control_message>& ys) {
  return xs == ys;
}

inline std::string encode(const std::vector<control_message>& entries) {
  frame_encoder encoder{context};
  for (const auto& entry : entries)
    encoder.add(entry);
  return encoder.take().complete();
}

inline std::vector<control_message> decode(frame_decoder& decoder,
                                           std::string_view payload) {
  std::vector<control_message> entries;
  auto outcome = decoder.decode(payload, entries);
  REQUIRE(outcome.has_value());
  return entries;
}

inline std::vector<control_message> decode(std::string_view payload) {
  frame_decoder decoder{context};
  return decode(decoder, payload);
}

/// Returns why a payload is refused, empty if it is not.
inline std::string refusal(std::string_view payload) {
  frame_decoder decoder{context};
  const std::vector<control_message> before{
    ask(at_alice(1, 2), at_bob(3, 4), 0)};
  auto entries = before;
  auto outcome = decoder.decode(payload, entries);
  if (outcome)
    return {};
  CHECK(outcome.failure().code == errc::protocol_error);
  // Nothing of a refused payload is left.
  CHECK(entries == before);
  return outcome.failure().detail;
}

inline std::string refusal_hex(std::string_view text) {
  return refusal(unhex(text));
}

/// One entry of every kind and flag, extremes included.
inline std::vector<control_message> every_entry() {
  constexpr auto most = UINT32_MAX;
  constexpr auto last = to_integer(last_reference) - r0;
  auto term = exit_reason::from_external(std::string_view{"\x83h\2w\1aa\1", 8});
  pid elder{bob, creation{1}, most, 0};
  pid elder_alice{alice, creation{most}, 5, 6};
  return {
    ask(at_alice(1, 2), at_bob(3, 4), 0),
    ask(at_alice(1, 2), elder, last),
    ask(at_alice(most, most), named("db", bob), 1),
    ask(at_alice(0, 1), named("db", bob), 2),
    ask(at_alice(1, 0), named(std::string(255, 'x'), bob), 3),
    take_back(at_alice(1, 0), at_bob(most, most), 3),
    take_back(at_alice(1, 0), elder, 2),
    take_back(at_alice(2, 0), named("db", bob), 4),
    tell(at_alice(3, 4), at_bob(1, 2), 7, exit_reason::normal()),
    tell(at_alice(3, 4), at_bob(2, 2), 7, exit_reason::normal()),
    tell(elder_alice, at_bob(2, 2), last, exit_reason::noproc()),
    tell(named("db", alice), at_bob(2, 2), 0, *term),
    tell(named("db", alice), at_bob(most, 0), 0, exit_reason::binary("text")),
  };
}

} // namespace vigil::frame_codec_test
