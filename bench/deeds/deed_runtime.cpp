#include "bench/deeds/deed_runtime.hpp"

namespace vigil::bench {

deed_runtime::deed_runtime(size_t capacity)
  : capacity_(capacity),
    alive_(new std::atomic<bool>[capacity + 1]) {
  for (size_t i = 0; i <= capacity; ++i)
    alive_[i] = true;
}

void deed_runtime::end(uint32_t number, runtime_front& front,
                       const exit_reason& reason) {
  hide(number);
  static_cast<void>(
    front.process_exited({front.self(), front.life(), number, 0}, reason));
}

void deed_runtime::hide(uint32_t number) {
  alive_[number].store(false, std::memory_order_release);
}

bool deed_runtime::alive(const pid& id) const noexcept {
  return id.serial == 0 && id.number != 0 && id.number <= capacity_
         && alive_[id.number].load(std::memory_order_acquire);
}

std::optional<pid> deed_runtime::whereis(const process_name&) const noexcept {
  return std::nullopt;
}

void deed_runtime::deliver(const down_notice* first, size_t count) noexcept {
  uint64_t others = 0;
  for (auto i = first; i != first + count; ++i) {
    if (!is_timed(i->watcher)) {
      ++others;
      continue;
    }
    last_timed_ = clock::now().time_since_epoch().count();
    ++num_timed_;
  }
  num_downs_ += others;
}

void deed_runtime::remove_down(const pid&, reference) noexcept {
  // nop: nobody flushes
}

} // namespace vigil::bench
