#include <vigil/farewell.hpp>

#include "messages/text/utf8.hpp"

#include <string_view>

namespace vigil {

farewell tidied(const farewell& x) {
  farewell result;
  result.cause = valid(x.cause) ? x.cause : down_cause::protocol_error;
  result.failure = valid(x.failure) ? x.failure : errc::protocol_error;
  for (auto rest = std::string_view{x.detail}; !rest.empty();) {
    auto next = first_char(rest);
    auto readable = next.size > 0 && !is_control(next.code);
    auto taken = next.size > 0 ? next.size : 1;
    auto text = readable ? rest.substr(0, taken) : std::string_view{"?"};
    if (result.detail.size() + text.size() > farewell::max_detail)
      break;
    result.detail += text;
    rest.remove_prefix(taken);
  }
  return result;
}

} // namespace vigil
