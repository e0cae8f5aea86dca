#include "src/node/batch_delivery.hpp"

#include "src/front/callback_scope.hpp"

#include <cstddef>

namespace vigil {

void batch_delivery::deliver() {
  if (gathered_.empty())
    return;
  claim();
  if (!gathered_.empty()) {
    callback_scope scope;
    runtime_.deliver(gathered_.data(), gathered_.size());
  }
  gate_.delivered(claimed_);
  gathered_.clear();
}

void batch_delivery::claim() {
  claimed_.clear();
  for (const auto& x : gathered_)
    claimed_.push_back(x.message.ref);
  gate_.claim(claimed_, passed_);
  size_t kept = 0;
  for (size_t i = 0; i < passed_.size(); ++i) {
    if (!passed_[i])
      continue;
    if (kept != i) {
      claimed_[kept] = claimed_[i];
      gathered_[kept] = std::move(gathered_[i]);
    }
    ++kept;
  }
  suppressed_ += gathered_.size() - kept;
  claimed_.resize(kept);
  gathered_.erase(gathered_.begin() + static_cast<std::ptrdiff_t>(kept),
                  gathered_.end());
}

} // namespace vigil
