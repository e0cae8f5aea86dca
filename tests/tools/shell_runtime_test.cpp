// The lines that a node shell prints about what its processes are told.

#include "tools/node/shell_runtime.hpp"

#include "tests/tools/sink.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>

using namespace vigil;
using namespace vigil::test;

namespace {

/// The runtime of node a, whose process <a@h:1:1:0> is told what happens on b.
struct told {
  explicit told(bool show_origins) : shown(out, show_origins) {
    REQUIRE(shown.spawn(watcher, std::nullopt) == errc::none);
  }

  void deliver(uint64_t number, const exit_reason& reason, down_origin origin,
               uint64_t loss = 0) {
    down_notice x{watcher,
                  {reference{to_integer(first_reference) + number},
                   named_target{*process_name::parse("db"), b}, reason, origin,
                   loss}};
    shown.deliver(&x, 1);
  }

  /// Returns all that was printed.
  std::string text() {
    out.close();
    std::string result;
    for (const auto& line : pipe.all())
      result += line + '\n';
    return result;
  }

  node_name a = *node_name::parse("a@h");
  node_name b = *node_name::parse("b@h");
  pid watcher{a, creation{1}, 1, 0};
  sink pipe;
  output out{pipe.fd()};
  shell_runtime shown;
};

void tell_of_a_loss(told& x) {
  x.shown.on_node_event({x.b, true, creation{1}, {}, {}, 0, 0, 0});
  x.deliver(0, *exit_reason::atom("disk full"), down_origin::exit);
  x.deliver(1, exit_reason::noconnection(), down_origin::link_lost, 12);
  x.shown.on_node_event({x.b, false, {}, down_cause::closed, {}, 0, 0, 12});
}

} // namespace

TEST_CASE("lines about DOWNs and nodes are as scripts know them") {
  told x{false};
  tell_of_a_loss(x);
  CHECK(x.text()
        == "nodeup b@h\n"
           "down <a@h:1:1:0> #Ref<72057594037927936> {db,b@h} disk full\n"
           "down <a@h:1:1:0> #Ref<72057594037927937> {db,b@h} noconnection\n"
           "nodedown b@h closed\n");
}

TEST_CASE("with origins lines go on with where a DOWN comes from and of which "
          "loss it is") {
  told x{true};
  tell_of_a_loss(x);
  x.deliver(2, exit_reason::noproc(), down_origin::noproc_there);
  CHECK(x.text()
        == "nodeup b@h\n"
           "down <a@h:1:1:0> #Ref<72057594037927936> {db,b@h} disk full "
           "origin=exit loss=0\n"
           "down <a@h:1:1:0> #Ref<72057594037927937> {db,b@h} noconnection "
           "origin=link_lost loss=12\n"
           "nodedown b@h closed loss=12\n"
           "down <a@h:1:1:0> #Ref<72057594037927938> {db,b@h} noproc "
           "origin=noproc_there loss=0\n");
}
