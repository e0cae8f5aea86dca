#include "bench/common/mailbox.hpp"

#include <algorithm>

namespace vigil::bench {

void mailbox::put(const down_notice* first, size_t count) {
  std::lock_guard guard{mutex_};
  for (size_t i = 0; i < count; ++i)
    messages_.push_back(first[i].message);
  arrived_.notify_one();
}

bool mailbox::take(std::vector<down>& out, clock::time_point deadline) {
  out.clear();
  std::unique_lock guard{mutex_};
  if (!arrived_.wait_until(guard, deadline,
                           [this] { return !messages_.empty(); }))
    return false;
  out.swap(messages_);
  return true;
}

void mailbox::remove(reference ref) {
  std::lock_guard guard{mutex_};
  auto i = std::find_if(messages_.begin(), messages_.end(),
                        [ref](const down& x) { return x.ref == ref; });
  if (i != messages_.end())
    messages_.erase(i);
}

} // namespace vigil::bench
