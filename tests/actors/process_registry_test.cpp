// Actors as processes: pids, names, and ends with their reasons.

#include <vigil/exit_mapping.hpp>
#include "tests/actors/registry_world.hpp"

using namespace vigil;
using namespace vigil::test;

namespace {

process_name name_of(std::string_view text) {
  return *process_name::parse(text);
}

/// Quits with an error that is not a message of CAF's own.
class quitter : public caf::event_based_actor {
public:
  quitter(caf::actor_config& config, caf::error why)
    : event_based_actor(config),
      why_(std::move(why)) {
    // nop
  }

protected:
  caf::behavior make_behavior() override {
    quit(why_);
    return {};
  }

private:
  caf::error why_;
};

} // namespace

TEST_CASE("a registry without a node takes no processes") {
  registry_world w{false};
  auto x = w.idle();
  auto outcome = w.registry.add(x);
  REQUIRE_FALSE(outcome);
  CHECK(outcome.failure().code == errc::shutdown);
  bool called = false;
  auto spawned = w.registry.spawn([&](pid) {
    called = true;
    return x;
  });
  CHECK_FALSE(spawned);
  CHECK_FALSE(called);
  caf::anon_send_exit(x, caf::exit_reason::kill);
  w.coordinator.run();
}

TEST_CASE("a name is given once, to one process, and taken away") {
  registry_world w;
  auto first = w.add(name_of("db"));
  auto second = w.add();
  CHECK(w.registry.whereis(name_of("db")) == first);
  auto outcome = w.registry.add(w.idle(), name_of("db"));
  REQUIRE_FALSE(outcome);
  CHECK(to_string(outcome.failure())
        == "name_taken the name is already given to a process: db");
  CHECK(w.registry.register_name(name_of("db"), second) == errc::name_taken);
  CHECK(w.registry.register_name(name_of("other"), first) == errc::name_taken);
  CHECK(w.registry.register_name(name_of("x"), proc(node_a, 1))
        == errc::noproc);
  CHECK(w.registry.unregister_name(name_of("x")) == errc::not_registered);
  CHECK(w.registry.unregister_name(name_of("db")) == errc::none);
  CHECK_FALSE(w.registry.whereis(name_of("db")));
  CHECK(w.registry.register_name(name_of("db"), second) == errc::none);
  CHECK(w.registry.whereis(name_of("db")) == second);
}

TEST_CASE("a process is found by its pid and its actor") {
  registry_world w;
  auto x = w.idle();
  auto id = *w.registry.add(x);
  CHECK(w.registry.alive(id));
  CHECK(w.registry.find(id) == x);
  CHECK(w.registry.pid_of(x) == id);
  auto stranger = w.idle();
  CHECK_FALSE(w.registry.pid_of(stranger));
  CHECK_FALSE(w.registry.alive(proc(node_a, 1)));
  CHECK(w.registry.find(proc(node_a, 1)) == nullptr);
  caf::anon_send_exit(stranger, caf::exit_reason::kill);
}

TEST_CASE("an actor that has ended already is reported at once") {
  registry_world w;
  auto x = w.idle();
  caf::anon_send_exit(x, caf::exit_reason::kill);
  w.coordinator.run();
  auto id = w.registry.add(x, name_of("db"));
  REQUIRE(id);
  CHECK_FALSE(w.registry.alive(*id));
  CHECK_FALSE(w.registry.whereis(name_of("db")));
  CHECK(w.reports().size() == 1);
}

TEST_CASE("a process knows its pid before it runs") {
  registry_world w;
  std::optional<pid> seen;
  auto id = w.registry.spawn([&](pid own) {
    seen = own;
    CHECK(w.registry.alive(own));
    return w.idle();
  });
  REQUIRE(id);
  CHECK(seen == *id);
}

TEST_CASE("a DOWN that comes while its watcher is being spawned is kept") {
  registry_world w;
  auto id = w.registry.spawn([&](pid own) {
    // The actor may run, monitor and be answered before this returns.
    auto x = w.idle();
    w.deliver(own, 1);
    w.deliver(own, 2);
    return x;
  });
  REQUIRE(id);
  w.deliver(*id, 3);
  CHECK_LINES(w.mailbox,
              {"down r1 b1 boom", "down r2 b1 boom", "down r3 b1 boom"});
}

TEST_CASE("a spawn that throws leaves no process and no name") {
  registry_world w;
  CHECK_THROWS_AS(static_cast<void>(w.registry.spawn(
                    [](pid) -> caf::actor { throw std::runtime_error{"no"}; },
                    name_of("db"))),
                  std::runtime_error);
  CHECK_FALSE(w.registry.whereis(name_of("db")));
  // It may have been monitored meanwhile, so its end is reported.
  CHECK_LINES(w.reports(), {"p1 normal"});
}

TEST_CASE("a handle to no actor becomes no process, and takes no name") {
  registry_world w;
  const error none{errc::bad_argument,
                   "a process is an actor, and this is none"};
  CHECK(w.registry.add(caf::actor{}, name_of("db")).failure() == none);
  CHECK(
    w.registry.spawn([](pid) { return caf::actor{}; }, name_of("db")).failure()
    == none);
  CHECK_FALSE(w.registry.whereis(name_of("db")));
}

