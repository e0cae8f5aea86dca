#include "src/session/frame_codec.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <utility>

namespace vigil {

namespace {

constexpr uint8_t tag_bits = 0x1f;

/// The target is named, not identified by a pid.
constexpr uint8_t by_name = 0x20;

/// The target's creation is spelled out: it is not the one its node has now.
constexpr uint8_t other_life = 0x40;

/// The watcher is that of the entry before.
constexpr uint8_t same_watcher = 0x80;

/// A tag, the reference, the watcher's two numbers, and the target's creation
/// and two numbers.
constexpr size_t max_entry_head_size = 1 + 6 * max_varint_size;

/// Where the two processes of an entry live, as far as the context says.
struct parties {
  node_name watcher_node;
  creation watcher_life{};
  node_name target_node;
  creation target_life{};
};

/// The watcher asks: it is the sender's.
parties parties_of_request(const frame_context& x) noexcept {
  return {x.sender, x.sender_life, x.receiver, x.receiver_life};
}

/// The target ends: it is the sender's.
parties parties_of_exit(const frame_context& x) noexcept {
  return {x.receiver, x.receiver_life, x.sender, x.sender_life};
}

char* write_difference(char* out, uint64_t x, uint64_t previous) noexcept {
  return write_varint(out, zigzag(x - previous));
}

/// Appends entries to a payload.
class entry_writer {
public:
  entry_writer(const frame_context& context, frame_history& previous,
               std::optional<exit_reason>& reason, frame_payload& payload)
    : context_(context),
      previous_(previous),
      reason_(reason),
      payload_(payload) {
    // nop
  }

  void operator()(const monitor_p& x) {
    write_entry(x, parties_of_request(context_));
  }

  void operator()(const demonitor_p& x) {
    write_entry(x, parties_of_request(context_));
  }

  void operator()(const monitor_p_exit& x) {
    if (!reason_ || !is_known(x.reason)) {
      write_reason(x.reason);
      reason_ = x.reason;
    }
    write_entry(x, parties_of_exit(context_));
  }

private:
  template <class Message>
  void write_entry(const Message& x, const parties& who) {
    assert(x.watcher.node == who.watcher_node);
    assert(x.watcher.life == who.watcher_life);
    assert(node_of(x.object) == who.target_node);
    char head[max_entry_head_size];
    auto flags = static_cast<uint8_t>(x.code);
    auto out = write_reference(head + 1, x.ref);
    out = write_watcher(out, flags, x.watcher);
    auto name = std::get_if<named_target>(&x.object);
    if (name != nullptr)
      flags |= by_name;
    else
      out = write_target(out, flags, *std::get_if<pid>(&x.object), who);
    head[0] = static_cast<char>(flags);
    payload_.append(head, static_cast<size_t>(out - head));
    if (name != nullptr)
      write_name(name->name);
  }

  char* write_reference(char* out, reference x) noexcept {
    out = write_difference(out, to_integer(x), previous_.ref);
    previous_.ref = to_integer(x);
    return out;
  }

  char* write_watcher(char* out, uint8_t& flags, const pid& x) noexcept {
    if (x.number == previous_.watcher_number
        && x.serial == previous_.watcher_serial) {
      flags |= same_watcher;
      return out;
    }
    out = write_difference(out, x.number, previous_.watcher_number);
    out = write_difference(out, x.serial, previous_.watcher_serial);
    previous_.watcher_number = x.number;
    previous_.watcher_serial = x.serial;
    return out;
  }

  char* write_target(char* out, uint8_t& flags, const pid& x,
                     const parties& who) noexcept {
    if (x.life != who.target_life) {
      flags |= other_life;
      out = write_varint(out, to_integer(x.life));
    }
    out = write_difference(out, x.number, previous_.target_number);
    out = write_difference(out, x.serial, previous_.target_serial);
    previous_.target_number = x.number;
    previous_.target_serial = x.serial;
    return out;
  }

  void write_name(const process_name& x) {
    if (x == previous_.target_name) {
      write_bytes({});
      return;
    }
    write_bytes(x.str());
    previous_.target_name = x;
  }

