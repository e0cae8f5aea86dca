#include "bench/core/limits/bare_mailbox.hpp"

#include "bench/common/failure.hpp"

#include <chrono>

namespace vigil::bench {

void bare_mailbox::take(std::vector<bare_message>& out) {
  out.clear();
  std::unique_lock guard{mutex_};
  if (!arrived_.wait_for(guard, std::chrono::seconds{10},
                         [this] { return !messages_.empty(); }))
    throw failure{"no message came"};
  out.swap(messages_);
}

} // namespace vigil::bench
