#include "tests/testkit/plain_runtime.hpp"

#include <doctest/doctest.h>

using namespace vigil;
using namespace vigil::test;

namespace {

/// A process of a monitors one of b.
struct pair_of_nodes {
  explicit pair_of_nodes(testkit::cluster& c)
    : a(c.start<plain_runtime>(node_a)),
      b(c.start<plain_runtime>(node_b)),
      watcher(a.runtime<plain_runtime>().spawn()),
      object(b.runtime<plain_runtime>().spawn()),
      ref(a.front().monitor(watcher, object).value()) {
    c.expect(a.front().sync(node_b, 1s) == errc::none, "b has the monitor");
  }

  testkit::runtime_node& a;
  testkit::runtime_node& b;
  pid watcher;
  pid object;
  reference ref;
};

} // namespace

TEST_CASE("an end is told with its reason") {
  testkit::run(
    [](testkit::cluster& c) {
      pair_of_nodes x{c};
      x.b.runtime<plain_runtime>().exit(x.object, boom());
      c.expect_down(x.watcher, x.ref, boom());
    },
    {1, 100});
}

TEST_CASE("a cut link gives one DOWN") {
  testkit::run(
    [](testkit::cluster& c) {
      pair_of_nodes x{c};
      c.cut(node_a, node_b);
      auto before = c.now();
      c.expect_down(x.watcher, x.ref, exit_reason::noconnection());
      CHECK(c.now() - before > 5s);
    },
    {1, 100});
}
