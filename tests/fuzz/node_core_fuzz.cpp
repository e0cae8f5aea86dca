// A whole node core between one real friend and strangers who say anything at
// any time: it survives, every monitor ends once, and the friend's session does
// not notice.

#include <vigil/literals.hpp>
#include "tests/fuzz/byte_source.hpp"
#include "tests/fuzz/fuzz_target.hpp"
#include "tests/fuzz/node_world.hpp"

#include <string>
#include <utility>

namespace vigil::fuzz {

namespace {

/// Plays the strangers, as the bytes of the input tell it to.
///
/// Each deed is a byte that says what and by which stranger. Fields of messages
/// are right unless a byte of flags says otherwise, so that a short input gets
/// far and any field can still be anything.
class strangers {
public:
  explicit strangers(std::string_view input) : in_(input) {
    // nop
  }

  void run() {
    for (auto deeds = 0; deeds < max_deeds && !in_.empty(); ++deeds)
      act();
    world_.finish();
  }

private:
  static constexpr int max_deeds = 256;

  void act() {
    auto deed = in_.byte();
    auto& x = world_.stranger_at(deed >> 6);
    switch (deed & 0x0f) {
      case 0:
        return world_.say(x, greeting(x));
      case 1:
        return say_frame(x);
      case 2:
        return world_.say(x, next_tick(x));
      case 3:
        return world_.say(x, probe{numbers(x), in_.number(2), sequence(x)});
      case 4:
        return world_.say(x, probe_reply{numbers(x), token(x), sequence(x)});
      case 5:
        return world_.say(x, next_goodbye(x));
      case 6:
        return world_.say(x, goodbye_ack{numbers(x)});
      case 7:
        return world_.cut(x);
      case 8:
        return world_.answer_dial(&x);
      case 9:
        return world_.answer_dial(nullptr, failure());
      case 10:
        return world_.pass(std::chrono::milliseconds{50} * in_.byte());
      case 11:
        return monitor();
      case 12:
        return world_.demonitor();
      case 13:
        return exit();
      case 14:
        return world_.step(event::connect{stranger_name()});
      default:
        return act_on_stranger();
    }
  }

  // Arguments of a call would be read in the order that the compiler likes.

  void monitor() {
    auto watcher = local_number();
    world_.monitor(watcher, object());
  }

  void exit() {
    auto number = local_number();
    world_.exit(number, reason());
  }

  void act_on_stranger() {
    auto name = stranger_name();
    auto deed = in_.byte();
    if (deed == 255)
      world_.step(event::connect{name, true});
    else if (deed % 2 == 0)
      world_.step(event::disconnect{name});
    else
      world_.step(event::sync{name, in_.number(1)});
  }

  /// Nothing is applied of a frame that is of no session or comes too early.
  void say_frame(stranger& x) {
    auto message = next_frame(x);
    auto possible = message.numbers.receiver == x.heard.sender
                    && message.sequence >= 1 && message.sequence <= x.said;
    auto before = world_.num_applied();
    world_.say(x, std::move(message));
    check(possible || world_.num_applied() == before,
          "a frame that is not the next of its session is not applied");
  }

  // -- fields, right unless a flag is set -------------------------------------

  bool odd() noexcept {
    auto result = (flags_ & 1) != 0;
    flags_ >>= 1;
    return result;
  }

  void read_flags() noexcept {
    flags_ = in_.byte();
  }

  uint64_t any_number() noexcept {
    return in_.number(1 + in_.byte() % 8);
  }

  session_pair numbers(const stranger& x) {
    read_flags();
    session_pair result{x.session, x.heard.sender};
    if (odd())
      result.sender = session_number{any_number()};
    if (odd())
      result.receiver = session_number{any_number()};
    if (odd())
      result = world_.friendly_numbers();
    return result;
  }

  uint64_t sequence(const stranger& x) {
    return odd() ? any_number() : x.sent;
  }

  uint64_t token(const stranger& x) {
    return odd() ? any_number() : x.last_token;
  }

  hello greeting(stranger& x) {
    hello result;
    result.numbers = numbers(x);
    result.name = any_name();
    result.life = odd() ? creation{static_cast<uint32_t>(any_number())}
                        : any_life;
    result.being = odd() ? incarnation{in_.byte(), in_.byte()}
                         : incarnation{7, 7};
    result.tick_time = odd() ? static_cast<uint32_t>(any_number()) : 8'000;
    if (odd()) {
      result.lowest_version = static_cast<uint16_t>(in_.byte());
      result.highest_version = static_cast<uint16_t>(in_.byte());
      result.features = in_.byte();
      result.trailing = in_.chunk();
    }
    x.sent = 0;
    return result;
  }

  frame next_frame(stranger& x) {
    frame result;
    result.numbers = numbers(x);
    result.sequence = odd() ? any_number() : x.sent + 1;
    result.acknowledged = odd() ? any_number() : x.last_frame;
    result.bytes = in_.chunk();
    ++x.sent;
    ++x.said;
    return result;
  }

  tick next_tick(const stranger& x) {
    tick result;
    result.numbers = numbers(x);
    result.acknowledged = odd() ? any_number() : x.last_frame;
    result.sequence = sequence(x);
    return result;
  }

  goodbye next_goodbye(const stranger& x) {
    goodbye result;
    result.numbers = numbers(x);
    result.why.cause = static_cast<down_cause>(in_.byte());
    result.why.failure = static_cast<errc>(in_.byte());
    result.why.detail = in_.chunk();
    return result;
  }

  // -- names and processes ----------------------------------------------------

  /// One name on either side of the node's own.
  node_name stranger_name() {
    return in_.byte() % 2 == 0 ? low_ : high_;
  }

  std::string any_name() {
    switch (auto choice = in_.byte(); choice % 5) {
      case 2:
        return to_string(world_.friend_name);
      case 3:
        return to_string(world_.victim_name);
      case 4: {
        // Names are never freed, so not any name will do.
        std::string text{in_.chunk()};
        return node_name::is_valid(text) ? to_string(low_) : text;
      }
      default:
        return to_string(choice % 5 == 0 ? low_ : high_);
    }
  }

  /// Why a dial fails is said by this node, so it is one of the reasons.
  errc failure() {
    constexpr auto count = static_cast<int>(errc::duplicate_id);
    return static_cast<errc>(1 + in_.byte() % count);
  }

  /// Any process, or none, but the first, which is for the friend.
  uint32_t local_number() {
    return 2 + in_.byte() % 4;
  }

  target object() {
    auto choice = in_.byte();
    auto node = choice % 3 == 2   ? world_.victim_name
                : choice % 3 == 1 ? high_
                                  : low_;
    if (choice >= 0x80)
      return named_target{db_, node};
    return process_of(node, 1 + choice / 3 % 4);
  }

  exit_reason reason() {
    auto result = exit_reason::from_external(in_.chunk());
    return result ? *result : exit_reason::normal();
  }

  byte_source in_;
  node_world world_;
  uint8_t flags_ = 0;
  const node_name low_ = "a@h"_node;
  const node_name high_ = "z@h"_node;
  const process_name db_ = "db"_process;
};

} // namespace

void run(std::string_view input) {
  strangers{input}.run();
}

} // namespace vigil::fuzz
