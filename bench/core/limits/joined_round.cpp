#include "bench/core/limits/joined_round.hpp"

#include <vigil/literals.hpp>
#include "bench/common/failure.hpp"

#include <string>

namespace vigil::bench {

namespace {

const auto watchers_node = "watcher@localhost"_node;
const auto targets_node = "target@localhost"_node;
constexpr creation watchers_life{1};
constexpr creation targets_life{2};

} // namespace

joined_round::joined_round(figures& out)
  : out_(out),
    watcher_(watchers_node, watchers_life, downs_),
    target_(targets_node, targets_life, downs_) {
  watcher_.join(target_);
  target_.join(watcher_);
}

void joined_round::run() {
  watcher_.take(event::connect{targets_node});
  settle();
  take("setup", [this] { set_up(one_watches_many); });
  take("demonitor", [this] { demonitor(); });
  set_up(one_watches_many);
  take("exits", [this] { end_targets(); });
  set_up(many_watch_one);
  take("fan_out", [this] { end_targets(); });
  set_up(one_watches_many);
  take("loss", [this] { lose_link(); });
  if (!watcher_.plane().empty() || !target_.plane().empty())
    throw failure{"something is left in a table"};
}

// -- deeds --------------------------------------------------------------------

void joined_round::set_up(pattern who) {
  who_ = who;
  before_ = made_;
  made_ += num_monitors;
  ask(watcher_, num_monitors, [this](size_t i) {
    return event::monitor{watcher_of(i), target_of(i), ref_of(i)};
  });
  check(num_monitors);
}

void joined_round::demonitor() {
  ask(watcher_, num_monitors, [this](size_t i) {
    return event::demonitor{watcher_of(i), ref_of(i)};
  });
  check(0);
}

void joined_round::end_targets() {
  const auto& reason = exit_reason::killed();
  auto count = who_.targets == 0 ? 1 : num_monitors;
  target_.end_processes(static_cast<uint32_t>(made_));
  expect_downs(reason, [&] {
    ask(target_, count, [&](size_t i) {
      return event::process_exited{target_of(i), reason};
    });
  });
}

void joined_round::lose_link() {
  expect_downs(exit_reason::noconnection(), [this] {
    watcher_.lose_connection();
    target_.lose_connection();
    settle();
  });
}

// -- what they have in common -------------------------------------------------

template <class Request>
void joined_round::ask(joined_node& side, size_t count,
                       const Request& request) {
  for (size_t next = 0; next < count;) {
    next = side.take_slice(next, count, request);
    settle();
  }
}

void joined_round::settle() {
  bench::settle(watcher_, target_);
}

template <class Work>
void joined_round::take(std::string_view name, const Work& work) {
  auto target_before = target_.spent();
  auto watcher_before = watcher_.spent();
  work();
  out_.add(name, "joined_target", target_.spent() - target_before);
  out_.add(name, "joined_watcher", watcher_.spent() - watcher_before);
}

template <class Work>
void joined_round::expect_downs(const exit_reason& reason, const Work& work) {
  downs_.expect(ref_of(0), num_monitors, reason);
  work();
  downs_.close();
  check(0);
}

void joined_round::check(size_t count) const {
  auto outbound = watcher_.plane().num_outbound();
  auto inbound = target_.plane().num_inbound();
  if (outbound != count || inbound != count)
    throw failure{"there are " + std::to_string(outbound) + " and "
                  + std::to_string(inbound) + " monitors in place of "
                  + std::to_string(count)};
}

reference joined_round::ref_of(size_t i) const noexcept {
  return reference{to_integer(first_reference) + before_ + i};
}

pid joined_round::watcher_of(size_t i) const noexcept {
  return {watchers_node, watchers_life,
          static_cast<uint32_t>(before_ + 1 + i * who_.watchers), 0};
}

pid joined_round::target_of(size_t i) const noexcept {
  return {targets_node, targets_life,
          static_cast<uint32_t>(before_ + 1 + i * who_.targets), 0};
}

} // namespace vigil::bench
