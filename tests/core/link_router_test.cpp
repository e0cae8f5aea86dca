// Two kinds of links in one node: vigil's own sessions, and a kind that the
// test plays by hand. The control plane notices no difference.

#include "src/node/node_core.hpp"
#include "tests/core/test_network.hpp"

#include <algorithm>
#include <memory>
#include <set>

using namespace vigil;
using namespace vigil::test;

namespace {

/// Links that a test makes up: notes what is asked of it, and reports what it
/// is told to.
class other_links final : public link_layer {
public:
  /// The peers that it serves.
  std::set<node_name> peers;

  void happen(const control_event& what) {
    reports_.push_back(what);
  }

  lines take_log() {
    return std::exchange(log_, {});
  }

  bool serves(node_name peer) const override {
    return peers.count(peer) > 0;
  }

  bool has_link(node_name peer) const override {
    return linked_.count(peer) > 0;
  }

  void open_link(node_name peer, bool keep) override {
    log_.push_back("open " + brief(peer) + (keep ? " keep" : ""));
  }

  void close_link(node_name peer, const farewell& why) override {
    log_.push_back("close " + brief(peer) + " " + brief(why));
    if (has_link(peer))
      happen(event::link_down{peer, why.cause, {}, {}, {}});
    else
      happen(event::link_failed{peer, {why.failure, {}}});
  }

  void loss_done(node_name peer) override {
    linked_.erase(peer);
    log_.push_back("loss done " + brief(peer));
  }

  bool send(node_name peer, const control_message& message) override {
    log_.push_back("send " + brief(peer) + " " + brief(message));
    return has_link(peer);
  }

  void set_time(time_point) override {
    // nop
  }

  void take_reports(link_listener& listener) override {
    for (auto& x : std::exchange(reports_, {})) {
      if (auto up = std::get_if<event::link_up>(&x))
        linked_.insert(up->peer);
      if (auto message = std::get_if<event::received>(&x))
        listener.on_received(message->peer, message->message);
      else
        listener.on_link(x);
    }
  }

  bool flush(bool) override {
    return false;
  }

  std::optional<time_point> next_wake() const override {
    return wake;
  }

  void stop() override {
    log_.push_back("stop");
  }

  bool stopped() const override {
    return done;
  }

  std::optional<time_point> wake;
  bool done = true;

private:
  std::set<node_name> linked_;
  std::vector<control_event> reports_;
  lines log_;
};

/// Nodes a and b of vigil, and c, which only the other links of a reach.
struct two_kinds : two_nodes {
  two_kinds() {
    auto layer = std::make_unique<other_links>();
    other = layer.get();
    other->peers = {node_c};
    a.core.add(std::move(layer));
  }

  /// The other links of a report something.
  void report(const control_event& what) {
    other->happen(what);
    node_effects effects;
    a.core.begin(net.now());
    a.core.report(a.processes, effects);
    a.core.finish(effects);
    a.execute(effects);
    net.run();
  }

  other_links* other = nullptr;
};

/// What node c says about its process 1, or about those who watch it.
event::received from_c(const control_message& x) {
  return {node_c, x};
}

const event::link_up c_up{node_c, first_life};

const event::link_down c_down{node_c, down_cause::closed, {}, {}, {}};

} // namespace

TEST_CASE_FIXTURE(two_kinds,
                  "link router: a peer on each of two kinds of links "
                  "are told and heard alike") {
  net.monitor(a, a1, b1, 1);
  net.run();
  net.monitor(a, a1, proc(node_c, 1), 2);
  report(c_up);
  CHECK_LINES(a.take(), {"nodeup b 1", "nodeup c 1"});
  CHECK_LINES(other->take_log(), {"open c", "send c MONITOR_P a1 c1 r2"});
  // Ends on both sides, in both directions.
  report(from_c(monitor_p{proc(node_c, 1), a2, ref(7)}));
  net.step(b, event::monitor{b1, a2, ref(7)});
  net.run();
  CHECK(a.plane().num_inbound() == 2);
  net.exit(b, 1, atom("boom"));
  net.run();
  report(from_c(monitor_p_exit{proc(node_c, 1), a1, ref(2), atom("boom")}));
  CHECK_LINES(a.take(), {"down a1 r1 b1 boom", "down a1 r2 c1 boom"});
  net.exit(a, 2, atom("crash"));
  net.run();
  CHECK_LINES(other->take_log(), {"send c MONITOR_P_EXIT a2 c1 r7 crash"});
  CHECK(a.plane().empty());
}

