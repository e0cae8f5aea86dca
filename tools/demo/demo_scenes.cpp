#include "tools/demo/demo_scenes.hpp"

#include <string>

namespace vigil {

namespace {

void overture(demo_stage& stage) {
  stage.begin("Four nodes start and connect");
  auto& nodes = stage.nodes();
  for (auto& node : nodes)
    stage.start(node);
  for (size_t i = 0; i < nodes.size(); ++i)
    for (size_t j = i + 1; j < nodes.size(); ++j)
      stage.connect(nodes[i], nodes[j]);
  stage.say(nodes[0],
            "each has a guard, a db, a web and a mail process, and is "
            "connected to the others");
}

/// Every guard watches one worker by pid and by name; `reason` is how it ends.
void a_worker_ends(demo_stage& stage, demo_node& where,
                   const std::string& worker, const std::string& reason) {
  for (auto& node : stage.nodes()) {
    stage.watch(node, where.pids[worker], reason);
    stage.watch(node, where.named(worker), reason);
  }
  stage.settle(where, worker, 2 * stage.nodes().size());
  stage.say(where, "all four guards watch " + worker
                     + ", by pid and by name: " + where.pids[worker]);
  stage.end(where, worker, reason);
  stage.await();
}

void a_node_dies(demo_stage& stage, demo_node& victim) {
  for (auto& node : stage.nodes()) {
    if (&node == &victim)
      continue;
    stage.watch(node, victim.pids["web"], "noconnection");
    stage.watch(node, victim.named("mail"), "noconnection");
    stage.expect_loss(node, victim, "closed");
  }
  stage.say(victim, "the other guards watch web by pid and mail by name");
  stage.kill(victim);
  stage.await();
}

void a_node_comes_back(demo_stage& stage, demo_node& reborn) {
  auto& nodes = stage.nodes();
  auto former = reborn.pids["web"];
  stage.start(reborn);
  for (auto& node : nodes)
    if (&node != &reborn)
      stage.connect(node, reborn);
  auto& alpha = nodes[0];
  stage.say(alpha, "guard watches the web of the former life: " + former);
  stage.watch(alpha, former, "noproc");
  stage.await();
  stage.watch(alpha, reborn.named("web"), "normal");
  stage.settle(reborn, "web", 1);
  stage.say(alpha, "guard watches the web of this life, by name");
  stage.end(reborn, "web", "normal");
  stage.await();
}

void demonitor_in_time(demo_stage& stage, demo_node& watcher,
                       demo_node& where) {
  auto ref = stage.watch(watcher, where.pids["mail"]);
  auto kept = stage.watch(watcher, where.pids["mail"], "normal");
  stage.say(watcher, "guard watches mail of " + where.alias + " twice: " + ref
                       + " and " + kept);
  stage.settle(where, "mail", 2);
  auto found = stage.unwatch(watcher, ref, "info");
  stage.check(found, "demonitor did not find the monitor");
  stage.say(watcher, "guard demonitors " + ref + ": it was live");
  stage.settle(where, "mail", 1);
  stage.end(where, "mail", "normal");
  stage.await();
}

void demonitor_too_late(demo_stage& stage, demo_node& watcher,
                        demo_node& where) {
  auto web = where.pids["web"];
  stage.mailbox(watcher);
  auto kept = stage.watch(watcher, web, "shutdown");
  auto flushed = stage.watch(watcher, where.named("web"), "shutdown");
  stage.say(watcher,
            "guard watches web of " + where.alias + " by pid and by name");
  stage.settle(where, "web", 2);
  stage.end(where, "web", "shutdown");
  stage.await();
  auto found = stage.unwatch(watcher, kept, "info");
  stage.check(!found, "demonitor found a monitor that had ended");
  stage.say(watcher, "guard demonitors " + kept + ": too late");
  found = stage.unwatch(watcher, flushed, "flush info");
  stage.check(!found, "demonitor found a monitor that had ended");
  stage.say(watcher, "guard demonitors " + flushed + " with flush: too late");
  auto rest = stage.mailbox(watcher);
  stage.check(rest == kept + '/' + web + "/shutdown",
              "flush did not remove just its DOWN: " + rest);
  stage.say(watcher, "and the mailbox holds the first DOWN only");
}

void nobody_there(demo_stage& stage, demo_node& watcher) {
  stage.say(watcher, "guard watches db of a node that does not exist");
  stage.watch(watcher, "{db,nowhere@127.0.0.1}", "noconnection");
  stage.await();
}

void a_node_leaves(demo_stage& stage, demo_node& leaver) {
  for (auto& node : stage.nodes()) {
    if (&node == &leaver)
      continue;
    stage.watch(node, leaver.pids["db"], "noconnection");
    stage.watch(node, leaver.named("web"), "noconnection");
    stage.expect_loss(node, leaver, "shutdown");
  }
  stage.say(leaver, "the other guards watch db by pid and web by name");
  stage.quit(leaver);
  stage.await();
}

} // namespace

void play(demo_stage& stage) {
  auto& [alpha, bravo, charlie, delta] = stage.nodes();
  overture(stage);
  stage.begin("A worker ends");
  a_worker_ends(stage, bravo, "db", "out_of_memory");
  stage.begin("A worker ends and says why");
  a_worker_ends(stage, charlie, "db", "\"disk full: /var/lib/db\"");
  stage.begin("A node is killed");
  a_node_dies(stage, charlie);
  stage.begin("It comes back under the same name");
  a_node_comes_back(stage, charlie);
  stage.begin("Demonitor, in time");
  demonitor_in_time(stage, delta, alpha);
  stage.begin("Demonitor, too late");
  demonitor_too_late(stage, delta, alpha);
  stage.begin("A node that does not exist");
  nobody_there(stage, bravo);
  stage.begin("A node shuts down in good order");
  a_node_leaves(stage, delta);
}

} // namespace vigil
