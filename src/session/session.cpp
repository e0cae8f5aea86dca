#include "src/session/session.hpp"

#include <algorithm>
#include <utility>

namespace vigil {

session::session(const session_end& self, const session_end& peer,
                 std::unique_ptr<failure_detector> detector, time_point now)
  : self_(self),
    peer_(peer),
    encoder_(frame_context{self.name, self.life, peer.name, peer.life}),
    decoder_(frame_context{peer.name, peer.life, self.name, self.life}),
    detector_(std::move(detector)),
    last_sent_at_(now) {
  // nop
}

// -- sending ------------------------------------------------------------------

void session::send(const control_message& x, work_meter& meter) {
  // What a new payload starts with counts as well.
  auto before = encoder_.empty() ? 0 : encoder_.weight();
  auto lacking = encoder_.lacking();
  encoder_.add(x);
  auto added = encoder_.weight() - before;
  backlog_ += added;
  meter.add_bytes(added - (encoder_.lacking() - lacking));
  if (encoder_.full())
    complete_.push_back(encoder_.take());
}

session::waiting session::flush(time_point now, outbox& out, work_meter& meter,
                                flush_terms& terms) {
  auto result = waiting::nothing;
  while (window_open() && !drained()) {
    if (complete_.empty()) {
      if (terms.more_comes) {
        result = waiting::for_more;
        break;
      }
      complete_.push_back(encoder_.take());
    }
    if (!transmit(complete_.front(), now, out, meter, terms)) {
      result = waiting::for_work;
      break;
    }
    complete_.pop_front();
  }
  if (last_received_ - last_told_ >= acknowledged_at_once) {
    out.emplace_back(tick{numbers(), last_received_, last_sent_});
    last_told_ = last_received_;
    last_sent_at_ = now;
  }
  return result;
}

void session::keep_alive(time_point now, outbox& out) {
  if (now < next_tick())
    return;
  out.emplace_back(tick{numbers(), last_received_, last_sent_});
  last_told_ = last_received_;
  last_sent_at_ = now;
}

time_point session::next_tick() const noexcept {
  return last_sent_at_ + peer_.tick_time / 4;
}

bool session::transmit(frame_payload& payload, time_point now, outbox& out,
                       work_meter& meter, flush_terms& terms) {
  if (payload.lacking() > 0) {
    if (meter.left() == 0 && !terms.large_frame_granted)
      return false;
    terms.large_frame_granted = false;
    meter.add_bytes(payload.weight());
  }
  unacknowledged_.push_back({payload.weight(), now});
  out.emplace_back(frame{numbers(), ++last_sent_, last_received_,
                         std::move(payload).complete()});
  last_told_ = last_received_;
  last_sent_at_ = now;
  return true;
}

// -- receiving ----------------------------------------------------------------

result<unit> session::receive(const frame& x, time_point now,
                              std::vector<control_message>& messages) {
  detector_->heard(now);
  if (x.sequence != last_received_ + 1)
    return error{errc::protocol_error, "frame " + std::to_string(x.sequence)
                                         + " came after frame "
                                         + std::to_string(last_received_)};
  if (auto ok = acknowledge(x.acknowledged, now); !ok)
    return ok;
  last_received_ = x.sequence;
  return decoder_.decode(x.bytes, messages);
}

result<unit> session::receive(const tick& x, time_point now) {
  if (auto ok = hear(x.sequence, now); !ok)
    return ok;
  return acknowledge(x.acknowledged, now);
}

result<unit> session::hear(uint64_t sequence, time_point now) {
  detector_->heard(now);
  if (sequence != last_received_)
    return error{errc::protocol_error,
                 "frame " + std::to_string(sequence) + " was sent, but frame "
                   + std::to_string(last_received_) + " came last"};
  return unit{};
}

result<unit> session::acknowledge(uint64_t sequence, time_point now) {
  if (sequence < last_acknowledged_ || sequence > last_sent_)
    return error{errc::protocol_error,
                 "frame " + std::to_string(sequence) + " was acknowledged, but "
                   + std::to_string(last_acknowledged_) + " to "
                   + std::to_string(last_sent_) + " are expected"};
  if (auto count = sequence - last_acknowledged_; count > 0)
    adapt_window(count, now - unacknowledged_[count - 1].sent_at);
  for (; last_acknowledged_ < sequence; ++last_acknowledged_) {
    backlog_ -= unacknowledged_.front().weight;
    unacknowledged_.pop_front();
  }
  return unit{};
}

void session::adapt_window(uint64_t count, timespan delay) noexcept {
  fastest_ = std::min(fastest_, delay);
  if (delay - fastest_ > window_slack)
    window_ = std::max(frame_window, window_ - std::min(window_, count));
  else if (!complete_.empty())
    window_ = std::min(widest_frame_window, window_ + count);
}

} // namespace vigil
