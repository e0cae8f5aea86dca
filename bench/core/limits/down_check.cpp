#include "bench/core/limits/down_check.hpp"

#include "bench/common/failure.hpp"

#include <string>

namespace vigil::bench {

void down_check::expect(reference first, size_t count,
                        const exit_reason& reason) {
  first_ = first;
  reason_ = reason;
  seen_.assign(count, false);
  missing_ = count;
}

void down_check::take(reference ref, const exit_reason& reason) {
  auto i = to_integer(ref) - to_integer(first_);
  if (i >= seen_.size() || seen_[i])
    throw failure{"a DOWN of no monitor, or the second of one: "
                  + to_string(ref)};
  if (reason != reason_)
    throw failure{"a DOWN with the reason " + to_string(reason)};
  seen_[i] = true;
  --missing_;
}

void down_check::close() const {
  if (missing_ > 0)
    throw failure{std::to_string(missing_) + " DOWNs are missing"};
}

} // namespace vigil::bench