TEST_CASE_FIXTURE(two_kinds, "link router: the loss of one kind ends the "
                             "monitors over it alone") {
  net.connect(a, b);
  report(c_up);
  net.monitor(a, a1, b1, 1);
  net.monitor(a, a1, proc(node_c, 1), 2);
  net.run();
  a.take();
  other->take_log();
  report(c_down);
  CHECK_LINES(a.take(), {"down a1 r2 c1 noconnection", "nodedown c closed"});
  CHECK_LINES(other->take_log(), {"loss done c"});
  CHECK(a.plane().num_outbound() == 1);
  net.disconnect_all();
  net.run();
  CHECK_LINES(a.take(), {"down a1 r1 b1 noconnection", "nodedown b closed"});
  CHECK(other->take_log().empty());
  CHECK(a.plane().empty());
}

TEST_CASE_FIXTURE(two_kinds, "link router: an attempt that fails is told whose "
                             "peer it was") {
  net.monitor(a, a1, proc(node_c, 1), 1);
  net.step(a, event::connect{node_d});
  report(event::link_failed{node_c, {errc::refused, {}}});
  net.run();
  CHECK_LINES(a.take(),
              {"down a1 r1 c1 noconnection", "connect_failed c refused",
               "connect_failed d refused"});
}

TEST_CASE_FIXTURE(two_kinds,
                  "link router: after an attempt has failed the peer "
                  "is nobody's") {
  net.add(config_of(node_c)).processes.spawn(1);
  net.monitor(a, a1, proc(node_c, 1), 1);
  report(event::link_failed{node_c, {errc::refused, {}}});
  a.take();
  other->take_log();
  // It can be reached otherwise now.
  other->peers.clear();
  net.monitor(a, a1, proc(node_c, 1), 2);
  net.run();
  CHECK_LINES(a.take(), {"nodeup c 1"});
  CHECK(other->take_log().empty());
}

TEST_CASE_FIXTURE(two_kinds, "link router: a node has one link, whatever its "
                             "kind: the second is closed unseen") {
  net.connect(a, b);
  // Somebody reaches a over the other links under the name of b.
  report(event::link_up{node_b, creation{9}});
  CHECK_LINES(other->take_log(),
              {"close b refused/already_connected", "loss done b"});
  CHECK(a.take().empty());
  report(event::received{node_b, monitor_p{b1, a1, ref(1)}});
  CHECK(a.plane().num_inbound() == 0);
  net.monitor(a, a1, b1, 1);
  net.run();
  CHECK(b.plane().num_inbound() == 1);
  // And the other way round.
  auto& c = net.add(config_of(node_c));
  report(c_up);
  CHECK_LINES(a.take(), {"nodeup c 1"});
  net.step(c, event::connect{node_a});
  net.run();
  CHECK_FALSE(c.sees(node_a));
  CHECK(a.take().empty());
  CHECK(a.sees(node_c));
  net.monitor(a, a1, proc(node_c, 1), 2);
  CHECK_LINES(other->take_log(), {"send c MONITOR_P a1 c1 r2"});
}

TEST_CASE_FIXTURE(two_kinds, "link router: a link of one kind ends the attempt "
                             "of another") {
  auto& c = net.add(config_of(node_c));
  c.processes.spawn(1);
  net.monitor(a, a1, proc(node_c, 1), 1);
  CHECK_LINES(other->take_log(), {"open c"});
  net.step(c, event::connect{node_a});
  net.run();
  CHECK_LINES(a.take(), {"nodeup c 1"});
  CHECK_LINES(other->take_log(),
              {"close c refused/already_connected", "loss done c"});
  CHECK(c.plane().num_inbound() == 1);
  net.disconnect_all();
  net.run();
  CHECK_LINES(a.take(), {"down a1 r1 c1 noconnection", "nodedown c closed"});
  // Now nobody has it: the next attempt is of the other kind again.
  net.monitor(a, a1, proc(node_c, 1), 2);
  CHECK_LINES(other->take_log(), {"open c"});
}

TEST_CASE_FIXTURE(two_kinds, "link router: the node wakes for either kind and "
                             "stops when both have") {
  CHECK_FALSE(a.core.next_wake());
  other->wake = net.now() + seconds{3};
  CHECK(a.core.next_wake() == other->wake);
  net.connect(a, b);
  CHECK(*a.core.next_wake() < *other->wake);
  other->wake.reset();
  other->done = false;
  net.step(a, event::stop{});
  net.run();
  CHECK_LINES(other->take_log(), {"stop"});
  CHECK_FALSE(a.stopped);
  other->done = true;
  report(c_down);
  CHECK(a.stopped);
}