TEST_CASE("each way to end has its reason") {
  registry_world w;
  auto normal = w.add();
  w.tell(normal, 0);
  CHECK_LINES(w.reports(), {"p1 normal"});
  auto killed = w.add();
  caf::anon_send_exit(w.registry.find(killed), caf::exit_reason::kill);
  CHECK_LINES(w.reports(), {"p2 killed"});
  auto shut_down = w.add();
  caf::anon_send_exit(w.registry.find(shut_down),
                      caf::exit_reason::user_shutdown);
  CHECK_LINES(w.reports(), {"p3 shutdown"});
  auto thrower = w.add();
  w.tell(thrower, std::string{"an exception"});
  CHECK_LINES(w.reports(), {"p4 runtime_error"});
  auto ends_with = [&](const caf::error& why) {
    CHECK(w.registry.spawn([&](pid) { return w.system.spawn<quitter>(why); }));
    return w.reports().at(0);
  };
  CHECK(ends_with(caf::make_error(caf::sec::request_timeout))
        == "p5 request_timeout");
  CHECK(ends_with(caf::error{9, caf::atom("database")}) == "p6 database");
  CHECK(ends_with(to_error(*exit_reason::atom("no power"))) == "p7 no power");
  CHECK(ends_with(to_error(exit_reason::binary("bytes"))) == "p8 \"bytes\"");
  CHECK(ends_with(to_error(exit_reason::normal())) == "p9 normal");
}

TEST_CASE("a process is invisible and its name is free before its end is "
          "reported") {
  registry_world w;
  auto id = w.add(name_of("db"));
  bool visible = true;
  bool named = true;
  w.front->queue.on_waiting([&] {
    visible = w.registry.alive(id) || w.registry.find(id) != nullptr;
    named = w.registry.whereis(name_of("db")).has_value();
  });
  w.tell(id, 0);
  CHECK_LINES(w.reports(), {"p1 normal"});
  CHECK_FALSE(visible);
  CHECK_FALSE(named);
  w.front->queue.on_waiting(nullptr);
}

TEST_CASE("an end is reported once, also if the actor is two processes") {
  registry_world w;
  auto x = w.idle();
  auto first = *w.registry.add(x);
  auto second = *w.registry.add(x);
  CHECK(first != second);
  caf::anon_send_exit(x, caf::exit_reason::kill);
  auto reports = w.reports();
  std::sort(reports.begin(), reports.end());
  CHECK_LINES(reports, {"p1 killed", "p2 killed"});
  CHECK_FALSE(w.registry.alive(first));
  CHECK_FALSE(w.registry.alive(second));
}

TEST_CASE("a watcher receives its DOWNs as messages and a dead one nothing") {
  registry_world w;
  auto id = w.add();
  w.deliver(id, 1);
  w.deliver(proc(node_a, 1), 2);
  CHECK_LINES(w.mailbox, {"down r1 b1 boom"});
  w.tell(id, 0);
  w.reports();
  w.deliver(id, 3);
  CHECK_LINES(w.mailbox, {"down r1 b1 boom"});
}

TEST_CASE("the registry alone keeps a process alive") {
  registry_world w;
  auto id = w.add();
  w.coordinator.run();
  w.deliver(id, 1);
  CHECK_LINES(w.mailbox, {"down r1 b1 boom"});
}

TEST_CASE("a closed registry reports nothing and takes nobody") {
  registry_world w;
  auto id = w.add(name_of("db"));
  auto actors = w.registry.close({errc::shutdown, {}});
  REQUIRE(actors.size() == 1);
  CHECK_FALSE(w.registry.alive(id));
  CHECK_FALSE(w.registry.whereis(name_of("db")));
  caf::anon_send_exit(actors[0], caf::exit_reason::kill);
  CHECK(w.reports().empty());
  CHECK_FALSE(w.registry.add(actors[0]));
}

TEST_CASE("an actor that is spawned while the registry closes is told to end") {
  registry_world w;
  caf::actor x;
  auto outcome = w.registry.spawn([&](pid) {
    x = w.idle();
    CHECK(w.registry.close({errc::shutdown, {}}).empty());
    return x;
  });
  REQUIRE_FALSE(outcome);
  CHECK(outcome.failure().code == errc::shutdown);
  w.coordinator.run();
  CHECK(w.system.registry().running() == 0);
  CHECK(w.reports().empty());
}

// -- monitor_set --------------------------------------------------------------

TEST_CASE("the batch of a process that is being spawned waits for it, a DOWN "
          "each") {
  registry_world w;
  auto id = w.registry.spawn([&](const pid& self) {
    CHECK(w.registry.batch_losses(self) == errc::none);
    auto x = w.lost(self, 1);
    w.registry.deliver(&x, 1);
    return w.idle();
  });
  REQUIRE(id);
  w.coordinator.run();
  CHECK_LINES(w.mailbox, {"down r1 b1 noconnection"});
}

TEST_CASE("the batches of a loss go out in the order of their first DOWNs") {
  registry_world w;
  std::vector<down_notice> notices;
  lines expected;
  for (uint64_t i = 1; i <= 64; ++i) {
    auto watcher = w.add();
    REQUIRE(w.registry.batch_losses(watcher) == errc::none);
    // Neither as the watchers came nor against it.
    auto place
      = notices.begin()
        + static_cast<std::ptrdiff_t>(i * i / 3 % (notices.size() + 1));
    notices.insert(place, w.lost(watcher, i));
  }
  // Each runs for the first time, so that the order of runs is that of
  // messages.
  w.coordinator.run();
  for (const auto& x : notices)
    expected.push_back("batch b " + brief(x.message.ref) + " link_lost 1");
  w.deliver(notices);
  CHECK(joined(w.mailbox) == joined(expected));
}

TEST_CASE("who is left when a registry closes comes in the order of pids") {
  registry_world w;
  std::vector<caf::actor> expected;
  expected.reserve(64);
  for (auto i = 0; i < 64; ++i)
    expected.push_back(w.registry.find(w.add()));
  auto left = w.registry.close({errc::shutdown, {}});
  CHECK(left == expected);
  for (const auto& x : left)
    caf::anon_send_exit(x, caf::exit_reason::kill);
}
