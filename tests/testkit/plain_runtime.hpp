#pragma once

#include <vigil/literals.hpp>
#include <vigil/process_table.hpp>
#include <vigil/runtime.hpp>
#include <vigil/runtime_front.hpp>
#include <vigil/testkit.hpp>

#include <deque>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

/// What the tests of the kit share: a runtime as a user could have written it,
/// and mistakes that can be put into it.
namespace vigil::test {

using namespace std::chrono_literals;

/// The mistakes of a runtime.
enum class mistake {
  none,
  reports_twice,
  never_reports,
  dead_too_early,
  alive_too_late,
  drops_down,
  holds_lock,
};

/// Processes are mailboxes; a test takes out of them.
class plain_runtime : public runtime {
public:
  explicit plain_runtime(runtime_front front) : front_(std::move(front)) {
    // nop
  }

  /// The mistake that all runtimes make; for one test.
  static inline mistake made = mistake::none;

  pid spawn(const std::optional<process_name>& name = std::nullopt) {
    std::lock_guard guard{mutex_};
    auto id = front_.new_pid();
    if (processes_.add(id, std::deque<down>{}, name) != errc::none)
      throw testkit::failure{"the name is taken"};
    return id;
  }

  void exit(const pid& id, const exit_reason& reason) {
    if (made == mistake::alive_too_late)
      report(id, reason);
    {
      std::lock_guard guard{mutex_};
      processes_.remove(id);
    }
    if (made != mistake::alive_too_late && made != mistake::never_reports)
      report(id, reason);
    if (made == mistake::reports_twice)
      report(id, reason);
  }

  /// Says no for a process from now on, whose end comes later.
  void hide(const pid& id) {
    std::lock_guard guard{mutex_};
    processes_.remove(id);
  }

  result<reference> monitor(const pid& watcher, const target& object) {
    std::unique_lock guard{mutex_, std::defer_lock};
    if (made == mistake::holds_lock)
      guard.lock();
    return front_.monitor(watcher, object);
  }

  /// Takes the next DOWN out of a mailbox.
  std::optional<down> receive(const pid& id) {
    std::lock_guard guard{mutex_};
    auto mailbox = processes_.find(id);
    if (mailbox == nullptr || mailbox->empty())
      return std::nullopt;
    auto result = mailbox->front();
    mailbox->pop_front();
    return result;
  }

  const std::vector<node_event>& node_events() const noexcept {
    return events_;
  }

  bool alive(const pid& id) const noexcept override {
    std::lock_guard guard{mutex_};
    return processes_.contains(id);
  }

  std::optional<pid> whereis(const process_name& name) const noexcept override {
    std::lock_guard guard{mutex_};
    return processes_.whereis(name);
  }

  void deliver(const down_notice* first, size_t count) noexcept override {
    std::lock_guard guard{mutex_};
    for (auto i = first; i != first + count; ++i) {
      auto mailbox = processes_.find(i->watcher);
      if (mailbox != nullptr && made != mistake::drops_down)
        mailbox->push_back(i->message);
    }
  }

  void remove_down(const pid& id, reference ref) noexcept override {
    std::lock_guard guard{mutex_};
    auto mailbox = processes_.find(id);
    if (mailbox == nullptr)
      return;
    for (auto i = mailbox->begin(); i != mailbox->end(); ++i)
      if (i->ref == ref) {
        mailbox->erase(i);
        return;
      }
  }

  void on_node_event(const node_event& x) noexcept override {
    events_.push_back(x);
  }

private:
  void report(const pid& id, const exit_reason& reason) {
    static_cast<void>(front_.process_exited(id, reason));
  }

  runtime_front front_;
  mutable std::mutex mutex_;
  process_table<std::deque<down>> processes_;
  std::vector<node_event> events_;
};

inline const auto node_a = "a@h"_node;
inline const auto node_b = "b@h"_node;
inline const auto node_c = "c@h"_node;

inline exit_reason boom() {
  return *exit_reason::atom("boom");
}

} // namespace vigil::test
