#include "src/node/batch_delivery.hpp"

#include "src/front/callback_scope.hpp"
#include "tests/core/transcript.hpp"

#include <functional>
#include <vector>

using namespace vigil;
using namespace vigil::test;

using closing = gate::closing;

namespace {

/// Writes down what it is given, one line for each call.
class noting_runtime : public runtime {
public:
  lines calls;
  /// Called from within each call, before it is written down.
  std::function<void()> on_deliver;

  bool alive(const pid&) const noexcept override {
    return true;
  }

  std::optional<pid> whereis(const process_name&) const noexcept override {
    return std::nullopt;
  }

  void deliver(const down_notice* first, size_t count) noexcept override {
    if (on_deliver)
      on_deliver();
    std::string call;
    for (auto i = first; i != first + count; ++i)
      call += (i == first ? "" : " | ") + brief(*i)
              + (i->message.loss != 0
                   ? provenance(i->message.origin, i->message.loss)
                   : "");
    calls.push_back(call);
  }

  void remove_down(const pid&, reference) noexcept override {
    // nop: nobody demonitors through a front here
  }
};

/// Process a1 watches processes of node b: monitor `n` watches process `n`.
struct delivery {
  gate passage;
  noting_runtime receiver;
  batch_delivery downs{passage, receiver};
  const pid a1 = proc(node_a, 1);
  /// Where the core keeps its DOWNs, side by side.
  std::vector<down_notice> notices = std::vector<down_notice>(1000);
  size_t num_notices = 0;

  /// Opens `count` monitors.
  explicit delivery(uint64_t count) {
    for (uint64_t i = 0; i < count; ++i)
      passage.open(ref(i), a1);
  }

  void gather(uint32_t number, std::string_view reason = "x",
              down_origin origin = down_origin::exit, uint64_t loss = 0) {
    auto next = &notices[num_notices++];
    *next = {a1,
             {ref(number), proc(node_b, number), atom(reason), origin, loss}};
    downs.gather({next, 1});
  }

  bool demonitor(uint32_t number) {
    return passage.close(ref(number), a1, false) == closing::won;
  }

  lines take() {
    return std::exchange(receiver.calls, {});
  }
};

} // namespace

TEST_CASE("batch delivery: a DOWN that the gate does not let pass is missing "
          "in its batch, and the others keep their order") {
  delivery x{6};
  for (uint32_t i = 0; i < 6; ++i)
    x.gather(i, "reason" + std::to_string(i), down_origin::link_lost,
             i == 4 ? 7 : 0);
  CHECK(x.demonitor(0));
  CHECK(x.demonitor(2));
  CHECK(x.demonitor(5));
  x.downs.deliver();
  CHECK_LINES(x.take(),
              {"a1 r1 b1 reason1 | a1 r3 b3 reason3 | a1 r4 b4 reason4 "
               "link_lost 7"});
  CHECK(x.downs.suppressed() == 3);
  CHECK(x.passage.size() == 0);
}

TEST_CASE("batch delivery: a batch of which nothing passes calls nobody, and "
          "is counted") {
  delivery x{2};
  x.gather(0);
  x.gather(1);
  x.gather(7); // was never admitted
  CHECK(x.demonitor(0));
  x.passage.forget(ref(1));
  x.downs.deliver();
  CHECK_LINES(x.take(), {});
  CHECK(x.downs.suppressed() == 3);
}

TEST_CASE("batch delivery: where nothing was gathered nobody is called") {
  delivery x{1};
  x.downs.deliver();
  x.gather(0);
  x.downs.deliver();
  x.downs.deliver();
  CHECK_LINES(x.take(), {"a1 r0 b0 x"});
  CHECK(x.downs.suppressed() == 0);
}

TEST_CASE("batch delivery: a reference that comes twice is delivered once, in "
          "one batch or in two") {
  delivery x{2};
  x.gather(0, "first");
  x.gather(1);
  x.gather(0, "again");
  x.downs.deliver();
  x.gather(0, "later");
  x.downs.deliver();
  CHECK_LINES(x.take(), {"a1 r0 b0 first | a1 r1 b1 x"});
  CHECK(x.downs.suppressed() == 2);
}

TEST_CASE("batch delivery: DOWNs that do not lie side by side are delivered in "
          "two calls, in order") {
  delivery x{4};
  x.gather(0);
  x.gather(1);
  ++x.num_notices;
  x.gather(2);
  CHECK_LINES(x.take(), {"a1 r0 b0 x | a1 r1 b1 x"});
  x.gather(3);
  x.downs.deliver();
  CHECK_LINES(x.take(), {"a1 r2 b2 x | a1 r3 b3 x"});
  CHECK(x.downs.suppressed() == 0);
}

TEST_CASE("batch delivery: DOWNs that were gathered are not claimed before "
          "their delivery, and are being delivered until it returns") {
  delivery x{3};
  x.gather(0);
  x.gather(1);
  CHECK(x.demonitor(0));
  x.receiver.on_deliver = [&] {
    CHECK_FALSE(x.demonitor(1));
    // Both the one that is delivered and the one that was not gathered.
    CHECK(x.passage.size() == 2);
    // The next batch has not been claimed.
    CHECK(x.demonitor(2));
  };
  x.downs.deliver();
  CHECK(x.passage.size() == 0);
  x.gather(2);
  x.downs.deliver();
  CHECK_LINES(x.take(), {"a1 r1 b1 x"});
  CHECK(x.downs.suppressed() == 2);
}

TEST_CASE("batch delivery: each delivery holds what was gathered since the "
          "one before, however long that was") {
  delivery x{200};
  for (uint32_t i = 0; i < 100; ++i)
    x.gather(i);
  x.downs.deliver();
  CHECK(x.take().size() == 1);
  CHECK(x.passage.size() == 100);
  x.gather(150);
  x.gather(120);
  x.downs.deliver();
  CHECK_LINES(x.take(), {"a1 r150 b150 x | a1 r120 b120 x"});
  CHECK(x.passage.size() == 98);
  CHECK(x.downs.suppressed() == 0);
}

TEST_CASE("batch delivery: the runtime is in a callback during the call, and "
          "not after it") {
  delivery x{1};
  auto during = false;
  x.receiver.on_deliver = [&] { during = in_callback(); };
  x.gather(0);
  CHECK_FALSE(in_callback());
  x.downs.deliver();
  CHECK(during);
  CHECK_FALSE(in_callback());
}
