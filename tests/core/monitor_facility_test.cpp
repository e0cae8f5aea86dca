// What a runtime's built-in functions are written against, with and without a
// node.

#include <vigil/monitor_facility.hpp>
#include "tests/core/executor_fixture.hpp"

using namespace vigil;
using namespace vigil::test;

namespace {

/// A built-in function of some runtime: monitors, and says what came of it.
std::string call_monitor(monitor_facility& node, const pid& self,
                         const target& object) {
  auto ref = node.monitor(self, object);
  return ref ? brief(*ref) : std::string{to_string(ref.code())};
}

std::string call_demonitor(monitor_facility& node, const pid& self,
                           reference ref, demonitor_options options = {}) {
  auto found = node.demonitor(self, ref, options);
  return found ? (*found ? "true" : "false")
               : std::string{to_string(found.code())};
}

/// Grants one monitor, and knows of no node.
class fake_facility final : public monitor_facility {
public:
  result<reference> monitor(const pid&, const target&) override {
    if (granted_)
      return errc::no_connection;
    granted_ = true;
    return first_reference;
  }

  result<bool> demonitor(const pid&, reference x,
                         demonitor_options options) override {
    return x == first_reference && !options.flush;
  }

  using monitor_facility::demonitor;

private:
  bool granted_ = false;
};

} // namespace

TEST_CASE("monitor facility: a fake stands in for a node") {
  fake_facility fake;
  auto self = proc(node_a, 1);
  CHECK(call_monitor(fake, self, proc(node_b, 1)) == "r0");
  CHECK(call_monitor(fake, self, proc(node_b, 1)) == "no_connection");
  CHECK(call_demonitor(fake, self, first_reference) == "true");
  CHECK(call_demonitor(fake, self, first_reference, {true}) == "false");
  CHECK(fake.demonitor(self, last_reference).value() == false);
}

TEST_CASE("monitor facility: a runtime's front is one") {
  executor_fixture f;
  monitor_facility& node = f.threads;
  CHECK(call_monitor(node, f.a1, f.a2) == "r0");
  f.go_on();
  CHECK(call_demonitor(node, f.a2, ref(0)) == "false");
  CHECK(call_demonitor(node, f.a1, ref(0)) == "true");
  CHECK(call_demonitor(node, f.a1, ref(0)) == "false");
  CHECK(call_monitor(node, f.a1, f.a2) == "r1");
  f.go_on();
  f.exit(2, "boom");
  CHECK_LINES(f.take(), {"down a1 r1 a2 boom"});
  CHECK(call_monitor(node, f.b1, f.a2) == "noproc");
}

TEST_CASE("monitor facility: a process of another node or life with the number "
          "of the watcher takes nothing from it") {
  executor_fixture f;
  CHECK(f.monitor(f.a1, f.a2) == "r0");
  for (const auto& other : {f.b1, proc(node_a, 1, creation{99}), pid{}}) {
    CHECK(call_demonitor(f.threads, other, ref(0), {true}) == "false");
    CHECK_FALSE(f.demonitor(other, ref(0)));
  }
  f.exit(2, "boom");
  CHECK_LINES(f.take(), {"down a1 r0 a2 boom"});
}
