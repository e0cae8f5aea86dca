#include "src/session/frame_codec.hpp"
#include "src/session/frame_entry.hpp"

#include <cassert>
#include <cstddef>
#include <string_view>
#include <utility>
#include <variant>

namespace vigil {

namespace {

using namespace frame_entry;

char* write_difference(char* out, uint64_t x, uint64_t previous) noexcept {
  return write_varint(out, zigzag(x - previous));
}

/// Appends entries to the payload of an encoder.
class entry_writer {
public:
  entry_writer(const frame_context& context, frame_history& previous,
               std::optional<exit_reason>& reason, frame_payload& payload,
               last_entry& last)
    : context_(context),
      previous_(previous),
      reason_(reason),
      payload_(payload),
      last_(last) {
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
    auto head = last_.buffers[1 - last_.turn].data();
    auto flags = static_cast<uint8_t>(x.code);
    auto out = write_reference(head + 1, x.ref);
    out = write_watcher(out, flags, x.watcher);
    auto name = std::get_if<named_target>(&x.object);
    auto new_name = name != nullptr && name->name != previous_.target_name;
    if (name == nullptr)
      out = write_target(out, flags, *std::get_if<pid>(&x.object), who);
    else
      flags |= by_name;
    if (name != nullptr && !new_name)
      *out++ = 0;
    head[0] = static_cast<char>(flags);
    std::string_view entry{head, static_cast<size_t>(out - head)};
    if (!new_name && same_entry(entry, last())) {
      ++last_.repeated;
      return;
    }
    write_run();
    payload_.append(entry);
    if (new_name)
      return write_name(name->name);
    last_.turn = 1 - last_.turn;
    last_.size = entry.size();
  }

  std::string_view last() const noexcept {
    return {last_.buffers[last_.turn].data(), last_.size};
  }

  /// What comes next is another entry.
  void write_run() {
    if (last_.repeated > 0)
      payload_.append_run(last_.size, std::exchange(last_.repeated, 0));
  }

  void write_name(const process_name& x) {
    write_bytes(x.str());
    previous_.target_name = x;
    last_.size = 0;
  }

  char* write_reference(char* out, reference x) noexcept {
    out = write_difference(out, to_integer(x), previous_.ref);
    previous_.ref = to_integer(x);
    return out;
  }

  char* write_watcher(char* out, uint8_t& flags, const pid& x) noexcept {
    if (x.number == previous_.watcher.number
        && x.serial == previous_.watcher.serial) {
      flags |= same_watcher;
      return out;
    }
    return write_numbers(out, x, previous_.watcher);
  }

  char* write_target(char* out, uint8_t& flags, const pid& x,
                     const parties& who) noexcept {
    if (x.life != who.target_life) {
      flags |= other_life;
      out = write_varint(out, to_integer(x.life));
    }
    return write_numbers(out, x, previous_.target);
  }

  static char* write_numbers(char* out, const pid& x,
                             process_numbers& previous) noexcept {
    out = write_difference(out, x.number, previous.number);
    out = write_difference(out, x.serial, previous.serial);
    previous = {x.number, x.serial};
    return out;
  }

  bool is_known(const exit_reason& x) const noexcept {
    return x.external_size() > max_copied_reason ? reason_->same_as(x)
                                                 : *reason_ == x;
  }

  void write_reason(const exit_reason& x) {
    assert(x.external_size() <= exit_reason::max_size);
    write_run();
    last_.size = 0;
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
  last_entry& last_;
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

void frame_payload::append_run(size_t size, uint64_t count) {
  char run[1 + max_varint_size];
  run[0] = static_cast<char>(frame_tag::run);
  auto end = write_varint(run + 1, count);
  auto written = static_cast<size_t>(end - run);
  append(run, written);
  saved_ = saved_ + size * static_cast<size_t>(count) - written;
}

frame_encoder::frame_encoder(const frame_context& context) : context_(context) {
  // nop
}

void frame_encoder::add(const control_message& x) {
  assert(valid(x));
  std::visit(entry_writer{context_, previous_, reason_, payload_, last_}, x);
}

frame_payload frame_encoder::take() {
  if (last_.repeated > 0)
    payload_.append_run(last_.size, last_.repeated);
  last_.size = 0;
  last_.repeated = 0;
  previous_ = frame_history{};
  return std::exchange(payload_, frame_payload{});
}

} // namespace vigil
