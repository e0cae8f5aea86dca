// That a stop ends, whatever users' actors and resolvers do, and in what time.

#include <vigil/actors.hpp>
#include "tests/actors/loopback.hpp"

#include <caf/all.hpp>

#include <algorithm>
#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace vigil;
using namespace vigil::test;

namespace {

/// Lets through whoever waits, once it is open or gone.
class barrier {
public:
  ~barrier() {
    open();
  }

  void open() {
    if (!open_.exchange(true))
      promise_.set_value();
  }

  void wait() {
    // Whoever waits may outlive this object.
    auto opened = future_;
    opened.wait();
  }

private:
  std::promise<void> promise_;
  std::shared_future<void> future_{promise_.get_future()};
  std::atomic<bool> open_{false};
};

/// Does not end when it is told to.
caf::behavior deaf(caf::event_based_actor* self, pid) {
  self->set_exit_handler([](const caf::exit_msg&) {});
  self->set_default_handler(caf::drop);
  return {
    [friends = std::vector<caf::actor>{}](const caf::actor& x) mutable {
      friends.push_back(x);
    },
  };
}

class slow_resolver : public resolver {
public:
  std::optional<node_address> resolve(node_name) override {
    asked.set_value();
    gate.wait();
    return std::nullopt;
  }

  std::promise<void> asked;
  barrier gate;
};

class log_lines {
public:
  log_sink sink() {
    return [this](const log_record& x) {
      std::lock_guard guard{mutex_};
      lines_.push_back((x.level == log_level::error ? "error " : "") + x.text);
    };
  }

  lines take() {
    std::lock_guard guard{mutex_};
    return std::exchange(lines_, {});
  }

private:
  std::mutex mutex_;
  lines lines_;
};

std::unique_ptr<node> start_logged(log_lines& log) {
  auto config = config_of(node_a);
  config.log = log.sink();
  return start(config);
}

constexpr const char* left_behind
  = "error the node has stopped, but some of its actors have not: their actor "
    "system is left to them";

} // namespace

TEST_CASE("stop: processes that ignore exit messages are killed after a "
          "second, also if they hold each other") {
  log_lines log;
  auto a = start_logged(log);
  auto spawn_deaf = [&] {
    auto process = a->processes().spawn(
      [&](pid id) { return a->system().spawn(deaf, id); });
    return a->processes().find(*process);
  };
  {
    auto one = spawn_deaf();
    auto other = spawn_deaf();
    caf::anon_send(one, other);
    caf::anon_send(other, one);
  }
  stopwatch time;
  a->stop();
  CHECK_FALSE(time.within(seconds{1}));
  CHECK(time.within(seconds{5}));
  CHECK_LINES(log.take(), {});
}

TEST_CASE("stop: a process that does not return from a message is left behind, "
          "with a line in the log") {
  log_lines log;
  auto a = start_logged(log);
  // Outlives the node's actor system.
  static barrier gate;
  std::promise<void> running;
  REQUIRE(a->processes().spawn([&](pid id) {
    return a->system().spawn<caf::detached>(
      [&running](caf::event_based_actor*, pid) {
        running.set_value();
        gate.wait();
      },
      id);
  }));
  running.get_future().wait();
  stopwatch time;
  a->stop();
  CHECK(time.within(seconds{5}));
  CHECK_LINES(log.take(), {left_behind});
  gate.open();
}

TEST_CASE("stop: processes that keep all workers busy do not keep it, neither "
          "in a system of the node's own nor in one that shares its workers") {
  static barrier gate;
  auto occupy = [](node& x) {
    auto workers = std::max(std::thread::hardware_concurrency(), 4u);
    auto running = std::make_shared<std::vector<std::promise<void>>>(workers);
    for (auto& one : *running) {
      REQUIRE(x.processes().spawn([&](pid id) {
        return x.system().spawn(
          [running, &one](caf::event_based_actor*, pid) {
            one.set_value();
            gate.wait();
          },
          id);
      }));
      one.get_future().wait();
    }
  };
  auto a = start(config_of(node_a));
  occupy(*a);
  stopwatch time;
  a->stop();
  CHECK(time.within(seconds{5}));
  caf::actor_system_config options;
  configure(options);
  options.set("middleman.attach-utility-actors", true);
  caf::actor_system system{options};
  auto b = node::attach(system, config_of(node_b));
  REQUIRE(b);
  occupy(**b);
  time = stopwatch{};
  (*b)->stop();
  CHECK(time.within(seconds{5}));
  gate.open();
}

TEST_CASE("stop: an actor that is no process and that nobody ends is left "
          "behind, with a line in the log") {
  log_lines log;
  auto a = start_logged(log);
  auto stray = a->system().spawn(deaf, pid{});
  stopwatch time;
  a->stop();
  CHECK(time.within(seconds{5}));
  CHECK_LINES(log.take(), {left_behind});
  caf::anon_send_exit(stray, caf::exit_reason::kill);
}

TEST_CASE("stop: what an actor with a thread of its own leaves to its "
          "destructor is done when the node has stopped") {
  struct slow_end {
    std::atomic<bool>* done = nullptr;

    ~slow_end() {
      auto until = steady::now() + milliseconds{20};
      while (steady::now() < until)
        std::this_thread::yield();
      if (done != nullptr)
        *done = true;
    }
  };
  log_lines log;
  auto a = start_logged(log);
  std::atomic<bool> done{false};
  REQUIRE(a->processes().spawn([&](pid id) {
    return a->system().spawn<caf::detached>(
      [&done](caf::stateful_actor<slow_end>* self, pid) {
        self->state.done = &done;
        return caf::behavior{[](int) {}};
      },
      id);
  }));
  a->stop();
  CHECK(done);
  CHECK_LINES(log.take(), {});
}

TEST_CASE("stop: the thread that spawned an actor last leaves nothing behind") {
  log_lines log;
  auto a = start_logged(log);
  a->system().spawn([](caf::event_based_actor*, pid) {}, pid{});
  a->stop();
  CHECK_LINES(log.take(), {});
}

TEST_CASE("stop: neither does a thread that goes on") {
  log_lines log;
  auto a = start_logged(log);
  std::promise<void> asked;
  barrier gate;
  std::thread other{[&] {
    {
      caf::scoped_actor self{a->system()};
      self->request(a->control_plane(), caf::infinite, nodes_request{})
        .receive([](const node_list&) {}, [](const caf::error&) {});
    }
    asked.set_value();
    gate.wait();
  }};
  asked.get_future().wait();
  a->stop();
  CHECK_LINES(log.take(), {});
  gate.open();
  other.join();
}

TEST_CASE("stop: a resolver that does not return is waited for, but not for "
          "long") {
  auto names = std::make_shared<slow_resolver>();
  auto config = config_of(node_a);
  config.addresses = names;
  auto a = start(config);
  auto answer = std::async(std::launch::async, [front = a->front()]() mutable {
    return front.connect(node_b).code();
  });
  names->asked.get_future().wait();
  stopwatch time;
  a->stop();
  CHECK(time.within(seconds{5}));
  CHECK(answer.get() == errc::shutdown);
  names->gate.open();
}

TEST_CASE("stop: processes that end when they are told are not waited for") {
  auto a = start(config_of(node_a));
  for (int i = 0; i < 100; ++i)
    REQUIRE(a->processes().spawn([&](pid id) {
      return a->system().spawn(
        [](caf::event_based_actor* self, pid) {
          return caf::behavior{[self](int) { self->quit(); }};
        },
        id);
    }));
  stopwatch time;
  a->stop();
  CHECK(time.within(seconds{1}));
}
