#include "src/node/pending_answers.hpp"

#include "tests/core/noting_promise.hpp"

using namespace vigil;
using namespace vigil::test;

namespace {

/// Callers by name, and what they were answered.
struct callers {
  pending_answers<noting_promise> pending;
  lines answers;

  noting_promise promise(std::string who, std::function<void()> then = {}) {
    return {std::move(who), &answers, std::move(then)};
  }

  lines take() {
    pending.deliver_due(1000);
    return std::exchange(answers, {});
  }
};

} // namespace

TEST_CASE("pending answers: an answer that nobody waits for is told nobody") {
  callers x;
  x.pending.up(node_b);
  x.pending.failed(node_b, {errc::refused, "nobody there"});
  x.pending.down(node_b);
  x.pending.synced(1, true);
  x.pending.await_up(node_b, x.promise("connect"));
  x.pending.await_down(node_b, x.promise("disconnect"));
  auto token = x.pending.await_sync(x.promise("sync"));
  x.pending.up(node_c);
  x.pending.failed(node_c, {errc::refused, "nobody there"});
  x.pending.down(node_c);
  x.pending.synced(token + 1, true);
  CHECK_LINES(x.take(), {});
  x.pending.up(node_b);
  x.pending.down(node_b);
  x.pending.synced(token, true);
  CHECK_LINES(x.take(), {"connect ok", "disconnect ok", "sync ok"});
}

TEST_CASE("pending answers: a refusal reaches all who wait for links, and "
          "those who wait for syncs only with their own") {
  callers x;
  x.pending.await_down(node_b, x.promise("disconnect b"));
  x.pending.await_up(node_c, x.promise("connect c"));
  x.pending.await_up(node_b, x.promise("connect b"));
  auto token = x.pending.await_sync(x.promise("first sync"));
  x.pending.await_sync(x.promise("second sync"));
  x.pending.refuse_links(errc::shutdown);
  CHECK_LINES(x.take(), {"connect b shutdown", "connect c shutdown",
                         "disconnect b shutdown"});
  x.pending.synced(token, false);
  CHECK_LINES(x.take(), {"first sync no_connection"});
  x.pending.refuse_syncs(errc::shutdown);
  CHECK_LINES(x.take(), {"second sync shutdown"});
  x.pending.refuse_links(errc::shutdown);
  x.pending.refuse_syncs(errc::shutdown);
  x.pending.up(node_b);
  CHECK_LINES(x.take(), {});
}

TEST_CASE("pending answers: a failure tells its reason to those who wait for "
          "the link to come up, not to those who end it") {
  callers x;
  x.pending.await_up(node_b, x.promise("connect"));
  x.pending.await_down(node_b, x.promise("disconnect"));
  x.pending.failed(node_b, {errc::refused, "nobody there"});
  CHECK_LINES(x.take(), {"connect refused (nobody there)"});
  x.pending.down(node_b);
  CHECK_LINES(x.take(), {"disconnect ok"});
}

TEST_CASE("pending answers: the end of a link does not answer who waits for "
          "the next one") {
  callers x;
  x.pending.await_up(node_b, x.promise("connect"));
  x.pending.down(node_b);
  CHECK_LINES(x.take(), {});
  x.pending.up(node_b);
  CHECK_LINES(x.take(), {"connect ok"});
}

TEST_CASE("pending answers: who waits for the same is answered once, in the "
          "order in which they came, and others wait on in theirs") {
  callers x;
  for (auto who : {"1", "2", "3"}) {
    x.pending.await_up(node_b, x.promise("b" + std::string{who}));
    x.pending.await_up(node_c, x.promise("c" + std::string{who}));
  }
  x.pending.up(node_b);
  CHECK_LINES(x.take(), {"b1 ok", "b2 ok", "b3 ok"});
  x.pending.up(node_b);
  CHECK_LINES(x.take(), {});
  x.pending.up(node_c);
  CHECK_LINES(x.take(), {"c1 ok", "c2 ok", "c3 ok"});
}

TEST_CASE("pending answers: many are answered a few at a time, and those that "
          "became due first come first") {
  callers x;
  for (auto who : {"1", "2", "3"}) {
    x.pending.await_up(node_c, x.promise("c" + std::string{who}));
    x.pending.await_up(node_b, x.promise("b" + std::string{who}));
  }
  x.pending.up(node_c);
  x.pending.failed(node_b, {errc::refused, {}});
  CHECK(x.pending.deliver_due(2));
  CHECK_LINES(std::exchange(x.answers, {}), {"c1 ok", "c2 ok"});
  // One who comes now waits for the next answer.
  x.pending.await_up(node_b, x.promise("b4"));
  CHECK(x.pending.deliver_due(3));
  CHECK_LINES(std::exchange(x.answers, {}),
              {"c3 ok", "b1 refused", "b2 refused"});
  CHECK_FALSE(x.pending.deliver_due(3));
  CHECK_LINES(std::exchange(x.answers, {}), {"b3 refused"});
  x.pending.up(node_b);
  CHECK_LINES(x.take(), {"b4 ok"});
}

TEST_CASE("pending answers: each sync has a token of its own and is answered "
          "by it, once") {
  callers x;
  auto first = x.pending.await_sync(x.promise("first"));
  auto second = x.pending.await_sync(x.promise("second"));
  CHECK(first != second);
  x.pending.synced(second, true);
  x.pending.synced(second, true);
  CHECK_LINES(x.take(), {"second ok"});
  x.pending.synced(first, true);
  CHECK_LINES(x.take(), {"first ok"});
  CHECK(x.pending.await_sync(x.promise("third")) > second);
}

TEST_CASE("pending answers: who asks again when answered waits for the next "
          "answer") {
  callers x;
  x.pending.await_up(node_b, x.promise("connect", [&] {
    for (auto i = 0; i < 100; ++i)
      x.pending.await_up(node_b, x.promise("again " + std::to_string(i)));
  }));
  x.pending.await_up(node_b, x.promise("other"));
  x.pending.up(node_b);
  CHECK_LINES(x.take(), {"connect ok", "other ok"});
  x.pending.up(node_b);
  CHECK(x.take().size() == 100);

  auto again = uint64_t{0};
  auto token = x.pending.await_sync(x.promise("sync", [&] {
    again = x.pending.await_sync(x.promise("sync again"));
  }));
  x.pending.synced(token, true);
  CHECK_LINES(x.take(), {"sync ok"});
  x.pending.synced(again, true);
  CHECK_LINES(x.take(), {"sync again ok"});
}

TEST_CASE("pending answers: who asks again when refused is not refused in the "
          "same breath") {
  callers x;
  x.pending.await_up(node_b, x.promise("connect", [&] {
    x.pending.await_up(node_b, x.promise("connect again"));
  }));
  x.pending.await_sync(
    x.promise("sync", [&] { x.pending.await_sync(x.promise("sync again")); }));
  x.pending.refuse_links(errc::shutdown);
  x.pending.refuse_syncs(errc::shutdown);
  CHECK_LINES(x.take(), {"connect shutdown", "sync shutdown"});
  x.pending.refuse_links(errc::shutdown);
  x.pending.refuse_syncs(errc::shutdown);
  CHECK_LINES(x.take(), {"connect again shutdown", "sync again shutdown"});
}
