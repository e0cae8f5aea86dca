// A toy runtime, of the shape that a runtime for a BEAM-like language has: its
// processes are plain structs, its scheduler threads are its own, and it embeds
// a node through `runtime` (what the node asks of it) and `runtime_front` (what
// it asks of the node). No actor in sight.
//
// A hundred clients on one node monitor a server on another; the server
// crashes; every client gets its DOWN and ends. The program counts.

#include <vigil/literals.hpp>
#include <vigil/node.hpp>
#include <vigil/process_table.hpp>
#include <vigil/runtime.hpp>

#include <array>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace vigil;

namespace {

/// A process: a mailbox, and nothing else that matters here.
struct process {
  std::mutex mutex;
  std::deque<down> mailbox;
};

/// The processes of one node and the threads that run them.
class toy_runtime final : public runtime {
public:
  toy_runtime() {
    for (auto& thread : threads_)
      thread = std::thread{[this] { run(); }};
  }

  ~toy_runtime() override {
    {
      std::lock_guard guard{mutex_};
      stopping_ = true;
    }
    work_.notify_all();
    for (auto& thread : threads_)
      thread.join();
  }

  result<pid> spawn(runtime_front& front,
                    const std::optional<process_name>& name) {
    auto id = front.new_pid();
    std::lock_guard guard{mutex_};
    auto why = processes_.add(id, std::make_shared<process>(), name);
    if (why != errc::none)
      return why;
    return id;
  }

  /// Ends a process: first invisible, then reported, exactly once.
  void exit(runtime_front& front, const pid& id, const exit_reason& reason) {
    {
      std::lock_guard guard{mutex_};
      if (!processes_.remove(id))
        return;
    }
    if (auto why = front.process_exited(id, reason); why != errc::none)
      std::fprintf(stderr, "%s\n", std::string{sentence(why)}.c_str());
  }

  /// Lets a scheduler thread run `f`.
  void schedule(std::function<void()> f) {
    {
      std::lock_guard guard{mutex_};
      run_queue_.push_back(std::move(f));
    }
    work_.notify_one();
  }

  void on_down(std::function<void(const pid&, const down&)> f) {
    handler_ = std::move(f);
  }

  // -- what the node asks, on the control plane's thread; the first two also on
  // -- the threads that monitor, which must not hold the mutex then
  // -------------

  bool alive(const pid& id) const noexcept override {
    std::lock_guard guard{mutex_};
    return processes_.contains(id);
  }

  std::optional<pid> whereis(const process_name& name) const noexcept override {
    std::lock_guard guard{mutex_};
    return processes_.whereis(name);
  }

  void deliver(const down_notice* first, size_t count) noexcept override {
    // Only hands over: the watchers run on the runtime's own threads.
    for (size_t i = 0; i < count; ++i) {
      auto watcher = find(first[i].watcher);
      if (watcher == nullptr)
        continue;
      {
        std::lock_guard guard{watcher->mutex};
        watcher->mailbox.push_back(first[i].message);
      }
      schedule([this, id = first[i].watcher] { receive(id); });
    }
  }

  void remove_down(const pid& id, reference ref) noexcept override {
    auto watcher = find(id);
    if (watcher == nullptr)
      return;
    std::lock_guard guard{watcher->mutex};
    auto& mailbox = watcher->mailbox;
    for (auto i = mailbox.begin(); i != mailbox.end(); ++i)
      if (i->ref == ref) {
        mailbox.erase(i);
        return;
      }
  }

private:
  std::shared_ptr<process> find(const pid& id) {
    std::lock_guard guard{mutex_};
    auto found = processes_.find(id);
    return found != nullptr ? *found : nullptr;
  }

  /// Runs one process until its mailbox is empty.
  void receive(const pid& id) {
    auto self = find(id);
    if (self == nullptr)
      return;
    for (;;) {
      std::unique_lock guard{self->mutex};
      if (self->mailbox.empty())
        return;
      auto message = std::move(self->mailbox.front());
      self->mailbox.pop_front();
      guard.unlock();
      handler_(id, message);
    }
  }

  /// A scheduler thread.
  void run() {
    std::unique_lock guard{mutex_};
    for (;;) {
      work_.wait(guard, [this] { return stopping_ || !run_queue_.empty(); });
      if (run_queue_.empty())
        return;
      auto f = std::move(run_queue_.front());
      run_queue_.pop_front();
      guard.unlock();
      f();
      guard.lock();
    }
  }

  mutable std::mutex mutex_;
  std::condition_variable work_;
  std::deque<std::function<void()>> run_queue_;
  process_table<std::shared_ptr<process>> processes_;
  std::function<void(const pid&, const down&)> handler_;
  bool stopping_ = false;
  std::array<std::thread, 2> threads_;
};

std::unique_ptr<node> start(node_name name, toy_runtime& runtime) {
  node_config config;
  config.name = name;
  config.runtime = &runtime;
  auto result = node::start(config);
  if (!result) {
    std::fprintf(stderr, "%s\n", to_string(result.failure()).c_str());
    std::exit(EXIT_FAILURE);
  }
  return std::move(*result);
}

} // namespace

int main() {
  constexpr size_t num_clients = 100;
  // Declared before the nodes: a runtime must outlive its node.
  toy_runtime servers;
  toy_runtime clients;
  auto backend = start("backend@localhost"_node, servers);
  auto frontend = start("frontend@localhost"_node, clients);
  frontend->addresses().add(backend->name(), {"127.0.0.1", backend->port()});
  auto backend_front = backend->front();
  auto frontend_front = frontend->front();

  auto database = "database"_process;
  auto server = *servers.spawn(backend_front, database);
  std::mutex mutex;
  std::condition_variable changed;
  size_t ended = 0;
  size_t supervised = 0;
  std::string reason;
  // A process that watches others of its own node.
  auto supervisor = *clients.spawn(frontend_front, std::nullopt);
  clients.on_down([&](const pid& self, const down& x) {
    if (self == supervisor) {
      std::lock_guard guard{mutex};
      // Each has ended after the call that monitors it: never noproc.
      if (x.reason == exit_reason::normal())
        ++supervised;
      changed.notify_one();
      return;
    }
    clients.exit(frontend_front, self, exit_reason::normal());
    std::lock_guard guard{mutex};
    ++ended;
    reason = to_string(x.reason);
    changed.notify_one();
  });

  // Each client monitors from whichever scheduler thread runs it.
  for (size_t i = 0; i < num_clients; ++i) {
    auto client = *clients.spawn(frontend_front, std::nullopt);
    clients.schedule([&, client] {
      if (!frontend_front.monitor(supervisor, client)
          || !frontend_front.monitor(client,
                                     named_target{database, backend->name()}))
        std::abort();
    });
  }
  while (backend_front.monitored_by(server)->watchers.size() < num_clients)
    std::this_thread::yield();
  std::printf("%zu clients monitor %s\n", num_clients,
              to_string(server).c_str());

  servers.exit(backend_front, server, exit_reason::binary("disk full"));
  std::unique_lock guard{mutex};
  changed.wait(guard, [&] {
    return ended == num_clients && supervised == num_clients;
  });
  std::printf("%zu clients got DOWN %s and ended\n", ended, reason.c_str());
  std::printf("their supervisor saw %zu of them end, normal\n", supervised);
  guard.unlock();
  // Stop the nodes before the runtimes go.
  frontend->stop();
  backend->stop();
  return reason == "\"disk full\"" ? EXIT_SUCCESS : EXIT_FAILURE;
}
