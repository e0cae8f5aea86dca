#include <vigil/process_name.hpp>

#include <algorithm>
#include <new>

namespace vigil {

namespace {

bool is_name_char(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
         || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

} // namespace

std::optional<process_name> process_name::parse(std::string_view text) {
  if (text.empty() || text.size() > max_length
      || !std::all_of(text.begin(), text.end(), is_name_char))
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