  bool is_known(const exit_reason& x) const noexcept {
    return x.external_size() > max_copied_reason ? reason_->same_as(x)
                                                 : *reason_ == x;
  }

  void write_reason(const exit_reason& x) {
    assert(x.external_size() <= exit_reason::max_size);
    auto tag = static_cast<char>(frame_tag::reason);
    payload_.append(&tag, 1);
    write_size(x.external_size());
    payload_.append(x);
  }

  void write_bytes(std::string_view bytes) {
    write_size(bytes.size());
    payload_.append(bytes);
  }

  void write_size(size_t x) {
    char size[max_varint_size];
    auto end = write_varint(size, x);
    payload_.append(size, static_cast<size_t>(end - size));
  }

  const frame_context& context_;
  frame_history& previous_;
  std::optional<exit_reason>& reason_;
  frame_payload& payload_;
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
      if (in_.position() > limit_)
        in_.fail("there is too much beside the largest reason");
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
  void read_entry() {
    flags_ = in_.read_byte();
    switch (flags_ & tag_bits) {
      case static_cast<uint8_t>(opcode::monitor_p):
        return read_request<monitor_p>();
      case static_cast<uint8_t>(opcode::demonitor_p):
        return read_request<demonitor_p>();
      case static_cast<uint8_t>(opcode::monitor_p_exit):
        return read_exit();
      case static_cast<uint8_t>(frame_tag::reason):
        return read_reason();
      case static_cast<uint8_t>(frame_tag::opaque_payload):
        return in_.fail("opaque payloads are not spoken in this version");
      default:
        in_.fail("the tag is not known");
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
    previous_.ref += unzigzag(in_.read_varint());
    reference result{previous_.ref};
    if (!valid(result))
      in_.fail("the reference is out of range");
    return result;
  }

  pid read_watcher(const parties& who) {
    if ((flags_ & same_watcher) == 0) {
      auto number = in_.read_difference(previous_.watcher_number);
      auto serial = in_.read_difference(previous_.watcher_serial);
      if (number == previous_.watcher_number
          && serial == previous_.watcher_serial)
        in_.fail("the watcher is repeated without the flag for it");
      previous_.watcher_number = number;
      previous_.watcher_serial = serial;
    }
    pid result{who.watcher_node, who.watcher_life, previous_.watcher_number,
               previous_.watcher_serial};
    if (!valid(result))
      in_.fail("the watcher is no process");
    return result;
  }

  pid read_target_pid(const parties& who) {
    auto life = who.target_life;
    if ((flags_ & other_life) != 0)
      life = read_other_life(life);
    previous_.target_number = in_.read_difference(previous_.target_number);
    previous_.target_serial = in_.read_difference(previous_.target_serial);
    pid result{who.target_node, life, previous_.target_number,
               previous_.target_serial};
    if (!valid(result))
      in_.fail("the target is no process");
    return result;
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
  uint8_t flags_ = 0;
  /// Where the payload must end, as far as its largest reason is known.
  size_t limit_ = max_entries_size;
};

} // namespace

void frame_payload::append(const exit_reason& x) {
  if (auto bytes = x.external_view(); bytes.size() <= max_copied_reason)
    return append(bytes);
  gaps_.push_back({bytes_.size(), x});
  lacking_ += x.external_size();
}

std::string frame_payload::complete() && {
  if (gaps_.empty())
    return std::move(bytes_);
  std::string result;
  result.reserve(size());
  size_t copied = 0;
  for (const auto& x : gaps_) {
    result.append(bytes_, copied, x.where - copied);
    auto bytes = x.reason.external_view();
    result.append(bytes.data(), bytes.size());
    copied = x.where;
  }
  return result.append(bytes_, copied);
}

frame_encoder::frame_encoder(const frame_context& context) : context_(context) {
  // nop
}

void frame_encoder::add(const control_message& x) {
  assert(valid(x));
  std::visit(entry_writer{context_, previous_, reason_, payload_}, x);
}

frame_payload frame_encoder::take() {
  previous_ = frame_history{};
  return std::exchange(payload_, frame_payload{});
}

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
