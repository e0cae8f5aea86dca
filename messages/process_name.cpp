#include <vigil/process_name.hpp>

#include <new>

namespace vigil {

std::optional<process_name> process_name::parse(std::string_view text) {
  if (!is_valid(text))
    return std::nullopt;
  process_name result;
  result.text_ = std::make_shared<const std::string>(text);
  return result;
}

const std::string& process_name::no_text() noexcept {
  // Never destroyed: names may be read until the program is gone.
  alignas(std::string) static char place[sizeof(std::string)];
  static const auto& instance = *new (place) std::string;
  return instance;
}

std::string to_string(const process_name& x) {
  return x.str();
}

} // namespace vigil
