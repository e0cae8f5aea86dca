#include "tests/soak/monitor.hpp"

#include <algorithm>

namespace vigil::soak {

namespace {

/// Calls `f` with each period that the request can have met, until it returns
/// true; returns whether it did.
template <class F>
bool any_tenure(const monitor& x, F f) {
  for (const auto* i = x.first.get(); i != nullptr; i = i->next.get()) {
    if (f(*i))
      return true;
    if (i == x.last.get())
      return false;
  }
  return false;
}

} // namespace

bool explains(const monitor& x, const std::string& reason) {
  auto noproc = reason == "noproc";
  if (x.target != nullptr)
    return noproc ? x.target->ending && !x.held
                  : !x.dead_when_asked && x.target->reason == reason;
  return any_tenure(x, [&](const tenure& one) {
    return noproc ? one.holder == nullptr
                  : one.holder != nullptr && one.holder->reason == reason;
  });
}

std::optional<time_point> gone_since(const monitor& x) {
  if (x.target != nullptr)
    return x.target->dead_since;
  // Where the name was free the DOWN is due since the request.
  auto result = x.granted;
  auto may_live = any_tenure(x, [&](const tenure& one) {
    if (one.holder == nullptr)
      return false;
    if (!one.holder->dead_since)
      return true;
    result = std::max(result, *one.holder->dead_since);
    return false;
  });
  if (may_live)
    return std::nullopt;
  return result;
}

} // namespace vigil::soak
