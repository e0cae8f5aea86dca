#include "src/session/frame_codec.hpp"
#include "src/session/frame_entry.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <variant>

namespace vigil {

namespace {

using namespace frame_entry;

/// By how much the numbers of a process differ from those before.
struct process_step {
  uint64_t number = 0;
  uint64_t serial = 0;
};

/// By how much those of an entry do.
struct entry_step {
  uint64_t ref = 0;
  process_step watcher;
  process_step target;
};

/// Decodes one payload.
class entry_reader {
public:
  entry_reader(const frame_context& context, std::optional<exit_reason>& reason,
               std::string_view payload, std::vector<control_message>& messages)
    : context_(context),
      reason_(reason),
      in_(payload),
      messages_(messages) {
    // nop
  }

  result<unit> run() {
    auto size = messages_.size();
    if (in_.read_byte() != frame_format_version)
      in_.fail("the version of the encoding is not known");
    while (!in_.done()) {
      read_entry();
      if (in_.position() + saved_ > limit_)
        in_.fail(too_much);
    }
    if (!in_.failed())
      return unit{};
    messages_.erase(messages_.begin() + static_cast<std::ptrdiff_t>(size),
                    messages_.end());
    return error{errc::protocol_error, "frame payload, byte "
                                         + std::to_string(in_.offset()) + ": "
                                         + std::string{in_.problem()}};
  }

private:
  static constexpr std::string_view too_much
    = "there is too much beside the largest reason";

  void read_entry() {
    auto start = in_.position();
    flags_ = in_.read_byte();
    switch (flags_ & tag_bits) {
      case static_cast<uint8_t>(opcode::monitor_p):
        read_request<monitor_p>();
        return end_message(start);
      case static_cast<uint8_t>(opcode::demonitor_p):
        read_request<demonitor_p>();
        return end_message(start);
      case static_cast<uint8_t>(opcode::monitor_p_exit):
        read_exit();
        return end_message(start);
      case static_cast<uint8_t>(frame_tag::reason):
        return read_reason();
      case static_cast<uint8_t>(frame_tag::run):
        return read_run();
      case static_cast<uint8_t>(frame_tag::opaque_payload):
        return in_.fail("opaque payloads are not spoken in this version");
      default:
        in_.fail("the tag is not known");
    }
  }

  /// There is one spelling of messages in a row.
  void end_message(size_t start) {
    auto bytes = in_.since(start);
    if (same_entry(bytes, last_))
      in_.fail("an entry is repeated without a run");
    // The name that was spelled would be left out of the next.
    last_ = std::exchange(name_spelled_, false) ? std::string_view{} : bytes;
    run_follows_ = false;
  }

  void read_run() {
    if (flags_ != static_cast<uint8_t>(frame_tag::run))
      in_.fail("the tag has flags that mean nothing for it");
    auto length = in_.read_varint();
    if (last_.empty() || run_follows_)
      in_.fail("there is nothing that a run could repeat");
    else if (length == 0)
      in_.fail("a run is empty");
    else if (length > max_entries_size
             || in_.position() + saved_ + length * last_.size() > limit_)
      in_.fail(too_much);
    if (in_.failed())
      return;
    // A run counts as what it stands for.
    saved_ += static_cast<size_t>(length) * last_.size();
    run_follows_ = true;
    std::visit([&](const auto& x) { repeat(x, length); }, messages_.back());
  }

  /// Appends `count` messages that go on as `x` did.
  template <class Message>
  void repeat(Message x, uint64_t count) {
    for (; count > 0 && !in_.failed(); --count) {
      x.ref = go_on_from_reference();
      go_on(x.watcher, step_.watcher);
      keep_watcher(x.watcher);
      if (auto process = std::get_if<pid>(&x.object)) {
        go_on(*process, step_.target);
        keep_target(*process);
      }
      messages_.emplace_back(x);
    }
  }

  /// Messages are read in place; `run` removes them again after a failure.
  template <class Message>
  Message& append() {
    messages_.emplace_back(std::in_place_type<Message>);
    return *std::get_if<Message>(&messages_.back());
  }

  template <class Request>
  void read_request() {
    auto& x = append<Request>();
    read_fields(parties_of_request(context_), x.ref, x.watcher, x.object);
  }

  void read_exit() {
    if (!reason_) {
      in_.fail("an exit comes before any reason");
      return;
    }
    auto& x = append<monitor_p_exit>();
    read_fields(parties_of_exit(context_), x.ref, x.watcher, x.object);
    x.reason = *reason_;
  }

