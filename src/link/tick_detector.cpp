#include "src/link/tick_detector.hpp"

#include <algorithm>

namespace vigil {

namespace {

/// A tick counts as missed when it is late by half the time between two.
constexpr int grace_divisor = 2;

/// Three ticks can be missed before all patience is gone.
constexpr int64_t max_missed = 3;

} // namespace

tick_detector::tick_detector(timespan patience, time_point now)
  : patience_(patience),
    last_heard_(now),
    deadline_(now + patience) {
  // nop
}

std::unique_ptr<failure_detector> tick_detector::make(timespan patience,
                                                      time_point now) {
  return std::make_unique<tick_detector>(patience, now);
}

void tick_detector::heard(time_point now) {
  last_heard_ = now;
  deadline_ = now + patience_;
}

void tick_detector::extend(timespan late, time_point now) {
  deadline_ += late;
  if (late >= patience_ / 8)
    deadline_ = std::max(deadline_, now + patience_ / 4);
}

bool tick_detector::lost(time_point now) const {
  return now >= deadline_;
}

uint32_t tick_detector::missed(time_point now) const {
  // Counted back from the deadline, which knows of the extensions.
  auto used = patience_ - (deadline_ - now);
  auto late = used - tick() / grace_divisor;
  return static_cast<uint32_t>(
    std::clamp<int64_t>(late / tick(), 0, max_missed));
}

time_point tick_detector::next_look(time_point now) const {
  auto count = missed(now);
  if (count == max_missed)
    return deadline_;
  return deadline_ - patience_ + tick() / grace_divisor + tick() * (count + 1);
}

timespan tick_detector::silence(time_point now) const {
  return now - last_heard_;
}

timespan tick_detector::suspicion(time_point now) const {
  auto due = deadline_ - patience_ + tick();
  return std::max(now - due, timespan{0});
}

} // namespace vigil
