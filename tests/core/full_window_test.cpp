// Contract 23: a peer that does not keep up slows nobody but its own watchers,
// and two nodes that are both full cannot wait for each other.

#include "tests/core/test_network.hpp"

using namespace vigil;
using namespace vigil::test;

namespace {

/// More than the window lets out at once, a message a frame.
constexpr uint64_t many = 10 * frame_window;

} // namespace

TEST_CASE_FIXTURE(two_nodes, "contract 23: two nodes whose windows are both "
                             "full empty them") {
  net.connect(a, b);
  for (uint64_t number = 1; number <= many; ++number) {
    net.monitor(a, a1, b1, number);
    net.monitor(b, b1, a1, number);
  }
  CHECK(a.core.sessions().backlog(node_b) > 0);
  CHECK(b.core.sessions().backlog(node_a) > 0);
  // The last frames are acknowledged by the next tick.
  net.pass(seconds{2});
  CHECK(a.core.sessions().backlog(node_b) == 0);
  CHECK(b.core.sessions().backlog(node_a) == 0);
  CHECK(a.plane().num_inbound() == many);
  CHECK(b.plane().num_inbound() == many);
  check_agreement();
}

TEST_CASE_FIXTURE(two_nodes, "contract 23: a node that cannot write goes on "
                             "reading, and says how far it has come") {
  net.connect(a, b);
  net.mute(true);
  for (uint64_t number = 1; number <= many; ++number)
    net.monitor(a, a1, b1, number);
  net.mute(false);
  // Nothing of a has arrived, its window is closed; b's frames come all the
  // same, and are acknowledged without a frame of a.
  auto before = a.core.sessions().counters().frames_sent;
  for (uint64_t number = 1; number <= frame_window; ++number)
    net.monitor(b, b1, a1, number);
  while (net.deliver_one() && a.plane().num_inbound() < frame_window)
    continue;
  CHECK(a.plane().num_inbound() == frame_window);
  CHECK(a.core.sessions().counters().frames_sent == before);
  CHECK(a.core.sessions().counters().ticks_sent > 0);
}

TEST_CASE_FIXTURE(two_nodes, "contract 23: exits and demonitors are accepted "
                             "whatever waits already, and end when the session "
                             "does") {
  net.connect(a, b);
  for (uint64_t number = 1; number <= many; ++number)
    net.monitor(b, b1, a1, number);
  net.run();
  net.mute(true);
  for (uint64_t number = 1; number <= many; ++number)
    net.monitor(a, a2, b1, number);
  net.exit(a, 1, atom("boom"));
  for (uint64_t number = 1; number <= many; ++number)
    net.step(a, event::demonitor{a2, ref(number)});
  CHECK(a.plane().empty());
  net.pass(seconds{9});
  CHECK(a.core.sessions().backlog(node_b) == 0);
  CHECK(b.plane().empty());
  CHECK(b.core.plane().counters().downs_noconnection == many);
}
