// Clusters of actors in bad weather, and the same seed twice.

#include "tests/testkit/actors/watching_actor.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace vigil;
using namespace vigil::test;

namespace {

/// Tells another actor numbers, one after the other, until it is told whom to
/// tell instead; notes those that it is told.
caf::behavior chatting(caf::event_based_actor* self, notes* out) {
  auto other = std::make_shared<caf::actor>();
  return {
    [=](const caf::actor& x) {
      *other = x;
      self->send(self, 0);
    },
    [=](int count) {
      if (count == 20 || *other == nullptr)
        return;
      self->send(*other, std::to_string(count));
      self->delayed_send(self, 1ms, count + 1);
    },
    [=](const std::string& x) { out->push_back(x); },
    [](const down&) {},
  };
}

} // namespace

TEST_CASE(
  "in bad weather actors see one end of each other, and no message twice") {
  testkit::run_options options{1, 50};
  options.faults = {100, 5, 50};
  testkit::run(
    [](testkit::cluster& c) {
      notes heard;
      notes seen;
      auto& a = c.start_actors(node_a);
      auto& b = c.start_actors(node_b);
      auto talker = a.node().system().spawn(chatting, &heard);
      for (auto i = 0; i < 5; ++i) {
        auto object = add_worker(b.node());
        add_watcher(a.node(), object, seen);
        auto listener = b.node().system().spawn(chatting, &heard);
        // A dial may be refused.
        if (c.run_until(
              [&] { return a.node().front().connect(node_b).has_value(); }))
          caf::anon_send(talker, a.remote(listener));
        c.run_for(timespan{static_cast<int64_t>(c.random(10'000'000))});
        caf::anon_send(b.node().processes().find(object), std::string{"boom"});
      }
      c.run_for(1min);
      CHECK(seen.size() == 5);
      CHECK(heard.size() <= 100);
    },
    options);
}

TEST_CASE("a seed is the same run each time") {
  auto run_once = [] {
    std::vector<std::string> lines;
    testkit::run(
      [&](testkit::cluster& c) {
        node_config config;
        config.log = [&](const log_record& x) {
          auto us = x.time.time_since_epoch() / 1us;
          lines.push_back(std::to_string(us) + ' ' + x.text);
        };
        notes seen;
        std::vector<testkit::actor_node*> nodes;
        for (auto name : {node_a, node_b, node_c})
          nodes.push_back(&c.start_actors(name, config));
        for (auto x : nodes)
          for (auto y : nodes)
            add_watcher(x->node(), add_worker(y->node()), seen);
        c.run_for(1s);
        c.cut(node_a, node_b);
        c.kill(node_c);
        c.run_for(30s);
        c.restart(node_c);
        c.heal_all();
        c.run_for(30s);
        lines.insert(lines.end(), seen.begin(), seen.end());
        lines.push_back(to_string(nodes[2]->node().system().node()));
      },
      {7, 5});
    return lines;
  };
  auto first = run_once();
  CHECK(first.size() > 20);
  CHECK(first == run_once());
}
