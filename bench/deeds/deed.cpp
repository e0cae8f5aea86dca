#include "bench/deeds/deed.hpp"

#include "bench/common/failure.hpp"
#include "bench/common/far_side.hpp"
#include "bench/common/report.hpp"
#include "bench/common/vigil_node.hpp"
#include "bench/deeds/deed_runtime.hpp"
#include "bench/deeds/far_node.hpp"
#include "bench/deeds/prober.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <fstream>
#include <functional>
#include <malloc.h>
#include <memory>
#include <thread>
#include <unistd.h>
#include <utility>

namespace vigil::bench {

namespace {

using clock = std::chrono::steady_clock;

/// Which processes of the node there are: the watcher that is timed, one that
/// holds or is watched, those that the prober ends, and those that a deed ends.
constexpr uint32_t subject = 2;
constexpr uint32_t first_probed = 10;
constexpr size_t num_probed = 200'000;
constexpr uint32_t first_other = first_probed + num_probed;

double resident() {
  std::ifstream in{"/proc/self/statm"};
  double pages = 0;
  in >> pages >> pages;
  return pages * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1024 * 1024);
}

/// One node, a peer that is told what to do, and what a deed needs of both.
class stage {
public:
  stage(std::string name, size_t monitors)
    : count(monitors),
      name_("deeds_" + std::move(name)),
      runtime(first_other + monitors + monitors / 2),
      node_(start_node("deeds@localhost", runtime)),
      front(node_->front()),
      probe(runtime, front, first_probed, num_probed) {
    // nop
  }

  /// Returns process `number` of the node.
  pid here(uint32_t number) const {
    return {front.self(), front.life(), number, 0};
  }

  /// Returns process `number` of the peer.
  pid there(uint32_t number) const {
    return {peer.name, peer.life, number, 0};
  }

  /// Starts the peer with so many processes, and says where it is.
  void start_peer(size_t processes) {
    side = std::make_unique<far_side>(std::vector<std::string>{
      "far", std::to_string(node_->port()),
      std::to_string(to_integer(front.life())), std::to_string(processes)});
    const auto& greeting = side->greeting();
    peer.name = *node_name::parse(far_name);
    peer.life = creation{static_cast<uint32_t>(std::stoul(greeting.at(2)))};
    node_->addresses().add(peer.name,
                           {"127.0.0.1",
                            static_cast<uint16_t>(std::stoul(greeting.at(1)))});
  }

  void connect() {
    if (auto outcome = front.connect(peer.name); outcome.code != errc::none)
      throw failure{"no session with the peer: " + to_string(outcome)};
  }

  void signal(int number) {
    if (::kill(side->id(), number) != 0)
      throw failure{"the peer cannot be signalled"};
  }

  /// Makes `count` monitors of one process on processes of the peer.
  void monitor_there(uint32_t watcher) {
    reference ref{};
    for (size_t i = 0; i < count; ++i)
      check(
        front.monitor(here(watcher), there(1 + static_cast<uint32_t>(i)), ref));
  }

  /// Waits until a counter has this value.
  void await(std::string_view what, uint64_t value) {
    auto deadline = clock::now() + 2 * patience;
    while (counter(front, what) != value) {
      if (clock::now() > deadline)
        throw failure{"the node still has " + std::string{what}};
      std::this_thread::sleep_for(std::chrono::milliseconds{2});
    }
  }

  /// Waits until so many DOWNs were delivered.
  void await_downs(uint64_t value) {
    auto deadline = clock::now() + 2 * patience;
    while (runtime.num_downs() != value) {
      if (clock::now() > deadline)
        throw failure{"DOWNs are missing"};
      std::this_thread::sleep_for(std::chrono::milliseconds{2});
    }
  }

  void await_nothing() {
    await("outbound", 0);
    await("inbound", 0);
  }

  /// Watches while `what` happens.
  void deed(const std::function<void()>& what) {
    full_ = resident();
    // At rest first: what was done before is over.
    std::this_thread::sleep_for(std::chrono::milliseconds{300});
    probe.start();
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
    auto start = clock::now();
    what();
    std::chrono::duration<double, std::milli> taken = clock::now() - start;
    probe.stop(name_);
    report(name_ + "_length 1", taken.count(), "ms");
  }

  void stop() {
    node_->stop();
  }

  void report_memory() {
    std::this_thread::sleep_for(std::chrono::milliseconds{300});
    report(name_ + "_memory_empty 1", empty_, "MiB");
    report(name_ + "_memory_full 1", full_, "MiB");
    report(name_ + "_memory_after 1", resident(), "MiB");
    // What is free in the C library's heap stays resident; this is what is not.
    malloc_trim(0);
    report(name_ + "_memory_in_use 1", resident(), "MiB");
  }

