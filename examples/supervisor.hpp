#pragma once

// A supervisor on one node keeps a worker on another node alive: it monitors
// the worker by name, and whenever the worker ends for any other reason than
// `normal` it has a new one started and monitors that. Run in supervisor.cpp,
// tested in supervisor_test.cpp.

#include <vigil/exit_mapping.hpp>
#include <vigil/literals.hpp>
#include <vigil/monitor_set.hpp>
#include <vigil/node.hpp>
#include <vigil/process_registry.hpp>

#include <caf/all.hpp>

#include <cstdlib>
#include <functional>
#include <string>
#include <utility>

/// What the worker is called.
inline vigil::process_name worker_name() {
  using namespace vigil;
  return "worker"_process;
}

/// Works until it is told how that ended.
inline caf::behavior worker(caf::event_based_actor* self, vigil::pid) {
  return {
    [self](const std::string& fate) {
      self->quit(to_error(*vigil::exit_reason::atom(fate)));
    },
  };
}

/// Starts a worker on the node that does the work, unless there is one. In a
/// larger system this is a remote actor there, and the supervisor knows its
/// handle.
inline void start_worker(vigil::node& workshop) {
  auto started = workshop.processes().spawn(
    [&](vigil::pid id) { return workshop.system().spawn(worker, id); },
    worker_name());
  // After a cut the last one is still there.
  if (!started && started.code() != vigil::errc::name_taken)
    std::abort();
}

/// The supervisor: an actor that is a process, with the set of its monitors.
class supervisor final : public caf::event_based_actor {
public:
  /// Is told of each DOWN.
  using listener = std::function<void(const vigil::down&)>;

  supervisor(caf::actor_config& config, vigil::pid self,
             const vigil::runtime_front& front, vigil::node* workshop,
             listener heard)
    : event_based_actor(config),
      monitors_(front, self),
      workshop_(workshop),
      heard_(std::move(heard)) {
    // nop
  }

  caf::behavior make_behavior() override {
    start();
    return {
      [this](const vigil::down& x) {
        if (!monitors_.accept(x))
          return;
        heard_(x);
        if (x.reason != vigil::exit_reason::normal())
          start();
        else
          quit();
      },
    };
  }

private:
  void start() {
    start_worker(*workshop_);
    monitors_.monitor(vigil::named_target{worker_name(), workshop_->name()})
      .value();
  }

  vigil::monitor_set monitors_;
  vigil::node* workshop_;
  listener heard_;
};
