// An actor that hears of nodes: it subscribes to the control plane of its own,
// and learns which node is up, and of its end with the cause.

#include <vigil/actors.hpp>

#include <cstdio>
#include <cstdlib>
#include <future>
#include <string>

using namespace vigil;

namespace {

/// Prints each event; hands on the one that says that a node is down.
caf::behavior
watch(caf::event_based_actor* self, const control_plane_handle& plane,
      std::promise<void>* subscribed, std::promise<down_cause>* ended) {
  // Any actor of the node may subscribe; it need not be a process.
  self->request(plane, caf::infinite, subscribe_request{}).then([=](unit) {
    subscribed->set_value();
  });
  return {[=](const node_event& x) {
    std::printf("%s %s %s\n", x.up ? "nodeup" : "nodedown",
                to_string(x.peer).c_str(),
                x.up ? "" : std::string{to_string(x.cause)}.c_str());
    if (!x.up)
      ended->set_value(x.cause);
  }};
}

} // namespace

int main() {
  auto earth = node::start({"earth@localhost"_node}).value();
  auto mars = node::start({"mars@localhost"_node}).value();
  earth->addresses().add(mars->name(), {"127.0.0.1", mars->port()});
  if (!earth->front().connect(mars->name()))
    return EXIT_FAILURE;
  std::promise<void> subscribed;
  std::promise<down_cause> ended;
  earth->system().spawn(watch, earth->control_plane(), &subscribed, &ended);
  // By then it was told that mars is up.
  subscribed.get_future().get();
  mars->stop();
  return ended.get_future().get() == down_cause::shutdown ? EXIT_SUCCESS
                                                          : EXIT_FAILURE;
}
