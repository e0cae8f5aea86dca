#include "src/node/waiting_room.hpp"

#include "tests/core/noting_promise.hpp"

using namespace vigil;
using namespace vigil::test;

namespace {

/// Nodes b and c are up, with so much room each, of which a request that is
/// granted takes one.
struct crowd {
  link_board board;
  waiting_room<noting_promise> room{board};
  std::map<node_name, size_t> left;
  lines answers;
  /// Called with each name that is granted, while it is granted.
  std::function<void(const std::string&)> while_granted;
  size_t granted_at_most = 1000;

  crowd() {
    for (auto peer : {node_b, node_c}) {
      board.up(peer);
      set_left(peer, 0);
    }
  }

  void set_left(node_name peer, size_t x) {
    left[peer] = x;
    board.set_full(peer, x == 0);
  }

  void add(node_name peer, const std::string& who) {
    room.add({proc(peer, 1), proc(node_a, 1)}, {who, &answers, {}});
  }

  bool grant() {
    return room.grant_waiting(
      [this](const monitor_request& x, noting_promise& y) {
        auto peer = node_of(x.object);
        set_left(peer, left[peer] - 1);
        // As a step of the core does, which comes here again.
        grant();
        if (while_granted)
          while_granted(y.who);
        y.note("granted");
      },
      [this] { return granted_at_most-- == 0; });
  }

  void refuse() {
    room.refuse(errc::shutdown);
    CHECK_FALSE(room.deliver_refusals(100));
  }

  lines take() {
    return std::exchange(answers, {});
  }
};

} // namespace

TEST_CASE("waiting room: a request waits behind others of its peer although "
          "there is room again") {
  crowd x;
  CHECK(x.room.must_wait(node_b));
  x.add(node_b, "first");
  x.set_left(node_b, 2);
  CHECK(x.room.must_wait(node_b));
  x.add(node_b, "second");
  x.grant();
  CHECK_LINES(x.take(), {"first granted", "second granted"});
  x.set_left(node_b, 1);
  CHECK_FALSE(x.room.must_wait(node_b));
}

TEST_CASE("waiting room: who waits for a full peer holds up no other peer") {
  crowd x;
  x.set_left(node_c, 5);
  x.add(node_b, "b1");
  CHECK_FALSE(x.room.must_wait(node_c));
  CHECK_FALSE(x.room.must_wait(node_d));
  x.set_left(node_c, 0);
  x.add(node_c, "c1");
  x.add(node_b, "b2");
  x.set_left(node_c, 1);
  x.grant();
  CHECK_LINES(x.take(), {"c1 granted"});
  CHECK(x.room.must_wait(node_b));
}

TEST_CASE("waiting room: no more are granted than there is room for, in the "
          "order in which they came") {
  crowd x;
  for (auto who : {"b1", "b2", "b3", "b4"})
    x.add(node_b, who);
  x.set_left(node_b, 2);
  x.grant();
  CHECK_LINES(x.take(), {"b1 granted", "b2 granted"});
  x.grant();
  CHECK_LINES(x.take(), {});
  x.set_left(node_b, 9);
  x.grant();
  CHECK_LINES(x.take(), {"b3 granted", "b4 granted"});
  x.grant();
  CHECK_LINES(x.take(), {});
}

TEST_CASE("waiting room: all who wait for a peer that is down are granted") {
  crowd x;
  x.add(node_b, "b1");
  x.add(node_b, "b2");
  x.board.down(node_b);
  CHECK(x.room.must_wait(node_b));
  x.grant();
  CHECK_LINES(x.take(), {"b1 granted", "b2 granted"});
  CHECK_FALSE(x.room.must_wait(node_b));
}

TEST_CASE("waiting room: a request that comes while another is granted waits "
          "behind those that came before it") {
  crowd x;
  x.add(node_b, "b1");
  x.add(node_b, "b2");
  x.set_left(node_b, 103);
  x.while_granted = [&](const std::string& who) {
    // Also during the last one, which counts until it has its answer.
    CHECK(x.room.must_wait(node_b));
    if (who == "b1")
      for (auto i = 0; i < 100; ++i)
        x.add(node_b, "late " + std::to_string(i));
  };
  x.grant();
  auto answers = x.take();
  REQUIRE(answers.size() == 102);
  CHECK(answers[0] == "b1 granted");
  CHECK(answers[1] == "b2 granted");
  CHECK(answers[2] == "late 0 granted");
  CHECK(answers.back() == "late 99 granted");
  CHECK_FALSE(x.room.must_wait(node_b));
}

TEST_CASE("waiting room: a request for a new peer that comes while another is "
          "granted is neither lost nor granted twice") {
  crowd x;
  x.add(node_b, "b1");
  x.set_left(node_b, 1);
  x.set_left(node_c, 1);
  x.while_granted = [&](const std::string& who) {
    if (who == "b1")
      x.add(node_c, "c1");
  };
  x.grant();
  x.grant();
  CHECK_LINES(x.take(), {"b1 granted", "c1 granted"});
}

TEST_CASE("waiting room: nobody is granted while somebody holds it") {
  crowd x;
  x.add(node_b, "b1");
  x.set_left(node_b, 1);
  {
    waiting_room<noting_promise>::hold outer{x.room};
    {
      waiting_room<noting_promise>::hold inner{x.room};
      x.grant();
    }
    x.grant();
    CHECK_LINES(x.take(), {});
  }
  x.grant();
  CHECK_LINES(x.take(), {"b1 granted"});
}

TEST_CASE("waiting room: a refusal answers all who wait, and leaves nobody to "
          "wait behind") {
  crowd x;
  x.refuse();
  CHECK_LINES(x.take(), {});
  x.add(node_b, "b1");
  x.add(node_b, "b2");
  x.add(node_c, "c1");
  x.refuse();
  CHECK_LINES(x.take(), {"b1 shutdown", "b2 shutdown", "c1 shutdown"});
  x.set_left(node_b, 1);
  CHECK_FALSE(x.room.must_wait(node_b));
  x.grant();
  x.refuse();
  CHECK_LINES(x.take(), {});
}

TEST_CASE("waiting room: who comes again when refused waits anew") {
  crowd x;
  x.room.add({proc(node_a, 1), proc(node_b, 1)},
             {"b1", &x.answers, [&] { x.add(node_b, "again"); }});
  x.add(node_b, "b2");
  x.refuse();
  CHECK_LINES(x.take(), {"b1 shutdown", "b2 shutdown"});
  x.set_left(node_b, 1);
  x.grant();
  CHECK_LINES(x.take(), {"again granted"});
}
