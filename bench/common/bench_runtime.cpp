#include "bench/common/bench_runtime.hpp"

#include "bench/common/vigil_node.hpp"

#include <stdexcept>

namespace vigil::bench {

bench_runtime::bench_runtime(size_t capacity) : processes_(capacity) {
  // nop
}

uint32_t bench_runtime::spawn(size_t count) {
  auto last = last_.load();
  if (count > processes_.size() - last)
    throw std::length_error{"no room for so many processes"};
  for (size_t i = 0; i < count; ++i)
    processes_[last + i].alive = true;
  last_ = last + static_cast<uint32_t>(count);
  return last + 1;
}

uint32_t bench_runtime::spawn_with_mailbox() {
  auto number = spawn(1);
  at(number).messages = std::make_unique<mailbox>();
  return number;
}

void bench_runtime::end(uint32_t first, size_t count, runtime_front& front,
                        const exit_reason& reason) {
  pid id{front.self(), front.life(), first, 0};
  for (; count > 0; --count, ++id.number) {
    at(id.number).alive.store(false, std::memory_order_release);
    check(front.process_exited(id, reason));
  }
}

void bench_runtime::end_all(runtime_front& front, const exit_reason& reason) {
  auto next = last_.load() + 1;
  end(first_alive_, next - first_alive_, front, reason);
  first_alive_ = next;
}

mailbox& bench_runtime::mailbox_of(uint32_t number) noexcept {
  return *at(number).messages;
}

bool bench_runtime::alive(const pid& id) const noexcept {
  auto found = find(id);
  return found != nullptr && found->alive.load(std::memory_order_acquire);
}

std::optional<pid> bench_runtime::whereis(const process_name&) const noexcept {
  return std::nullopt;
}

void bench_runtime::deliver(const down_notice* first, size_t count) noexcept {
  for (size_t i = 0; i < count;) {
    auto start = i;
    while (i < count && first[i].watcher == first[start].watcher)
      ++i;
    auto watcher = find(first[start].watcher);
    if (watcher != nullptr && watcher->messages != nullptr)
      watcher->messages->put(first + start, i - start);
  }
}

void bench_runtime::remove_down(const pid& id, reference ref) noexcept {
  auto watcher = find(id);
  if (watcher != nullptr && watcher->messages != nullptr)
    watcher->messages->remove(ref);
}

void bench_runtime::on_node_event(const node_event& event) noexcept {
  if (event.up)
    return;
  std::lock_guard guard{loss_mutex_};
  loss_ = event;
}

std::string bench_runtime::last_loss() const {
  std::lock_guard guard{loss_mutex_};
  if (!loss_.peer)
    return {};
  return to_string(loss_.peer) + ' ' + std::string{to_string(loss_.cause)}
         + ": " + loss_.detail;
}

bench_runtime::process& bench_runtime::at(uint32_t number) noexcept {
  return processes_[number - 1];
}

const bench_runtime::process*
bench_runtime::find(const pid& id) const noexcept {
  if (id.serial != 0 || id.number == 0 || id.number > last_.load())
    return nullptr;
  return &processes_[id.number - 1];
}

} // namespace vigil::bench
