#include <vigil/target.hpp>

#include "messages/text/decimal.hpp"

namespace vigil {

namespace {

std::optional<named_target> parse_named_target(std::string_view text) {
  auto inner = strip(text, "{", "}");
  if (!inner)
    return std::nullopt;
  auto comma = inner->find(',');
  if (comma == std::string_view::npos)
    return std::nullopt;
  auto name = process_name::parse(inner->substr(0, comma));
  auto node = node_name::parse(inner->substr(comma + 1));
  if (!name || !node)
    return std::nullopt;
  return named_target{std::move(*name), *node};
}

} // namespace

std::string to_string(const named_target& x) {
  std::string result{'{'};
  result += x.name.str();
  result += ',';
  result += x.node.str();
  result += '}';
  return result;
}

std::string to_string(const target& x) {
  return std::visit([](const auto& y) { return to_string(y); }, x);
}

std::optional<target> parse_target(std::string_view text) {
  if (auto process = parse_pid(text))
    return target{*process};
  if (auto named = parse_named_target(text))
    return target{std::move(*named)};
  return std::nullopt;
}

} // namespace vigil
