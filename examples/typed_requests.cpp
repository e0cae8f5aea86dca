// An actor that speaks with the control plane of its node by typed messages: it
// monitors a process of another node by name, and is told when that ends.

#include <vigil/actors.hpp>

#include <cstdio>
#include <cstdlib>
#include <future>

using namespace vigil;

namespace {

/// Waits for its end.
caf::behavior idle(caf::event_based_actor*, pid) {
  return {[](int) {}};
}

/// Monitors the rover on mars, says so, and hands on the DOWN.
caf::behavior control(caf::event_based_actor* self,
                      const control_plane_handle& plane,
                      std::promise<void>* watched, std::promise<down>* ended) {
  monitor_request what{named_target{"rover"_process, "mars@localhost"_node}};
  self->request(plane, caf::infinite, what).then([=](reference) {
    // Once mars has answered this, the monitor has arrived there.
    self->request(plane, caf::infinite, sync_request{"mars@localhost"_node})
      .then([=](unit) { watched->set_value(); });
  });
  return {[=](const down& x) { ended->set_value(x); }};
}

} // namespace

int main() {
  auto earth = node::start({"earth@localhost"_node}).value();
  auto mars = node::start({"mars@localhost"_node}).value();
  earth->addresses().add(mars->name(), {"127.0.0.1", mars->port()});
  auto rover = mars->system().spawn(idle, pid{});
  std::promise<void> watched;
  std::promise<down> ended;
  // The sender of a request must be a process, or name one.
  if (!mars->processes().add(rover, "rover"_process)
      || !earth->processes().spawn([&](pid) {
           return earth->system().spawn(control, earth->control_plane(),
                                        &watched, &ended);
         }))
    return EXIT_FAILURE;
  watched.get_future().get();
  caf::anon_send_exit(rover, caf::exit_reason::kill);
  auto x = ended.get_future().get();
  std::printf("DOWN %s %s %s\n", to_string(x.ref).c_str(),
              to_string(x.object).c_str(), to_string(x.reason).c_str());
  return x.reason == exit_reason::killed() ? EXIT_SUCCESS : EXIT_FAILURE;
}
