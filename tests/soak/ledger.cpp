#include "tests/soak/ledger.hpp"

#include <algorithm>
#include <utility>

namespace vigil::soak {

namespace {

constexpr size_t max_findings = 20;

} // namespace

bool ledger::totals::balanced() const noexcept {
  return granted
         == downs_own + downs_noproc + downs_noconnection + demonitored
              + ended_with_watcher + ended_with_node + pending + lost;
}

bool ledger::totals::clean() const noexcept {
  return balanced()
         && lost + doubled + untrue + unexplained + surprises + pending == 0;
}

ledger::ledger(size_t nodes, const disturbances& links)
  : links_(links),
    live_(nodes) {
  // nop
}

// -- what the nodes say -------------------------------------------------------

void ledger::grant(const std::string& ref, monitor x) {
  auto watcher = x.watcher;
  if (!live_[watcher->node].emplace(ref, std::move(x)).second)
    return find(totals_.doubled, "reference granted twice: " + ref);
  watcher->monitors.insert(ref);
  ++totals_.granted;
}

void ledger::down(size_t node, const std::string& watcher,
                  const std::string& ref, const std::string& object,
                  const std::string& reason, time_point now) {
  auto line = "down " + watcher + ' ' + ref + ' ' + object + ' ' + reason;
  auto i = live_[node].find(ref);
  if (i == live_[node].end())
    return find(totals_.doubled, "not live: " + line);
  auto& x = i->second;
  if (x.watcher->pid != watcher || x.object != object)
    find(totals_.untrue, "not what was monitored: " + line);
  else if (!is_true(x, reason, now))
    find(totals_.untrue, "the reason cannot be true: " + line);
  auto& account = reason == "noproc"         ? totals_.downs_noproc
                  : reason == "noconnection" ? totals_.downs_noconnection
                                             : totals_.downs_own;
  ++account;
  x.watcher->monitors.erase(ref);
  live_[node].erase(i);
}

void ledger::held(size_t node, const std::string& ref, tenure_ptr latest) {
  auto i = live_[node].find(ref);
  if (i == live_[node].end())
    return;
  auto& x = i->second;
  if (x.target != nullptr)
    x.held = x.held || !x.target->ending;
  else if (x.last == nullptr)
    x.last = std::move(latest);
}

void ledger::demonitored(size_t node, const std::string& ref, time_point now) {
  auto i = live_[node].find(ref);
  if (i == live_[node].end())
    return find(totals_.doubled, "demonitor found what had ended: " + ref);
  i->second.watcher->monitors.erase(ref);
  end_without_down(ref, i->second, totals_.demonitored, now);
  live_[node].erase(i);
}

void ledger::watcher_ended(const process_ptr& watcher, time_point now) {
  auto& live = live_[watcher->node];
  for (const auto& ref : watcher->monitors) {
    auto i = live.find(ref);
    end_without_down(ref, i->second, totals_.ended_with_watcher, now);
    live.erase(i);
  }
  watcher->monitors.clear();
}

void ledger::node_ended(size_t node, time_point now) {
  for (auto& [ref, x] : live_[node]) {
    end_without_down(ref, x, totals_.ended_with_node, now);
    x.watcher->monitors.clear();
  }
  live_[node].clear();
}

void ledger::node_down(size_t node, size_t peer, const std::string& line,
                       time_point now) {
  if (!links_.disturbed(node, peer, now))
    find(totals_.unexplained,
         "no fault explains, at node " + std::to_string(node) + ": " + line);
}

void ledger::surprise(const std::string& what) {
  find(totals_.surprises, "surprise: " + what);
}

void ledger::close() {
  for (auto& live : live_) {
    for (auto& [ref, x] : live) {
      x.watcher->monitors.clear();
      find(totals_.lost, "never ended: " + ref + " on " + x.object);
    }
    live.clear();
  }
}

// -- the account --------------------------------------------------------------

ledger::totals ledger::total() const {
  auto result = totals_;
  for (const auto& live : live_)
    result.pending += live.size();
  return result;
}

size_t ledger::due() const {
  size_t result = 0;
  for (const auto& live : live_)
    result += static_cast<size_t>(
      std::count_if(live.begin(), live.end(), [](const auto& x) {
        return gone_since(x.second).has_value();
      }));
  return result;
}

bool ledger::is_true(const monitor& x, const std::string& reason,
                     time_point now) const {
  if (reason != "noconnection")
    return explains(x, reason);
  return x.watcher->node != x.target_node
         && links_.disturbed(x.watcher->node, x.target_node, now);
}

bool ledger::overdue(const monitor& x, time_point now) const {
  auto gone = gone_since(x);
  if (!gone)
    return false;
  auto due = std::max(*gone, x.granted);
  if (x.watcher->node != x.target_node)
    due = std::max(due, links_.calm_since(x.watcher->node, x.target_node, now));
  return now - due > patience;
}

void ledger::end_without_down(const std::string& ref, const monitor& x,
                              uint64_t& account, time_point now) {
  // Whatever ends a monitor whose DOWN should long be here hides a loss.
  if (overdue(x, now))
    find(totals_.lost, "no DOWN, though due: " + ref + " on " + x.object);
  else
    ++account;
}

void ledger::find(uint64_t& account, const std::string& what) {
  ++account;
  if (findings_.size() < max_findings)
    findings_.push_back(what);
}

} // namespace vigil::soak
