// Programs that end without having stopped their nodes. Named on the command
// line; each has to end by itself with status 0.

#include <vigil/literals.hpp>
#include <vigil/node.hpp>
#include <vigil/process_registry.hpp>

#include <caf/all.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <string>

using namespace vigil;

namespace {

std::unique_ptr<node> start(node_name name) {
  node_config config;
  config.name = name;
  auto result = node::start(config);
  if (!result) {
    std::fprintf(stderr, "%s\n", to_string(result.failure()).c_str());
    std::_Exit(EXIT_FAILURE);
  }
  return std::move(*result);
}

/// Two nodes as a program holds them that never gave a thought to its end, with
/// a monitor between them.
void hold_static_nodes() {
  static std::unique_ptr<node> here;
  static std::unique_ptr<node> there;
  here = start("here@localhost"_node);
  there = start("there@localhost"_node);
  here->addresses().add(there->name(), {"127.0.0.1", there->port()});
  auto spawn_idle = [](node& x) {
    return *x.processes().spawn([&](pid id) {
      return x.system().spawn(
        [](caf::event_based_actor* self, pid) {
          self->set_default_handler(caf::drop);
          return caf::behavior{[self](int) { self->quit(); }};
        },
        id);
    });
  };
  auto target = spawn_idle(*there);
  auto watcher = spawn_idle(*here);
  auto front = here->front();
  if (!front.connect(there->name()) || !front.monitor(watcher, target))
    std::_Exit(EXIT_FAILURE);
}

void exit_with_session() {
  hold_static_nodes();
  std::exit(EXIT_SUCCESS);
}

/// The thread that runs the static destructors is one of those that they end.
void exit_within_process() {
  static auto self = start("here@localhost"_node);
  auto process = self->processes().spawn([](pid id) {
    return self->system().spawn(
      [](caf::event_based_actor*, pid) {
        return caf::behavior{[](int) { std::exit(EXIT_SUCCESS); }};
      },
      id);
  });
  caf::anon_send(self->processes().find(*process), 1);
  std::promise<void>{}.get_future().wait();
}

/// No exit message reaches a thread that does not look for one.
void exit_beside_endless_process() {
  static auto self = start("here@localhost"_node);
  std::promise<void> running;
  static_cast<void>(self->processes().spawn([&](pid id) {
    return self->system().spawn<caf::detached>(
      [&running](caf::event_based_actor*, pid) {
        running.set_value();
        std::promise<void>{}.get_future().wait();
      },
      id);
  }));
  running.get_future().wait();
  std::exit(EXIT_SUCCESS);
}

const std::map<std::string, std::function<void()>>& cases() {
  static const std::map<std::string, std::function<void()>> result{
    {"static nodes with a session", exit_with_session},
    {"a static node whose process calls exit", exit_within_process},
    {"a static node with a process that never ends",
     exit_beside_endless_process},
  };
  return result;
}

} // namespace

int main(int argc, char** argv) {
  auto x = argc == 2 ? cases().find(argv[1]) : cases().end();
  if (x == cases().end()) {
    std::fputs("usage: vigil_exit_with_nodes CASE\n", stderr);
    return EXIT_FAILURE;
  }
  x->second();
  return EXIT_FAILURE;
}