  void read_reason() {
    if ((flags_ & ~tag_bits) != 0)
      in_.fail("the tag has flags that mean nothing for it");
    auto start = in_.offset();
    auto bytes = in_.read_bytes(exit_reason::max_size);
    if (in_.failed())
      return;
    limit_ = std::max(limit_, max_entries_size + in_.position() - start);
    reason_ = exit_reason::from_external(bytes);
    if (!reason_)
      in_.fail("a reason is not a well-formed term");
    last_ = {};
  }

  void read_fields(const parties& who, reference& ref, pid& watcher,
                   target& object) {
    if ((flags_ & by_name) != 0 && (flags_ & other_life) != 0)
      in_.fail("the tag has flags that mean nothing for it");
    ref = read_reference();
    watcher = read_watcher(who);
    if ((flags_ & by_name) != 0)
      object.emplace<named_target>(read_named_target(who));
    else
      object.emplace<pid>(read_target_pid(who));
  }

  reference read_reference() {
    step_.ref = unzigzag(in_.read_varint());
    return go_on_from_reference();
  }

  reference go_on_from_reference() {
    previous_.ref += step_.ref;
    reference result{previous_.ref};
    if (!valid(result))
      in_.fail("the reference is out of range");
    return result;
  }

  pid read_watcher(const parties& who) {
    const auto& before = previous_.watcher;
    pid result{who.watcher_node, who.watcher_life, before.number,
               before.serial};
    step_.watcher = {};
    if ((flags_ & same_watcher) == 0) {
      read_numbers(result, step_.watcher);
      if (step_.watcher.number == 0 && step_.watcher.serial == 0)
        in_.fail("the watcher is repeated without the flag for it");
    }
    keep_watcher(result);
    return result;
  }

  pid read_target_pid(const parties& who) {
    const auto& before = previous_.target;
    pid result{who.target_node, who.target_life, before.number, before.serial};
    if ((flags_ & other_life) != 0)
      result.life = read_other_life(result.life);
    read_numbers(result, step_.target);
    keep_target(result);
    return result;
  }

  void read_numbers(pid& x, process_step& step) {
    x.number = in_.read_difference(x.number, step.number);
    x.serial = in_.read_difference(x.serial, step.serial);
  }

  void go_on(pid& x, const process_step& step) {
    x.number = in_.add(x.number, step.number);
    x.serial = in_.add(x.serial, step.serial);
  }

  void keep_watcher(const pid& x) {
    previous_.watcher = {x.number, x.serial};
    if (!valid(x))
      in_.fail("the watcher is no process");
  }

  void keep_target(const pid& x) {
    previous_.target = {x.number, x.serial};
    if (!valid(x))
      in_.fail("the target is no process");
  }

  creation read_other_life(creation current) {
    auto number = in_.read_varint();
    if (number == 0 || number > UINT32_MAX)
      in_.fail("the creation is out of range");
    creation result{static_cast<uint32_t>(number)};
    if (result == current)
      in_.fail("the creation is spelled out but current");
    return result;
  }

  named_target read_named_target(const parties& who) {
    auto text = in_.read_bytes(process_name::max_length);
    if (!text.empty()) {
      auto name = process_name::parse(text);
      if (!name)
        in_.fail("the name is not a name of a process");
      else if (*name == previous_.target_name)
        in_.fail("the name is repeated at full length");
      else
        previous_.target_name = std::move(*name);
      name_spelled_ = true;
    } else if (!previous_.target_name) {
      in_.fail("the name of the entry before is asked for, but has none");
    }
    return {previous_.target_name, who.target_node};
  }

  const frame_context& context_;
  std::optional<exit_reason>& reason_;
  payload_reader in_;
  std::vector<control_message>& messages_;
  frame_history previous_;
  entry_step step_;
  uint8_t flags_ = 0;
  /// The bytes of the message before, if a run can repeat them.
  std::string_view last_;
  /// Whether it names its target, and not by leaving the name out.
  bool name_spelled_ = false;
  /// Whether a run has done so.
  bool run_follows_ = false;
  /// How many bytes more the payload would have without runs.
  size_t saved_ = 0;
  /// Where the payload must end, as far as its largest reason is known.
  size_t limit_ = max_entries_size;
};

} // namespace

frame_decoder::frame_decoder(const frame_context& context) : context_(context) {
  // nop
}

result<unit> frame_decoder::decode(std::string_view payload,
                                   std::vector<control_message>& messages) {
  if (payload.size() > max_frame_size)
    return error{errc::protocol_error, "frame payload of "
                                         + std::to_string(payload.size())
                                         + " bytes is too large"};
  return entry_reader{context_, reason_, payload, messages}.run();
}

} // namespace vigil
