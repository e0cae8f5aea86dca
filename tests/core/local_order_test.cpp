// The order of calls counts on one's own node: a monitor that has returned
// before its target ends is told the target's own reason, whoever is faster
// after that. Caller, runtime and control plane take every order there is of
// the moments between which another one matters.

#include "tests/core/executor_fixture.hpp"
#include "tests/core/interleaving.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_set>
#include <vector>

using namespace vigil;
using namespace vigil::test;

namespace {

/// As many references as are left.
constexpr auto any = static_cast<size_t>(-1);

/// One target that ends while somebody begins to watch it.
struct order_fixture : executor_fixture {
  order_fixture() {
    processes.on_question = [this](const target& about) {
      if (about == object)
        turns.pause();
    };
    turns.add([this] {
      call();
      // The target had not ended yet.
      returned = true;
      returned_in_time = !invisible;
    });
    turns.add([this] {
      processes.processes.end(2);
      invisible = true;
      turns.pause();
      CHECK(threads.process_exited(a2, atom("done")) == errc::none);
      if (successor)
        successor();
    });
    turns.add([this] {
      // As if each were a slice: what is left is not announced again.
      x.on_slice();
      turns.pause();
      x.on_slice();
    });
  }

  /// Lets all happen in this order, and returns what the watcher was told.
  std::string outcome(const interleaving::chooser& choose) {
    turns.run(choose);
    x.on_slice();
    if (open_at_end != any)
      CHECK(front.gate.size() == open_at_end);
    std::string result;
    for (const auto& line : take())
      if (line != "slice later")
        result += (result.empty() ? "" : ", ") + line.substr(0, line.find(" r"))
                  + line.substr(line.rfind(' '));
    return result;
  }

  interleaving turns;
  /// What the caller does.
  std::function<void()> call = [this] { request_monitor(a1, object); };
  target object = a2;
  /// What happens once the end is reported.
  std::function<void()> successor;
  bool invisible = false;
  bool returned = false;
  bool returned_in_time = false;
  /// What `successor` does came after the call.
  bool too_late = false;
  size_t open_at_end = 0;
};

} // namespace

TEST_CASE("local order: a monitor that returns before its target ends is told "
          "the target's reason, in every order") {
  size_t in_time = 0;
  auto orders = try_all([&](const interleaving::chooser& choose) {
    order_fixture w;
    auto told = w.outcome(choose);
    in_time += w.returned_in_time ? 1 : 0;
    if (w.returned_in_time || told != "down a1 noproc")
      CHECK(told == "down a1 done");
  });
  CHECK(orders > 500);
  CHECK(in_time > 100);
}

TEST_CASE(
  "local order: a name means the process that the call saw, whoever has "
  "it later") {
  size_t in_time = 0;
  size_t of_the_next = 0;
  auto orders = try_all([&](const interleaving::chooser& choose) {
    order_fixture w;
    w.processes.processes.give_name("db", 2);
    w.object = named("db", node_a);
    w.successor = [&w] { w.processes.processes.give_name("db", 3); };
    // One that meets the next process of that name watches it.
    w.open_at_end = any;
    auto told = w.outcome(choose);
    in_time += w.returned_in_time ? 1 : 0;
    of_the_next += told.empty() ? 1 : 0;
    if (w.returned_in_time || (told != "down a1 noproc" && !told.empty()))
      CHECK(told == "down a1 done");
    CHECK(w.front.gate.size() == (told.empty() ? 1 : 0));
  });
  CHECK(orders > 500);
  CHECK(in_time > 100);
  CHECK(of_the_next > 0);
}

TEST_CASE("local order: a name that nobody has until the call returns is of "
          "nobody, whoever gets it later") {
  size_t in_time = 0;
  try_all([&](const interleaving::chooser& choose) {
    order_fixture w;
    w.object = named("db", node_a);
    w.successor = [&w] {
      w.too_late = w.returned;
      w.processes.processes.give_name("db", 3);
    };
    w.open_at_end = any;
    auto told = w.outcome(choose);
    in_time += w.too_late ? 1 : 0;
    if (w.too_late || !told.empty())
      CHECK(told == "down a1 noproc");
  });
  CHECK(in_time > 100);
}

