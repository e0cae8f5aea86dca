#include <vigil/pid.hpp>

#include "messages/text/decimal.hpp"

#include <iterator>

namespace vigil {

std::string to_string(const pid& x) {
  std::string result{'<'};
  result += x.node.str();
  for (auto part : {to_integer(x.life), x.number, x.serial}) {
    result += ':';
    result += std::to_string(part);
  }
  result += '>';
  return result;
}

std::optional<pid> parse_pid(std::string_view text) {
  auto inner = strip(text, "<", ">");
  if (!inner)
    return std::nullopt;
  uint32_t parts[3];
  for (auto part = std::rbegin(parts); part != std::rend(parts); ++part) {
    auto colon = inner->rfind(':');
    if (colon == std::string_view::npos)
      return std::nullopt;
    auto number = parse_decimal<uint32_t>(inner->substr(colon + 1));
    if (!number)
      return std::nullopt;
    *part = *number;
    inner = inner->substr(0, colon);
  }
  auto node = node_name::parse(*inner);
  if (!node)
    return std::nullopt;
  pid result{*node, creation{parts[0]}, parts[1], parts[2]};
  if (!valid(result))
    return std::nullopt;
  return result;
}

} // namespace vigil
