#include "bench/scale/peer_group.hpp"

#include "bench/scale/peer.hpp"

#include <chrono>

namespace vigil::bench {

peer_group::peer_group(size_t count, size_t capacity) {
  for (size_t i = 0; i < count; ++i)
    sides_.push_back(std::make_unique<far_side>(std::vector<std::string>{
      "peer", std::to_string(i), std::to_string(capacity)}));
  for (size_t i = 0; i < count; ++i) {
    const auto& greeting = sides_[i]->greeting();
    where_.push_back(
      {*node_name::parse(peer_name(i)),
       creation{static_cast<uint32_t>(std::stoul(greeting.at(2)))},
       static_cast<uint16_t>(std::stoul(greeting.at(1)))});
  }
}

void peer_group::tell(const std::string& line) {
  for (auto& x : sides_)
    x->tell(line);
}

uint64_t peer_group::answers() {
  uint64_t sum = 0;
  for (auto& x : sides_)
    sum += x->answer();
  return sum;
}

void peer_group::kill() {
  killed_ = true;
  for (auto& x : sides_)
    x->kill();
}

std::string peer_group::losses() {
  if (killed_)
    return {};
  // A connection can be lost a moment before its process is known to be gone.
  auto deadline = child_process::clock::now() + std::chrono::milliseconds{200};
  size_t count = 0;
  std::string result;
  for (size_t i = 0; i < size(); ++i) {
    if (!sides_[i]->ended(deadline))
      continue;
    if (++count > 1)
      continue;
    auto errors = sides_[i]->errors();
    result = peer_name(i) + " has ended unexpectedly";
    if (!errors.empty())
      result += " (" + errors.substr(0, errors.find('\n')) + ")";
  }
  if (count > 1)
    result += ", and " + std::to_string(count - 1) + " more";
  return result;
}

} // namespace vigil::bench
