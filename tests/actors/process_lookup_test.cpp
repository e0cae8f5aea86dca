// Which process an actor is, while some are being spawned.

#include "actors/plane/process_lookup.hpp"
#include "tests/actors/control_plane_world.hpp"

#include <map>
#include <set>

using namespace vigil;
using namespace vigil::test;

namespace {

/// A lookup whose processes and spawns are what a test says.
struct lookup_world {
  caf::strong_actor_ptr actor() {
    return caf::actor_cast<caf::strong_actor_ptr>(
      actors.emplace_back(system.spawn<recorder>(notes)));
  }

  ~lookup_world() {
    for (const auto& x : actors)
      caf::anon_send_exit(x, caf::exit_reason::kill);
    coordinator.run();
  }

  /// Begins a spawn and returns its number.
  uint64_t spawn() {
    spawns.insert(++last);
    return last;
  }

  /// Ends it; `who` is a process then, if it is anybody.
  void done(uint64_t number, const caf::strong_actor_ptr& who = nullptr) {
    spawns.erase(number);
    if (who != nullptr)
      processes[who.get()] = proc(node_a, static_cast<uint32_t>(number));
    if (std::exchange(asked_for, false))
      lookup.retry();
  }

  void ask(const caf::strong_actor_ptr& who, const std::string& name) {
    lookup.find(who, [this, name](const result<pid>& x) {
      answers.push_back(name + ' '
                        + (x ? brief(*x) : std::string{to_string(x.code())}));
    });
  }

  lines take() {
    return std::exchange(answers, {});
  }

  testing_config config;
  caf::actor_system system{config};
  caf::scheduler::test_coordinator& coordinator
    = dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  std::shared_ptr<recorder::book> notes = std::make_shared<recorder::book>();
  std::vector<caf::actor> actors;
  std::map<const caf::actor_control_block*, pid> processes;
  std::set<uint64_t> spawns;
  uint64_t last = 0;
  bool asked_for = false;
  lines answers;
  process_lookup lookup{
    {[this](const caf::actor& x) -> std::optional<pid> {
       auto i = processes.find(caf::actor_cast<caf::actor_control_block*>(x));
       return i != processes.end() ? std::optional{i->second} : std::nullopt;
     },
     [this] { return last; },
     [this](uint64_t up_to, const std::function<void()>&) {
       if (spawns.empty() || *spawns.begin() > up_to)
         return false;
       asked_for = true;
       return true;
     }},
    [] {}};
};

} // namespace

TEST_CASE("process lookup: without a spawn under way everybody is answered at "
          "once") {
  lookup_world w;
  auto known = w.actor();
  w.done(w.spawn(), known);
  w.ask(known, "known");
  w.ask(w.actor(), "stranger");
  w.ask(nullptr, "nobody");
  CHECK_LINES(w.take(), {"known a1", "stranger noproc", "nobody noproc"});
}

TEST_CASE(
  "process lookup: who may be about to become a process waits for that, "
  "who is one does not") {
  lookup_world w;
  auto known = w.actor();
  w.done(w.spawn(), known);
  auto spawn = w.spawn();
  auto early = w.actor();
  w.ask(early, "early");
  w.ask(early, "again");
  w.ask(known, "known");
  CHECK(w.lookup.waits(early));
  CHECK_FALSE(w.lookup.waits(known));
  CHECK(w.lookup.known(known) == proc(node_a, 1));
  CHECK_LINES(w.take(), {"known a1"});
  w.done(spawn, early);
  CHECK_LINES(w.take(), {"early a2", "again a2"});
  CHECK_FALSE(w.lookup.waits(early));
}

TEST_CASE("process lookup: nobody waits for spawns that began later") {
  lookup_world w;
  auto first = w.spawn();
  w.ask(w.actor(), "stranger");
  auto second = w.spawn();
  CHECK(w.take().empty());
  w.done(first);
  CHECK_LINES(w.take(), {"stranger noproc"});
  w.done(second);
}

TEST_CASE("process lookup: at the end who waits is told so") {
  lookup_world w;
  auto spawn = w.spawn();
  w.ask(w.actor(), "one");
  w.lookup.refuse(errc::shutdown);
  CHECK_LINES(w.take(), {"one shutdown"});
  w.done(spawn);
  CHECK(w.take().empty());
}
