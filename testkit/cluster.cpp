#include <vigil/testkit/cluster.hpp>

#include "testkit/cluster_impl.hpp"
#include "testkit/runtime_life.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace vigil::testkit {

// -- nodes --------------------------------------------------------------------

runtime_node&
cluster::start_runtime(node_name name, node_config config,
                       std::function<made_runtime(runtime_front)> make) {
  auto& place
    = impl_.add(name, std::move(config),
                [this, make = std::move(make)](node_place& x, size_t which) {
                  return std::make_unique<runtime_life>(impl_, x, which, make);
                });
  return impl_.keep(std::make_shared<runtime_node>(place));
}

// -- what happens to them -----------------------------------------------------

void cluster::cut(node_name x, node_name y) {
  impl_.set_cut(x, y, true);
  impl_.set_cut(y, x, true);
}

void cluster::cut_one_way(node_name from, node_name to) {
  impl_.set_cut(from, to, true);
}

void cluster::heal(node_name x, node_name y) {
  impl_.set_cut(x, y, false);
  impl_.set_cut(y, x, false);
  impl_.network.thaw();
}

void cluster::heal_all() {
  impl_.heal_all();
}

void cluster::delay(node_name x, node_name y, timespan span) {
  impl_.set_delay(x, y, span);
}

void cluster::drop_connection(node_name x, node_name y) {
  impl_.drop_connection(x, y);
}

void cluster::pause(node_name x) {
  impl_.set_paused(x, true);
}

void cluster::resume(node_name x) {
  impl_.set_paused(x, false);
}

void cluster::stop(node_name x) {
  impl_.stop(impl_.at(x).life());
}

void cluster::kill(node_name x) {
  auto& place = impl_.at(x);
  impl_.do_outside([this, &place] { impl_.end_life(place, false); });
}

void cluster::power_off(node_name x) {
  auto& place = impl_.at(x);
  impl_.do_outside([this, &place] { impl_.end_life(place, true); });
}

void cluster::restart(node_name x) {
  auto& place = impl_.at(x);
  impl_.do_outside([this, &place] {
    impl_.end_life(place, false);
    place.begin_life();
    impl_.state.note([&] { return place.life().label() + "  starts"; });
  });
}

// -- time ---------------------------------------------------------------------

void cluster::run_for(timespan span) {
  static_cast<void>(run_until([] { return false; }, span));
}

bool cluster::run_until(const std::function<bool()>& done, timespan limit) {
  impl_.state.throw_if_failed();
  if (!impl_.may_wait("run_until, run_for or expect_down"))
    return false;
  impl_.look_for_gaps();
  auto end = impl_.state.clock.after(std::max(limit, timespan{0}));
  impl_.look_at_all();
  auto is_done = false;
  // One that asks the nodes gives them turns, and would for ever if it was
  // asked again before time has passed.
  auto asks = false;
  auto goes_on = true;
  for (;;) {
    auto turns = impl_.num_turns();
    is_done = done();
    asks = asks || impl_.num_turns() != turns;
    if (is_done || !goes_on)
      break;
    impl_.state.throw_if_failed();
    goes_on = asks ? impl_.pass(end) : impl_.do_one(end);
  }
  impl_.state.throw_if_failed();
  return is_done;
}

void cluster::settle() {
  impl_.state.throw_if_failed();
  if (!impl_.may_wait("settle"))
    return;
  impl_.look_for_gaps();
  impl_.settle();
  impl_.state.throw_if_failed();
}

void cluster::at(timespan later, std::function<void()> what) {
  impl_.state.clock.in(std::max(later, timespan{0}), std::move(what));
}

time_point cluster::now() const {
  return impl_.state.clock.now();
}

uint64_t cluster::random(uint64_t below) {
  return impl_.state.random.below(below);
}

// -- what is expected ---------------------------------------------------------

void cluster::expect(bool holds, std::string_view text) {
  if (holds)
    return;
  impl_.state.fail("expected: " + std::string{text});
  if (impl_.is_outside())
    impl_.state.throw_if_failed();
}

void cluster::expect_down(const pid& watcher, reference ref,
                          const exit_reason& reason, timespan within) {
  auto& state = impl_.state;
  auto i = state.witnesses.find({watcher.node, watcher.life});
  expect(i != state.witnesses.end(), "the watcher is a process of the cluster");
  const auto& seen = *i->second;
  auto is_down = [&] {
    auto x = seen.find(ref);
    return x != nullptr && x->end == witness::ending::down;
  };
  auto what = "DOWN " + state.names(ref) + ' ' + to_string(reason) + " to "
              + state.names(watcher);
  if (!run_until(is_down, within)) {
    auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(within);
    state.fail("expected: " + what + ", which did not come within "
               + std::to_string(ms.count()) + " ms");
    state.throw_if_failed();
  }
  impl_.rest();
  const auto& found = *seen.find(ref);
  if (found.watcher != watcher)
    state.fail("expected: " + what + ", but " + state.names(found.watcher)
               + " monitors");
  else if (found.reason != reason)
    state.fail("expected: " + what + ", but it says "
               + to_string(found.reason));
  state.throw_if_failed();
}

} // namespace vigil::testkit
