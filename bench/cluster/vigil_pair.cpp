#include "bench/cluster/vigil_pair.hpp"

#include "bench/cluster/node_names.hpp"
#include "bench/common/failure.hpp"

#include <string>
#include <thread>

namespace vigil::bench {

namespace {

std::unique_ptr<far_side> start_relay(const std::string& target_port,
                                      vigil_pair::distance far) {
  if (!far)
    return nullptr;
  return std::make_unique<far_side>(std::vector<std::string>{
    "relay", target_port, std::to_string(far->count() / 2)});
}

} // namespace

vigil_pair::vigil_pair(size_t capacity, distance far, bool cancel_pairs)
  : host_(1),
    target_({"target", "vigil", std::to_string(capacity)}),
    distance_(far),
    relay_(start_relay(target_.greeting().at(1), far)),
    node_(start_node(driver_name, host_, cancel_pairs)),
    front_(node_->front()),
    watcher_(host_, front_),
    peer_(*node_name::parse(target_name)),
    peer_life_(
      creation{static_cast<uint32_t>(std::stoul(target_.greeting().at(2)))}) {
  auto& nearest = relay_ != nullptr ? *relay_ : target_;
  auto port = std::stoul(nearest.greeting().at(1));
  node_->addresses().add(peer_, {"127.0.0.1", static_cast<uint16_t>(port)});
  check(front_.connect(peer_).code());
}

std::vector<pid> vigil_pair::spawn(size_t count) {
  auto first = target_.ask("spawn " + std::to_string(count));
  std::vector<pid> result;
  result.reserve(count);
  for (size_t i = 0; i < count; ++i)
    result.push_back({peer_, peer_life_, static_cast<uint32_t>(first + i), 0});
  return result;
}

void vigil_pair::end_targets() {
  if (distance_)
    std::this_thread::sleep_for(*distance_ / 2);
  target_.tell("stop");
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

uint64_t vigil_pair::sent() {
  return counter(front_, "sent");
}

} // namespace vigil::bench