TEST_CASE("local order: a demonitor that finds its monitor leaves no DOWN, in "
          "every order") {
  size_t found = 0;
  try_all([&](const interleaving::chooser& choose) {
    order_fixture w;
    auto won = false;
    w.call = [&] {
      auto ref = w.request_monitor(w.a1, w.object);
      w.turns.pause();
      won = w.request_demonitor(w.a1, ref);
    };
    auto told = w.outcome(choose);
    found += won ? 1 : 0;
    CHECK(told.empty() == won);
  });
  CHECK(found > 100);
}

TEST_CASE("local order: one who asks before the request is handed over is "
          "found out") {
  size_t lost = 0;
  try_all([&](const interleaving::chooser& choose) {
    order_fixture w;
    w.call = [&w] {
      auto ref = *w.front.references.next();
      w.front.gate.open(ref, w.a1);
      auto seen = w.processes.alive(w.a2);
      CHECK(w.front.queue.push_monitor({w.a1, w.a2, ref}, false, w.front.board)
            == errc::none);
      w.turns.pause();
      if (seen)
        w.front.gate.note_alive(ref);
    };
    w.open_at_end = any;
    lost += w.outcome(choose).empty() ? 1 : 0;
  });
  CHECK(lost > 0);
}

namespace {

/// Processes that end in threads, and what their watchers were told.
class busy_runtime final : public runtime {
public:
  void spawn(const pid& x) {
    std::lock_guard guard{mutex_};
    alive_.insert(x);
  }

  void end(const pid& x) {
    std::lock_guard guard{mutex_};
    alive_.erase(x);
  }

  bool alive(const pid& x) const noexcept override {
    std::lock_guard guard{mutex_};
    return alive_.count(x) > 0;
  }

  std::optional<pid> whereis(const process_name&) const noexcept override {
    return std::nullopt;
  }

  void deliver(const down_notice* first, size_t count) noexcept override {
    for (auto i = first; i != first + count; ++i)
      downs.push_back(i->message);
  }

  void remove_down(const pid&, reference) noexcept override {
    // nop
  }

  /// Of the thread that steps the executor.
  std::vector<down> downs;

private:
  mutable std::mutex mutex_;
  std::unordered_set<pid> alive_;
};

} // namespace

TEST_CASE("threads: local monitors against targets that end, each told the "
          "truth") {
  constexpr uint32_t count = 20'000;
  lines log;
  busy_runtime processes;
  noting_host host{log};
  auto front = std::make_shared<front_state>(node_a, first_life, 1);
  front->plane = std::make_shared<silent_port>();
  front->open = true;
  front->runtime = &processes;
  runtime_front threads{front};
  node_executor plane{{config_of(node_a), {}}, *front, processes, host};
  auto watcher = threads.new_pid();
  processes.spawn(watcher);
  std::vector<pid> targets;
  for (uint32_t i = 0; i < count; ++i)
    targets.push_back(threads.new_pid());
  std::vector<std::atomic<bool>> returned(count);
  std::vector<uint8_t> in_time(count);
  std::vector<reference> refs(count);
  std::atomic<uint32_t> begun{0};
  std::atomic<bool> over{false};
  std::thread caller{[&] {
    for (uint32_t i = 0; i < count; ++i) {
      processes.spawn(targets[i]);
      begun = i + 1;
      if (auto ref = threads.monitor(watcher, targets[i])) {
        refs[i] = *ref;
        returned[i] = true;
      }
    }
  }};
  std::thread ender{[&] {
    for (uint32_t i = 0; i < count; ++i) {
      while (begun <= i)
        std::this_thread::yield();
      // Sooner, at about the same time, and later than the call returns.
      for (uint32_t turn = 0; turn < i % 64 && !returned[i]; ++turn)
        std::this_thread::yield();
      in_time[i] = returned[i] ? 1 : 0;
      processes.end(targets[i]);
      static_cast<void>(threads.process_exited(targets[i], atom("done")));
    }
  }};
  std::thread stepping{[&] {
    while (!over)
      plane.on_slice();
    // What is left asks for more calls until it is done.
    do {
      log.clear();
      plane.on_slice();
      plane.resume();
    } while (!log.empty());
  }};
  caller.join();
  ender.join();
  over = true;
  stepping.join();
  REQUIRE(processes.downs.size() == count);
  std::map<reference, exit_reason> told;
  for (const auto& x : processes.downs)
    told.emplace(x.ref, x.reason);
  size_t untrue = 0;
  for (uint32_t i = 0; i < count; ++i) {
    const auto& reason = told.at(refs[i]);
    if (reason != atom("done")
        && (in_time[i] != 0 || reason != exit_reason::noproc()))
      ++untrue;
  }
  CHECK(untrue == 0);
}
