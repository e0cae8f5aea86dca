// Two nodes in one program. A process on one monitors a process on the other,
// which ends; the DOWN carries the true reason.
//
// The processes are actors. The program prints each DOWN and ends with status 0
// if it was the expected one.

#include <vigil/exit_mapping.hpp>
#include <vigil/literals.hpp>
#include <vigil/node.hpp>
#include <vigil/process_registry.hpp>

#include <caf/all.hpp>

#include <cstdio>
#include <cstdlib>
#include <future>
#include <string>
#include <thread>

using namespace vigil;

namespace {

std::unique_ptr<node> start(node_name name) {
  node_config config;
  config.name = name;
  auto result = node::start(config);
  if (!result) {
    std::fprintf(stderr, "%s\n", to_string(result.failure()).c_str());
    std::exit(EXIT_FAILURE);
  }
  return std::move(*result);
}

/// Ends when it is told to, with the reason that it is told.
caf::behavior rover(caf::event_based_actor* self, pid) {
  return {
    [self](const std::string& reason) {
      self->quit(to_error(*exit_reason::atom(reason)));
    },
  };
}

/// Monitors the rover by name and hands on the DOWN, a typed message.
caf::behavior control(caf::event_based_actor* self, pid own_pid,
                      runtime_front front, named_target object,
                      std::promise<down>* received) {
  // An actor must not wait: `monitor` might, `try_monitor` never does.
  auto ref = front.try_monitor(own_pid, object);
  std::printf("MONITOR %s %s\n", to_string(*ref).c_str(),
              to_string(object).c_str());
  return {
    [=](const down& x) {
      received->set_value(x);
      self->quit();
    },
  };
}

} // namespace

int main() {
  auto earth = start("earth@localhost"_node);
  auto mars = start("mars@localhost"_node);
  // Nodes find each other through a table; a resolver of your own can take its
  // place.
  earth->addresses().add(mars->name(), {"127.0.0.1", mars->port()});

  auto name = "rover"_process;
  auto target_pid = mars->processes().spawn(
    [&](pid id) { return mars->system().spawn(rover, id); }, name);
  std::promise<down> received;
  auto watcher_pid = earth->processes().spawn([&](pid id) {
    return earth->system().spawn(control, id, earth->front(),
                                 named_target{name, mars->name()}, &received);
  });
  if (!target_pid || !watcher_pid)
    return EXIT_FAILURE;

  // The monitor is on its way. Once it has arrived, the rover ends; had it
  // ended before, the reason would be `noproc`.
  while (mars->front().monitored_by(*target_pid)->watchers.empty())
    std::this_thread::yield();
  caf::anon_send(mars->processes().find(*target_pid), std::string{"no_power"});

  auto message = received.get_future().get();
  std::printf("DOWN    %s %s %s\n", to_string(message.ref).c_str(),
              to_string(message.object).c_str(),
              to_string(message.reason).c_str());
  return to_string(message.reason) == "no_power" ? EXIT_SUCCESS : EXIT_FAILURE;
}
