// How DOWNs reach actors: one by one, in batches, and sifted by a monitor_set.

#include <vigil/monitor_set.hpp>
#include "tests/actors/registry_world.hpp"

#include <algorithm>

using namespace vigil;
using namespace vigil::test;

TEST_CASE(
  "a process that asks for it has the DOWNs of a lost session that come "
  "at once in one batch, others have one each") {
  registry_world w;
  auto batching = w.add();
  auto other = w.add();
  CHECK(w.registry.batch_losses(batching) == errc::none);
  w.deliver({w.lost(batching, 1), w.lost(other, 2), w.lost(batching, 3)});
  CHECK_LINES(w.take_mail(), {"batch b r1 link_lost 1 r3 link_lost 1",
                              "down r2 b1 noconnection"});
  w.deliver({w.lost(batching, 4)});
  CHECK_LINES(w.take_mail(), {"batch b r4 link_lost 1"});
}

TEST_CASE("a batch holds the DOWNs of one loss") {
  registry_world w;
  auto batching = w.add();
  CHECK(w.registry.batch_losses(batching) == errc::none);
  w.deliver({w.lost(batching, 1), w.lost(batching, 2, node_c, 2),
             w.lost(batching, 3), w.lost(batching, 4, node_b, 3)});
  auto mail = w.take_mail();
  // Which comes first is not promised.
  std::sort(mail.begin(), mail.end());
  CHECK_LINES(mail, {"batch b r1 link_lost 1 r3 link_lost 1",
                     "batch b r4 link_lost 3", "batch c r2 link_lost 2"});
}

TEST_CASE("a batch holds the DOWNs of losses only") {
  registry_world w;
  auto batching = w.add();
  CHECK(w.registry.batch_losses(batching) == errc::none);
  w.deliver(batching, 1);
  CHECK_LINES(w.take_mail(), {"down r1 b1 boom"});
  // Nothing was lost that never was.
  auto failed = w.lost(batching, 2);
  failed.message.origin = down_origin::setup_failed;
  failed.message.loss = 0;
  w.deliver({failed});
  CHECK_LINES(w.take_mail(), {"down r2 b1 noconnection"});
}

TEST_CASE("a batch for a process that has ended goes nowhere") {
  registry_world w;
  auto batching = w.add();
  CHECK(w.registry.batch_losses(batching) == errc::none);
  w.tell(batching, 1);
  w.coordinator.run();
  w.deliver({w.lost(batching, 1)});
  CHECK_LINES(w.take_mail(), {});
  CHECK(w.registry.batch_losses(batching) == errc::noproc);
}

TEST_CASE("a monitor_set accepts each DOWN once, and none that was flushed") {
  registry_world w;
  auto self = w.add();
  monitor_set set{runtime_front{w.front}, self};
  reference kept{};
  reference flushed{};
  reference ended{};
  kept = set.monitor(proc(node_b, 1)).value();
  flushed = set.monitor(proc(node_b, 1)).value();
  ended = set.monitor(proc(node_b, 1)).value();
  CHECK(set.monitor(pid{}).code() == errc::bad_argument);
  CHECK(set.size() == 3);
  // All three DOWNs are in the mailbox.
  for (auto x : {kept, flushed, ended}) {
    CHECK(w.front->gate.claim(x));
    w.front->gate.delivered(x);
  }
  w.front->open = true;
  w.front->runtime = &w.registry;
  auto down_of = [](reference x) {
    return down{x, proc(node_b, 1), atom("boom")};
  };
  CHECK(set.accept(down_of(kept)));
  CHECK_FALSE(set.accept(down_of(kept)));
  CHECK_FALSE(set.demonitor(flushed));
  CHECK_FALSE(set.accept(down_of(flushed)));
  CHECK_FALSE(set.demonitor(ended, false));
  CHECK(set.accept(down_of(ended)));
  CHECK(set.size() == 0);
}

TEST_CASE("a monitor_set takes a live monitor back") {
  registry_world w;
  auto self = w.add();
  monitor_set set{runtime_front{w.front}, self};
  auto ref = set.monitor(proc(node_b, 1)).value();
  CHECK(set.demonitor(ref));
  CHECK(set.size() == 0);
  CHECK_FALSE(w.front->gate.claim(ref));
}
