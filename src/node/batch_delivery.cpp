#include "src/node/batch_delivery.hpp"

#include "src/front/callback_scope.hpp"

#include <cstddef>
#include <utility>

namespace vigil {

void batch_delivery::deliver() {
  if (count_ == 0)
    return;
  claim();
  if (count_ > 0) {
    callback_scope scope;
    runtime_.deliver(first_, count_);
  }
  gate_.delivered(claimed_);
  count_ = 0;
}

void batch_delivery::claim() {
  claimed_.clear();
  for (size_t i = 0; i < count_; ++i)
    claimed_.push_back(first_[i].message.ref);
  gate_.claim(claimed_, passed_);
  size_t kept = 0;
  for (size_t i = 0; i < count_; ++i) {
    if (!passed_[i])
      continue;
    if (kept != i) {
      claimed_[kept] = claimed_[i];
      first_[kept] = std::move(first_[i]);
    }
    ++kept;
  }
  suppressed_ += count_ - kept;
  claimed_.resize(kept);
  count_ = kept;
}

} // namespace vigil
