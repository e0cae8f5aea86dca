// What meets a large deed half done, at every boundary between two of its
// slices: nothing ends twice, and nothing is left over.

#include "tests/core/control_plane_fixture.hpp"

#include <functional>
#include <map>

using namespace vigil;
using namespace vigil::test;

namespace {

constexpr uint64_t many = 9;

/// What has become of each monitor, by its number.
struct ends {
  std::map<uint64_t, int> told;
  std::map<uint64_t, int> exits_sent;
};

/// A control plane whose deeds take several slices. Process a1 holds monitors 1
/// to 9 at b and 11 to 19 at c, and has 21 to 29 on a2; b's processes have 31
/// to 39 on a1.
struct half_done : control_plane_fixture {
  half_done() : control_plane_fixture(small_slices()) {
    for (uint64_t i = 1; i <= many; ++i) {
      monitors.insert({i, b1});
      monitors.insert({10 + i, c1});
      monitors.insert({20 + i, a2});
    }
  }

  void arrive(const control_event& what) {
    driver.step(what, processes, [this](const auto& y) {
      one_by_one(y, [this](const auto& z) { this->note(z); });
    });
    for (const auto& y : carrier.take())
      if (auto sent = std::get_if<recording_transport::sent>(&y))
        if (auto exit = std::get_if<monitor_p_exit>(&sent->message))
          ++seen.exits_sent[number_of(exit->ref)];
  }

  void set_up(bool with_links) {
    if (with_links) {
      arrive(event::link_up{node_b, first_life});
      arrive(event::link_up{node_c, first_life});
      for (uint64_t i = 31; i <= 30 + many; ++i)
        arrive(event::received{node_b, monitor_p{b1, a1, ref(i)}});
    }
    for (const auto& [number, object] : monitors)
      arrive(event::monitor{a1, object, ref(number)});
  }

  void end(uint32_t number) {
    processes.end(number);
    arrive(event::process_exited{proc(node_a, number), atom("boom")});
  }

  void finish() {
    while (!x.settled())
      arrive(event::resume{});
  }

  /// Takes a monitor back, if nothing was told of it: the gate decides so.
  void take_back(uint64_t number) {
    if (seen.told[number] > 0)
      return;
    arrive(event::demonitor{a1, ref(number)});
    ++seen.told[number];
  }

  template <class Effect>
  void note(const Effect&) {
    // nop
  }

  void note(const down_notice& y) {
    ++seen.told[number_of(y.message.ref)];
  }

  void note(const effect::retire& y) {
    ++seen.told[number_of(y.ref)];
  }

  static uint64_t number_of(reference y) {
    return to_integer(y) - to_integer(ref(0));
  }

  std::map<uint64_t, pid> monitors;
  ends seen;
};

using action = std::function<void(half_done&)>;

struct named_action {
  const char* name;
  action what;
};

const named_action deeds[] = {
  {"the holder ends", [](auto& w) { w.end(1); }},
  {"the watched ends", [](auto& w) { w.end(2); }},
  {"link b is lost",
   [](auto& w) {
     w.arrive(event::link_down{node_b, down_cause::closed, {}, {}, {}});
   }},
  {"link b comes up",
   [](auto& w) {
     w.arrive(event::link_up{node_b, first_life});
   }},
  {"link b fails",
   [](auto& w) {
     w.arrive(event::link_failed{node_b, {errc::refused, {}}});
   }},
};

const named_action meetings[] = {
  {"demonitor of the first", [](auto& w) { w.take_back(1); }},
  {"demonitor of the last", [](auto& w) { w.take_back(many); }},
  {"demonitor at the own node", [](auto& w) { w.take_back(20 + many); }},
  {"the holder ends", [](auto& w) { w.end(1); }},
  {"the watched ends", [](auto& w) { w.end(2); }},
  {"an exit of b arrives",
   [](auto& w) {
     w.arrive(event::received{node_b, monitor_p_exit{w.b1, w.a1, ref(many),
                                                     atom("x")}});
   }},
  {"a demonitor of b arrives",
   [](auto& w) {
     w.arrive(event::received{node_b, demonitor_p{w.b1, w.a1, ref(39)}});
   }},
  {"link b is lost",
   [](auto& w) {
     w.arrive(event::link_down{node_b, down_cause::closed, {}, {}, {}});
   }},
  {"link c is lost",
   [](auto& w) {
     w.arrive(event::link_down{node_c, down_cause::closed, {}, {}, {}});
   }},
  {"a stop", [](auto& w) { w.arrive(event::stop{}); }},
};

/// Does a deed, and meets it after so many slices; returns whether it was still
/// going on.
bool meet(const named_action& deed, const named_action& meeting, size_t slices,
          half_done& w) {
  auto with_links = std::string{deed.name} != "link b comes up"
                    && std::string{deed.name} != "link b fails";
  w.set_up(with_links);
  deed.what(w);
  for (; slices > 0 && !w.x.settled(); --slices)
    w.arrive(event::resume{});
  auto half_done = !w.x.settled();
  meeting.what(w);
  w.finish();
  return half_done;
}

/// Ends all that is left, as the world does in the end.
void end_all(half_done& w) {
  for (auto peer : {node_b, node_c})
    if (w.x.is_up(peer))
      w.arrive(event::link_down{peer, down_cause::closed, {}, {}, {}});
    else
      w.arrive(event::link_failed{peer, {errc::refused, {}}});
  w.finish();
  w.end(1);
  w.end(2);
  w.finish();
}

} // namespace

TEST_CASE("half done: whatever meets a deed between two slices, every monitor "
          "ends once") {
  size_t met = 0;
  for (const auto& deed : deeds)
    for (const auto& meeting : meetings)
      for (size_t slices = 0;; ++slices) {
        CAPTURE(deed.name);
        CAPTURE(meeting.name);
        CAPTURE(slices);
        half_done w;
        if (!meet(deed, meeting, slices, w))
          break;
        ++met;
        auto stopped = std::string{meeting.name} == "a stop";
        if (!stopped)
          end_all(w);
        for (const auto& monitor : w.monitors) {
          CAPTURE(monitor.first);
          // A stop leaves those that nothing has ended to the end of the node.
          auto told = w.seen.told[monitor.first];
          CHECK((told == 1 || (stopped && told == 0)));
        }
        for (const auto& sent : w.seen.exits_sent) {
          CAPTURE(sent.first);
          CHECK(sent.second == 1);
        }
        if (!stopped)
          CHECK(w.x.empty());
      }
  // Each deed takes several slices.
  CHECK(met > 5 * 10 * 3);
}

TEST_CASE("half done: who watches a process that has ended is told before a "
          "stop is over, wherever it meets the end") {
  const named_action end{"the holder ends", [](auto& w) { w.end(1); }};
  const named_action stop{"a stop", [](auto& w) { w.arrive(event::stop{}); }};
  for (size_t slices = 0;; ++slices) {
    CAPTURE(slices);
    half_done w;
    if (!meet(end, stop, slices, w))
      break;
    CHECK(w.seen.exits_sent.size() == many);
  }
}
