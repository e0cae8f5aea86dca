// A toy runtime (toy_runtime.hpp) with scheduler threads of its own.
//
// A hundred clients on one node monitor a server on another; the server
// crashes; every client gets its DOWN and ends. The program counts.

#include "toy_runtime.hpp"

#include <vigil/literals.hpp>
#include <vigil/node.hpp>

#include <array>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

using namespace vigil;

namespace {

/// The runtime of one node and the threads that run its processes.
class threaded_runtime final : public toy_runtime {
public:
  threaded_runtime() {
    for (auto& thread : threads_)
      thread = std::thread{[this] { run_until_stopped(); }};
  }

  ~threaded_runtime() override {
    stop();
    for (auto& thread : threads_)
      thread.join();
  }

private:
  std::array<std::thread, 2> threads_;
};

std::unique_ptr<node> start(node_name name, threaded_runtime& runtime) {
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
  threaded_runtime servers;
  threaded_runtime clients;
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
  auto supervisor = *clients.spawn(frontend_front);
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
    auto client = *clients.spawn(frontend_front);
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