  const size_t count;

private:
  std::string name_;

public:
  deed_runtime runtime;

private:
  std::unique_ptr<node> node_;

public:
  runtime_front front;
  prober probe;
  std::unique_ptr<far_side> side;
  struct {
    node_name name;
    creation life{};
  } peer;

private:
  double empty_ = resident();
  double full_ = 0;
};

// -- the deeds ----------------------------------------------------------------

void set_up(stage& s) {
  s.start_peer(s.count);
  s.connect();
  s.deed([&] {
    s.monitor_there(subject);
    check(s.front.sync(s.peer.name, patience));
  });
  s.runtime.end(subject, s.front, bench_done());
  s.await_nothing();
}

void holder_ends(stage& s) {
  s.start_peer(s.count);
  s.connect();
  s.monitor_there(subject);
  check(s.front.sync(s.peer.name, patience));
  s.deed([&] {
    s.runtime.end(subject, s.front, bench_done());
    s.await_nothing();
  });
}

void watched_ends(stage& s) {
  reference ref{};
  for (size_t i = 0; i < s.count; ++i)
    check(s.front.monitor(s.here(subject + 1), s.here(subject), ref));
  s.await("outbound", s.count);
  s.deed([&] {
    s.runtime.end(subject, s.front, bench_done());
    s.await_downs(s.count);
  });
}

void watched_ends_far(stage& s) {
  s.start_peer(1);
  s.connect();
  s.side->ask("monitor " + std::to_string(subject) + ' '
              + std::to_string(s.count));
  s.await("inbound", s.count);
  s.deed([&] {
    s.runtime.end(subject, s.front, bench_done());
    s.await_nothing();
    s.side->ask("downs " + std::to_string(s.count));
  });
}

void link_lost(stage& s) {
  s.start_peer(s.count);
  s.connect();
  s.monitor_there(subject);
  check(s.front.sync(s.peer.name, patience));
  s.deed([&] {
    s.side->kill();
    s.await_downs(s.count);
  });
}

void link_up(stage& s) {
  s.start_peer(s.count);
  // It takes the connection, and says nothing.
  s.signal(SIGSTOP);
  s.monitor_there(subject);
  s.await("outbound", s.count);
  s.deed([&] {
    s.signal(SIGCONT);
    check(s.front.sync(s.peer.name, patience));
  });
  s.runtime.end(subject, s.front, bench_done());
  s.await_nothing();
}

void dial_fails(stage& s) {
  s.start_peer(s.count);
  s.signal(SIGSTOP);
  s.monitor_there(subject);
  s.await("outbound", s.count);
  s.deed([&] {
    s.side->kill();
    s.await_downs(s.count);
  });
}

/// Reports exits as fast as a thread can, and asks meanwhile.
void exits_then_questions(stage& s) {
  s.start_peer(1);
  s.connect();
  auto exits = static_cast<uint32_t>(s.count + s.count / 2);
  s.deed([&] {
    for (uint32_t i = 0; i < exits; ++i)
      s.runtime.end(first_other + i, s.front, bench_done());
    counter(s.front, "outbound");
    check(s.front.sync(s.peer.name, patience));
  });
}

/// Ends a process that the peer watches, with the largest reason there is.
void large_reason(stage& s) {
  s.start_peer(1);
  s.connect();
  constexpr uint32_t exits = 64;
  for (uint32_t i = 0; i < exits; ++i)
    s.side->ask("monitor " + std::to_string(first_other + i) + " 1");
  s.await("inbound", exits);
  s.deed([&] {
    for (uint32_t i = 0; i < exits; ++i)
      s.runtime.end(first_other + i, s.front,
                    exit_reason::binary(std::string(1'000'000 + i, 'x')));
    s.side->ask("downs " + std::to_string(exits));
  });
}

/// Stops the node while a process with many watchers ends.
void stop(stage& s) {
  s.start_peer(1);
  s.connect();
  s.side->ask("monitor " + std::to_string(subject) + ' '
              + std::to_string(s.count));
  s.await("inbound", s.count);
  s.deed([&] {
    s.runtime.end(subject, s.front, bench_done());
    s.stop();
    s.side->ask("downs " + std::to_string(s.count));
  });
}

using deed_function = void (*)(stage&);

const std::pair<const char*, deed_function> deeds[] = {
  {"set_up", set_up},
  {"holder_ends", holder_ends},
  {"watched_ends", watched_ends},
  {"watched_ends_far", watched_ends_far},
  {"link_lost", link_lost},
  {"link_up", link_up},
  {"dial_fails", dial_fails},
  {"exits_then_questions", exits_then_questions},
  {"large_reason", large_reason},
  {"stop", stop},
};

} // namespace

std::vector<std::string> deed_names() {
  std::vector<std::string> result;
  for (const auto& [name, what] : deeds)
    result.emplace_back(name);
  return result;
}

void take_deed(const std::string& name, size_t count) {
  auto found = std::find_if(std::begin(deeds), std::end(deeds),
                            [&](const auto& x) { return x.first == name; });
  if (found == std::end(deeds))
    throw failure{"no deed " + name};
  stage s{name, count};
  found->second(s);
  s.report_memory();
}

} // namespace vigil::bench
