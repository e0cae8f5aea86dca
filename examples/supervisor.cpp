// The supervisor of supervisor.hpp at work: its worker fails twice and then
// finishes.

#include "supervisor.hpp"

#include <cstdio>
#include <cstdlib>
#include <future>
#include <memory>
#include <string>
#include <vector>

using namespace vigil;

namespace {

/// What the workers end with, one after the other.
const std::vector<std::string> fates{"badmatch", "timeout", "normal"};

std::unique_ptr<node> start_node(node_name name) {
  node_config config;
  config.name = name;
  auto result = node::start(config);
  if (!result) {
    std::fprintf(stderr, "%s\n", to_string(result.failure()).c_str());
    std::exit(EXIT_FAILURE);
  }
  return std::move(*result);
}

/// Returns the worker that has taken the place of `last`, once it is watched.
pid next_worker(node& workshop, const pid& last) {
  for (;;) {
    auto id = workshop.processes().whereis(worker_name());
    if (id && *id != last
        && !workshop.front().monitored_by(*id)->watchers.empty())
      return *id;
  }
}

} // namespace

int main() {
  auto office = start_node("office@localhost"_node);
  auto workshop = start_node("workshop@localhost"_node);
  office->addresses().add(workshop->name(), {"127.0.0.1", workshop->port()});

  std::promise<void> finished;
  size_t restarts = 0;
  auto boss = office->processes().spawn([&](pid id) {
    return office->system().spawn<supervisor>(
      id, office->front(), workshop.get(), [&](const down& x) {
        std::printf("DOWN %s %s\n", to_string(x.object).c_str(),
                    to_string(x.reason).c_str());
        if (x.reason != exit_reason::normal())
          ++restarts;
        else
          finished.set_value();
      });
  });
  if (!boss)
    return EXIT_FAILURE;
  pid id;
  for (const auto& fate : fates) {
    id = next_worker(*workshop, id);
    caf::anon_send(workshop->processes().find(id), fate);
  }
  finished.get_future().get();
  std::printf("restarted %zu times\n", restarts);
  return restarts == fates.size() - 1 ? EXIT_SUCCESS : EXIT_FAILURE;
}
