#include "messages/term/number.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <vector>

namespace vigil {

namespace {

/// Puts the point into the shortest `digits` of a number, 0.DIGITS *
/// 10^`place`, or gives it an exponent if that is shorter, or if the number is
/// so large that zeros at its end would pretend a precision it lacks.
std::string place_point(const std::string& digits, int place, bool large) {
  auto size = static_cast<int>(digits.size());
  if (place > 0 && place < size)
    return digits.substr(0, digits.size() - static_cast<size_t>(size - place))
           + '.' + digits.substr(static_cast<size_t>(place));
  auto exponent = std::to_string(place - 1);
  auto exponent_cost = static_cast<int>(exponent.size()) + (size == 1 ? 3 : 2);
  if (place <= 0 && (place == 0 || 2 - place <= exponent_cost))
    return "0." + std::string(static_cast<size_t>(-place), '0') + digits;
  if (place >= size && place - size + 2 <= exponent_cost && !large)
    return digits + std::string(static_cast<size_t>(place - size), '0') + ".0";
  auto fraction = size == 1 ? std::string{"0"} : digits.substr(1);
  return digits.substr(0, 1) + '.' + fraction + 'e' + exponent;
}

} // namespace

std::string integer_to_text(std::string_view bytes, bool negative) {
  // To the base 2^16, highest first, so that a remainder fits beside a digit.
  std::vector<uint16_t> digits;
  for (auto i = (bytes.size() + 1) / 2; i-- > 0;) {
    auto low = static_cast<uint8_t>(bytes[2 * i]);
    auto high = 2 * i + 1 < bytes.size()
                  ? static_cast<uint8_t>(bytes[2 * i + 1])
                  : uint8_t{0};
    digits.push_back(static_cast<uint16_t>(high << 8 | low));
  }
  std::string result;
  auto first = digits.begin();
  while (true) {
    first = std::find_if(first, digits.end(), [](auto y) { return y != 0; });
    if (first == digits.end())
      break;
    uint32_t remainder = 0;
    for (auto i = first; i != digits.end(); ++i) {
      auto value = remainder << 16 | *i;
      *i = static_cast<uint16_t>(value / 10000);
      remainder = value % 10000;
    }
    for (auto i = 0; i < 4; ++i, remainder /= 10)
      result += static_cast<char>('0' + remainder % 10);
  }
  result.erase(result.find_last_not_of('0') + 1);
  if (result.empty())
    return "0";
  if (negative)
    result += '-';
  std::reverse(result.begin(), result.end());
  return result;
}

std::string float_to_text(double x) {
  constexpr double first_inexact = 9007199254740992.0; // 2^53
  std::string sign = std::signbit(x) ? "-" : "";
  x = std::abs(x);
  if (x == 0)
    return sign + "0.0";
  char buffer[32];
  auto end = std::to_chars(buffer, std::end(buffer), x,
                           std::chars_format::scientific)
               .ptr;
  std::string_view text{buffer, static_cast<size_t>(end - buffer)};
  auto mark = text.find('e');
  auto digits = std::string{text.substr(0, mark)};
  digits.erase(std::remove(digits.begin(), digits.end(), '.'), digits.end());
  auto place = std::stoi(std::string{text.substr(mark + 1)}) + 1;
  return sign + place_point(digits, place, x >= first_inexact);
}

} // namespace vigil
