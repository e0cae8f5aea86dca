#include "src/link/link_keeper.hpp"

#include <algorithm>
#include <cassert>
#include <cstdint>

namespace vigil {

namespace {

/// Draws the part that jitter takes of a wait.
timespan jitter(timespan most, seeded_random& random) noexcept {
  return most * static_cast<int64_t>(random() % 1024) / 1024;
}

} // namespace

// -- the attempt --------------------------------------------------------------

void link_keeper::want(time_point deadline) {
  assert(!wanted());
  attempt_.emplace(deadline);
  rest_until_.reset();
}

void link_keeper::give_up() noexcept {
  attempt_.reset();
  dial.reset();
}

void link_keeper::come_up() noexcept {
  attempt_.reset();
  rest_until_.reset();
}

// -- dialling -----------------------------------------------------------------

void link_keeper::redial_later(time_point now, seeded_random& random) {
  auto& x = *attempt_;
  // Jitter, so that two nodes that dialled each other at once do not meet
  // again.
  x.redial_at = now + x.backoff / 2 + jitter(x.backoff, random);
  x.backoff = std::min(x.backoff * 2, longest_backoff);
}

bool link_keeper::redial_due(time_point now) noexcept {
  if (!redials() || *attempt_->redial_at > now)
    return false;
  attempt_->redial_at.reset();
  return true;
}

// -- a link that is to stay up ------------------------------------------------

void link_keeper::release() noexcept {
  kept_ = false;
  rest_until_.reset();
  rest_ = shortest_rest;
}

void link_keeper::rest(time_point now, seeded_random& random) {
  if (!kept_ || rest_until_)
    return;
  // Jitter, so that a node that comes back is not dialled by all at once.
  rest_until_ = now + rest_ / 2 + jitter(rest_ / 2, random);
  rest_ = std::min(rest_ * 2, longest_rest);
}

bool link_keeper::rest_due(time_point now) noexcept {
  if (!rest_until_ || *rest_until_ > now)
    return false;
  rest_until_.reset();
  return true;
}

// -- losses -------------------------------------------------------------------

void link_keeper::loss_done(time_point deadline) noexcept {
  losing_ = false;
  if (attempt_)
    attempt_->deadline = deadline;
}

// -- time ---------------------------------------------------------------------

std::optional<time_point> link_keeper::next_wake() const noexcept {
  auto result = rest_until_;
  auto consider = [&result](time_point x) {
    if (!result || x < *result)
      result = x;
  };
  if (attempt_) {
    consider(attempt_->deadline);
    if (attempt_->redial_at)
      consider(*attempt_->redial_at);
  }
  return result;
}

} // namespace vigil
