#include "messages/session_message.hpp"

#include <vigil/node_name.hpp>

namespace vigil {

namespace {

std::string numbers(session_pair x) {
  return std::to_string(static_cast<uint64_t>(x.sender)) + ">"
         + std::to_string(static_cast<uint64_t>(x.receiver));
}

std::string describe(const hello& x) {
  return "hello " + numbers(x.numbers) + ' ' + x.name + " creation "
         + std::to_string(to_integer(x.life));
}

std::string describe(const frame& x) {
  return "frame " + numbers(x.numbers) + " #" + std::to_string(x.sequence)
         + " ack " + std::to_string(x.acknowledged) + ' '
         + std::to_string(x.bytes.size()) + " bytes";
}

std::string describe(const tick& x) {
  return "tick " + numbers(x.numbers) + " ack "
         + std::to_string(x.acknowledged);
}

std::string describe(const probe& x) {
  return "probe " + numbers(x.numbers) + " token " + std::to_string(x.token);
}

std::string describe(const probe_reply& x) {
  return "probe_reply " + numbers(x.numbers) + " token "
         + std::to_string(x.token);
}

std::string describe(const goodbye& x) {
  std::string result = "goodbye " + numbers(x.numbers) + ' ';
  result += to_string(x.why.cause);
  result += '/';
  result += to_string(x.why.failure);
  return result;
}

std::string describe(const goodbye_ack& x) {
  return "goodbye_ack " + numbers(x.numbers);
}

} // namespace

bool valid(const hello& x) {
  return x.lowest_version <= x.highest_version && valid(x.life)
         && valid(x.being) && x.numbers.sender != session_number{}
         && x.tick_time >= min_tick_time && node_name::is_valid(x.name);
}

std::string to_string(const session_message& x) {
  return std::visit([](const auto& y) { return describe(y); }, x);
}

} // namespace vigil
