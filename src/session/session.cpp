#include "src/session/session.hpp"

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

void session::send(const control_message& x) {
  // What a new payload starts with counts as well.
  auto before = encoder_.empty() ? 0 : encoder_.size();
  encoder_.add(x);
  backlog_ += encoder_.size() - before;
  if (encoder_.full())
    complete_.push_back(encoder_.take());
}

void session::flush(time_point now, outbox& out) {
  while (!complete_.empty() && window_open()) {
    transmit(std::move(complete_.front()), now, out);
    complete_.pop_front();
  }
  if (complete_.empty() && !encoder_.empty() && window_open())
    transmit(encoder_.take(), now, out);
  // Half a window, so that the peer never runs out of it while this side has
  // nothing to say.
  if (last_received_ - last_told_ >= frame_window / 2) {
    out.emplace_back(tick{numbers(), last_received_, last_sent_});
    last_told_ = last_received_;
    last_sent_at_ = now;
  }
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

void session::transmit(std::string payload, time_point now, outbox& out) {
  unacknowledged_.push_back(payload.size());
  out.emplace_back(
    frame{numbers(), ++last_sent_, last_received_, std::move(payload)});
  last_told_ = last_received_;
  last_sent_at_ = now;
}

// -- receiving ----------------------------------------------------------------

result<unit> session::receive(const frame& x, time_point now,
                              std::vector<control_message>& messages) {
  detector_->heard(now);
  if (x.sequence != last_received_ + 1)
    return error{errc::protocol_error, "frame " + std::to_string(x.sequence)
                                         + " came after frame "
                                         + std::to_string(last_received_)};
  if (auto ok = acknowledge(x.acknowledged); !ok)
    return ok;
  last_received_ = x.sequence;
  return decoder_.decode(x.bytes, messages);
}

result<unit> session::receive(const tick& x, time_point now) {
  if (auto ok = hear(x.sequence, now); !ok)
    return ok;
  return acknowledge(x.acknowledged);
}

result<unit> session::hear(uint64_t sequence, time_point now) {
  detector_->heard(now);
  if (sequence != last_received_)
    return error{errc::protocol_error,
                 "frame " + std::to_string(sequence) + " was sent, but frame "
                   + std::to_string(last_received_) + " came last"};
  return unit{};
}

result<unit> session::acknowledge(uint64_t sequence) {
  if (sequence < last_acknowledged_ || sequence > last_sent_)
    return error{errc::protocol_error,
                 "frame " + std::to_string(sequence) + " was acknowledged, but "
                   + std::to_string(last_acknowledged_) + " to "
                   + std::to_string(last_sent_) + " are expected"};
  for (; last_acknowledged_ < sequence; ++last_acknowledged_) {
    backlog_ -= unacknowledged_.front();
    unacknowledged_.pop_front();
  }
  return unit{};
}

} // namespace vigil
