#include "tests/cluster/mutual_watch.hpp"

#include <doctest/doctest.h>

namespace vigil::test {

mutual_watch::mutual_watch(test_node& one, test_node& other)
  : first(one),
    second(other),
    here(first.ok("spawn")),
    there(second.ok("spawn")),
    outward(first.monitor(here, there)),
    backward(second.monitor(there, here)) {
  first.await_answer("monitored_by " + here, there);
  second.await_answer("monitored_by " + there, here);
}

node_client::clock::time_point mutual_watch::speak() {
  auto result = node_client::clock::now();
  first.ok("sync " + second.name());
  return result;
}

void mutual_watch::sees_loss(const std::string& cause) {
  first.sees_down(here, outward, there, "noconnection");
  second.sees_down(there, backward, here, "noconnection");
  first_down = first.sees_at(join({"nodedown", second.name(), cause}));
  second_down = second.sees_at(join({"nodedown", first.name(), cause}));
}

void mutual_watch::works() {
  auto db = second.ok("spawn");
  auto ref = first.monitor(here, db);
  second.await_answer("monitored_by " + db, here);
  second.exit(db, "true");
  first.sees_down(here, ref, db, "true");
}

void mutual_watch::finish() {
  for (auto* node : {&first, &second}) {
    CHECK(node->counter("outbound") == 0);
    CHECK(node->counter("inbound") == 0);
  }
  CHECK(first.quit().empty());
  CHECK(second.quit().empty());
}

} // namespace vigil::test
