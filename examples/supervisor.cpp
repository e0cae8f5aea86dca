// A supervisor on one node keeps a worker on another node alive: it monitors
// the worker by name, and whenever the worker ends for any other reason than
// `normal` it has a new one started and monitors that. The worker fails twice
// and then finishes its work.

#include <vigil/exit_mapping.hpp>
#include <vigil/literals.hpp>
#include <vigil/monitor_set.hpp>
#include <vigil/node.hpp>
#include <vigil/process_registry.hpp>

#include <caf/all.hpp>

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

/// Works until it is told how that ended.
caf::behavior worker(caf::event_based_actor* self, pid) {
  return {
    [self](const std::string& fate) {
      self->quit(to_error(*exit_reason::atom(fate)));
    },
  };
}

/// Starts a worker under its name, on the node that does the work. In a larger
/// system this is a remote actor there, and the supervisor knows its handle.
bool start_worker(node& workshop, const process_name& name) {
  auto id = workshop.processes().spawn(
    [&](pid x) { return workshop.system().spawn(worker, x); }, name);
  return id.has_value();
}

/// The supervisor: an actor that is a process, with the set of its monitors.
class supervisor final : public caf::event_based_actor {
public:
  supervisor(caf::actor_config& config, pid self, const runtime_front& front,
             vigil::node* workshop, std::promise<size_t>* finished)
    : event_based_actor(config),
      monitors_(front, self),
      workshop_(workshop),
      finished_(finished) {
    // nop
  }

  caf::behavior make_behavior() override {
    start();
    return {
      [this](const down& x) {
        if (!monitors_.accept(x))
          return;
        std::printf("DOWN %s %s\n", to_string(x.object).c_str(),
                    to_string(x.reason).c_str());
        if (x.reason != exit_reason::normal()) {
          ++restarts_;
          return start();
        }
        finished_->set_value(restarts_);
        quit();
      },
    };
  }

private:
  void start() {
    const auto& name = "worker"_process;
    if (!start_worker(*workshop_, name))
      std::abort();
    auto ref = monitors_.monitor(named_target{name, workshop_->name()});
    std::printf("started %s@%s, watched by %s\n", name.str().c_str(),
                std::string{workshop_->name().alive()}.c_str(),
                to_string(*ref).c_str());
  }

  monitor_set monitors_;
  vigil::node* workshop_;
  std::promise<size_t>* finished_;
  size_t restarts_ = 0;
};

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
  const auto& name = "worker"_process;
  for (;;) {
    auto id = workshop.processes().whereis(name);
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

  std::promise<size_t> finished;
  auto boss = office->processes().spawn([&](pid id) {
    return office->system().spawn<supervisor>(id, office->front(),
                                              workshop.get(), &finished);
  });
  if (!boss)
    return EXIT_FAILURE;
  pid id;
  for (const auto& fate : fates) {
    id = next_worker(*workshop, id);
    caf::anon_send(workshop->processes().find(id), fate);
  }
  auto restarts = finished.get_future().get();
  std::printf("restarted %zu times\n", restarts);
  return restarts == fates.size() - 1 ? EXIT_SUCCESS : EXIT_FAILURE;
}
