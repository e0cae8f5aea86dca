#include "bench/cluster/vigil_pair.hpp"

#include "bench/cluster/failure.hpp"

#include <chrono>
#include <cstdlib>
#include <string>

namespace vigil::bench {

namespace {

constexpr std::chrono::seconds patience{30};

void check(errc outcome) {
  if (outcome != errc::none)
    throw failure{std::string{sentence(outcome)}};
}

} // namespace

vigil_pair::vigil_pair(size_t capacity, bool cancel_pairs)
  : host_(1),
    target_({"target", "vigil", std::to_string(capacity)}),
    node_(start_node(driver_name, host_, cancel_pairs)),
    front_(node_->front()),
    watcher_{node_->name(), node_->life(), host_.spawn_with_mailbox(), 0},
    messages_(host_.mailbox_of(watcher_.number)),
    peer_(*node_name::parse(target_name)),
    peer_life_(
      creation{static_cast<uint32_t>(std::stoul(target_.greeting().at(2)))}) {
  auto port = std::stoul(target_.greeting().at(1));
  node_->addresses().add(peer_, {"127.0.0.1", static_cast<uint16_t>(port)});
  check(front_.connect(peer_).code);
}

std::vector<pid> vigil_pair::spawn(size_t count) {
  auto first = target_.ask("spawn " + std::to_string(count));
  std::vector<pid> result;
  result.reserve(count);
  for (size_t i = 0; i < count; ++i)
    result.push_back({peer_, peer_life_, static_cast<uint32_t>(first + i), 0});
  return result;
}

reference vigil_pair::monitor(const pid& object) {
  reference ref{};
  check(front_.monitor(watcher_, object, ref));
  live_ += to_integer(ref);
  return ref;
}

void vigil_pair::demonitor(reference ref, bool flush) {
  bool found = false;
  demonitor_options options;
  options.flush = flush;
  options.info = true;
  check(front_.demonitor(watcher_, ref, options, found));
  if (!found)
    throw failure{"a monitor ended early"};
  live_ -= to_integer(ref);
}

void vigil_pair::sync() {
  check(front_.sync(peer_, patience));
}

void vigil_pair::expect_inbound(size_t count) {
  auto found = target_.ask("inbound");
  if (found != count)
    throw failure{"the target knows " + std::to_string(found)
                  + " monitors instead of " + std::to_string(count)};
}

void vigil_pair::expect_downs(size_t count, const exit_reason& reason) {
  while (count > 0) {
    if (!messages_.take(taken_, mailbox::clock::now() + patience))
      throw failure{std::to_string(count) + " DOWNs are missing"};
    for (const auto& x : taken_) {
      if (x.reason != reason)
        throw failure{"a DOWN has the reason " + to_string(x.reason)};
      live_ -= to_integer(x.ref);
    }
    if (taken_.size() > count)
      throw failure{"there are too many DOWNs"};
    count -= taken_.size();
  }
  if (live_ != 0)
    throw failure{"a DOWN came twice"};
}

uint64_t vigil_pair::sent() {
  return counter(front_, "sent");
}

} // namespace vigil::bench
