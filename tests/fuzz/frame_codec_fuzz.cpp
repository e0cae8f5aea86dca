// Payloads of one direction of a session: whatever decodes is well-formed,
// comes back from another round of encoding and decoding, and has no other
// spelling.

#include <vigil/literals.hpp>
#include "src/session/frame_codec.hpp"
#include "tests/fuzz/byte_source.hpp"
#include "tests/fuzz/fuzz_target.hpp"

#include <string>
#include <variant>
#include <vector>

namespace vigil::fuzz {

namespace {

using entries = std::vector<control_message>;

std::string encode(frame_encoder& encoder, const entries& xs) {
  for (const auto& x : xs)
    encoder.add(x);
  return encoder.take().complete();
}

/// A direction of a session, and what must hold of everything it carries.
class direction {
public:
  /// Returns false once a payload is refused, which ends a session.
  bool take(std::string_view payload) {
    const entries before{
      demonitor_p{{context().sender, context().sender_life, 1, 0},
                  pid{context().receiver, context().receiver_life, 2, 0},
                  first_reference}};
    auto all = before;
    auto outcome = decoder_.decode(payload, all);
    if (!outcome) {
      check(all == before, "nothing of a refused payload is left");
      check(outcome.failure().code == errc::protocol_error,
            "a payload is refused as a protocol error");
      return false;
    }
    check(all.front() == before.front(), "what was there stays there");
    entries xs(all.begin() + 1, all.end());
    check(xs.size() <= max_entries_size / 3,
          "a payload asks for no more than it could without runs");
    for (const auto& x : xs)
      check(valid(x), "what was decoded is a valid message");
    check_spelling(payload, xs);
    return true;
  }

private:
  void check_spelling(std::string_view payload, const entries& xs) {
    auto again = encode(encoder_, xs);
    entries ys;
    check(again_.decode(again, ys).has_value(), "what is encoded decodes");
    check(xs == ys, "what is encoded and decoded is as it was");
    if (!tells_exits(xs) && !spells_a_reason(payload))
      check(encode(plain_, xs) == payload,
            "a payload without reasons has one spelling");
  }

  /// Returns whether an exit may follow this payload if nothing came before it,
  /// which takes a reason within.
  static bool spells_a_reason(std::string_view payload) {
    using namespace std::string_view_literals;
    frame_decoder fresh{context()};
    entries xs;
    if (!fresh.decode(payload, xs))
      return false;
    return fresh.decode("\1\x15\0\2\0\2\0"sv, xs).has_value();
  }

  static bool tells_exits(const entries& xs) {
    for (const auto& x : xs)
      if (opcode_of(x) == opcode::monitor_p_exit)
        return true;
    return false;
  }

  static frame_context context() {
    static const auto alice = "alice@h"_node;
    static const auto bob = "bob@h"_node;
    return {alice, creation{7}, bob, creation{9}};
  }

  frame_decoder decoder_{context()};
  frame_encoder encoder_{context()};
  frame_decoder again_{context()};
  /// Never meets an exit, whose reason it would have to spell.
  frame_encoder plain_{context()};
};

} // namespace

void run(std::string_view input) {
  byte_source in{input};
  direction session;
  while (!in.empty())
    if (!session.take(in.chunk()))
      return;
}

} // namespace vigil::fuzz
