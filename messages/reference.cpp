#include <vigil/reference.hpp>

#include "messages/text/decimal.hpp"

namespace vigil {

std::string to_string(reference x) {
  return "#Ref<" + std::to_string(to_integer(x)) + '>';
}

std::optional<reference> parse_reference(std::string_view text) {
  auto inner = strip(text, "#Ref<", ">");
  if (!inner)
    return std::nullopt;
  auto number = parse_decimal<uint64_t>(*inner);
  if (!number || !valid(reference{*number}))
    return std::nullopt;
  return reference{*number};
}

} // namespace vigil
