#include <vigil/exit_reason.hpp>

#include "messages/term/check.hpp"
#include "messages/utf8.hpp"

#include <atomic>
#include <cassert>
#include <charconv>
#include <cstdint>
#include <utility>

namespace vigil {

namespace {

constexpr size_t max_atom_chars = 255;

constexpr char version_byte = static_cast<char>(131);
constexpr char binary_tag = 109;
constexpr char atom_utf8_tag = 118;
constexpr char small_atom_utf8_tag = 119;

void append_big_endian(std::string& out, size_t value, int bytes) {
  for (auto shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    out += static_cast<char>((value >> shift) & 0xff);
}

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

bool has_control(std::string_view text, std::string_view allowed) noexcept {
  while (!text.empty()) {
    auto next = first_char(text);
    if (is_control(next.code)
        && allowed.find(text.front()) == std::string_view::npos)
      return true;
    text.remove_prefix(next.size);
  }
  return false;
}

/// Returns whether `text` starts as another term than an atom would.
bool looks_like_other_term(std::string_view text) noexcept {
  return std::string_view{"{[<#\"'"}.find(text.front())
           != std::string_view::npos
         || is_digit(text.front())
         || (text.front() == '-' && text.size() > 1 && is_digit(text[1]))
         || text.substr(0, 4) == "fun ";
}

/// Returns whether an atom of this text is printed, and read, as it is.
bool is_bare_atom(std::string_view text) noexcept {
  return !text.empty() && text.front() != ' ' && text.back() != ' '
         && !looks_like_other_term(text) && count_chars(text)
         && !has_control(text, "");
}

/// @pre `text` is UTF-8
std::string quote(std::string_view text, char mark) {
  std::string result{mark};
  for (auto rest = text; !rest.empty();) {
    auto next = first_char(rest);
    if (next.code == '\n') {
      result += "\\n";
    } else if (is_control(next.code)) {
      char digits[8];
      auto end = std::to_chars(digits, std::end(digits),
                               static_cast<uint32_t>(next.code), 16)
                   .ptr;
      result += "\\x{";
      result.append(digits, end);
      result += '}';
    } else {
      if (rest.front() == mark || rest.front() == '\\')
        result += '\\';
      result += rest.substr(0, next.size);
    }
    rest.remove_prefix(next.size);
  }
  result += mark;
  return result;
}

/// Reads what follows the backslash of `\x{1F}` and removes it from `rest`.
std::optional<char32_t> read_hex_escape(std::string_view& rest) {
  auto close = rest.find('}');
  if (rest.substr(0, 2) != "x{" || close == std::string_view::npos)
    return std::nullopt;
  uint32_t code = 0;
  auto last = rest.data() + close;
  auto [end, failure] = std::from_chars(rest.data() + 2, last, code, 16);
  if (failure != std::errc{} || end != last || !is_char(code))
    return std::nullopt;
  rest.remove_prefix(close + 1);
  return code;
}

/// Reads what follows a backslash and removes it from `rest`.
std::optional<char32_t> read_escape(std::string_view& rest, char mark) {
  if (rest.empty())
    return std::nullopt;
  auto first = rest.front();
  // Only atoms can hold control characters and yet print as themselves.
  if (first == 'x' && mark == '\'')
    return read_hex_escape(rest);
  if (first != mark && first != '\\' && first != 'n')
    return std::nullopt;
  rest.remove_prefix(1);
  return first == 'n' ? U'\n' : static_cast<char32_t>(first);
}

/// Reads a whole text in quotes.
std::optional<std::string> unquote(std::string_view text, char mark) {
  if (text.size() < 2 || text.front() != mark || text.back() != mark)
    return std::nullopt;
  std::string result;
  for (auto rest = text.substr(1, text.size() - 2); !rest.empty();) {
    auto next = first_char(rest);
    if (next.size == 0 || is_control(next.code) || rest.front() == mark)
      return std::nullopt;
    rest.remove_prefix(next.size);
    if (next.code == '\\') {
      auto escaped = read_escape(rest, mark);
      if (!escaped)
        return std::nullopt;
      next.code = *escaped;
    }
    append_char(result, next.code);
  }
  return result;
}

/// Returns the external form of an atom.
std::string encode_atom(std::string_view text) {
  std::string result{version_byte};
  if (text.size() <= 0xff) {
    result += small_atom_utf8_tag;
    append_big_endian(result, text.size(), 1);
  } else {
    result += atom_utf8_tag;
    append_big_endian(result, text.size(), 2);
  }
  result += text;
  return result;
}

} // namespace

struct exit_reason::content {
  /// The text of an atom, the external form of any other term.
  std::string bytes;
  bool atom;
  /// How many reasons share it.
  mutable std::atomic<size_t> uses{1};
};

exit_reason exit_reason::share(std::string bytes, bool atom) {
  exit_reason result;
  result.value_.shared = {shared_mark, new content{std::move(bytes), atom}};
  return result;
}

exit_reason exit_reason::hold(std::string_view text) noexcept {
  assert(text.size() <= max_inline_size);
  inline_atom result{};
  result.size = static_cast<uint8_t>(text.size());
  text.copy(result.text, text.size());
  return exit_reason{result};
}

void exit_reason::retain() const noexcept {
  // Whoever copies a reason holds one, so nothing has to be ordered before.
  value_.shared.where->uses.fetch_add(1, std::memory_order_relaxed);
}

void exit_reason::release() const noexcept {
  // All that other threads did with the content comes before its end.
  auto where = value_.shared.where;
  if (where->uses.fetch_sub(1, std::memory_order_acq_rel) == 1)
    delete where;
}

bool exit_reason::same_content(const exit_reason& x) const noexcept {
  auto ours = value_.shared.where;
  auto theirs = x.value_.shared.where;
  // The text of an atom never equals an external form: that starts with 131,
  // with which no UTF-8 can start.
  return ours == theirs || ours->bytes == theirs->bytes;
}

std::optional<exit_reason> exit_reason::atom(std::string_view text) {
  if (text.empty())
    return std::nullopt;
  return any_atom(text);
}

std::optional<exit_reason> exit_reason::any_atom(std::string_view text) {
  auto chars = count_chars(text);
  if (!chars || *chars > max_atom_chars)
    return std::nullopt;
  return text.size() <= max_inline_size ? hold(text)
                                        : share(std::string{text}, true);
}

exit_reason exit_reason::binary(std::string_view bytes) {
  constexpr size_t header = 6;
  if (bytes.size() > max_size - header)
    return system_limit();
  std::string result;
  result.reserve(header + bytes.size());
  result += version_byte;
  result += binary_tag;
  append_big_endian(result, bytes.size(), 4);
  result += bytes;
  return share(std::move(result), false);
}

std::optional<exit_reason> exit_reason::from_external(std::string_view bytes) {
  if (bytes.size() > max_size)
    return system_limit();
  if (!check_external_term(bytes))
    return std::nullopt;
  if (auto text = external_atom(bytes))
    return any_atom(*text);
  return share(std::string{bytes}, false);
}

const exit_reason& exit_reason::normal() {
  static const auto instance = *atom("normal");
  return instance;
}

const exit_reason& exit_reason::killed() {
  static const auto instance = *atom("killed");
  return instance;
}

const exit_reason& exit_reason::shutdown() {
  static const auto instance = *atom("shutdown");
  return instance;
}

const exit_reason& exit_reason::noproc() {
  static const auto instance = *atom("noproc");
  return instance;
}

const exit_reason& exit_reason::noconnection() {
  static const auto instance = *atom("noconnection");
  return instance;
}

const exit_reason& exit_reason::system_limit() {
  static const auto instance = *atom("system_limit");
  return instance;
}

bool exit_reason::is_atom() const noexcept {
  return !is_shared() || value_.shared.where->atom;
}

std::string_view exit_reason::atom_text() const noexcept {
  if (!is_shared())
    return {value_.atom.text, value_.atom.size};
  return is_atom() ? std::string_view{value_.shared.where->bytes}
                   : std::string_view{};
}

std::string exit_reason::external() const {
  return is_atom() ? encode_atom(atom_text()) : value_.shared.where->bytes;
}

std::string to_string(const exit_reason& x) {
  if (x.is_atom()) {
    auto text = x.atom_text();
    return is_bare_atom(text) ? std::string{text} : quote(text, '\'');
  }
  auto bytes = x.external();
  auto binary = external_binary(bytes);
  if (binary && count_chars(*binary) && !has_control(*binary, "\n"))
    return quote(*binary, '"');
  return print_external_term(bytes);
}

std::optional<exit_reason> parse_exit_reason(std::string_view text) {
  if (text.empty())
    return std::nullopt;
  if (text.front() == '"') {
    if (auto bytes = unquote(text, '"'))
      return exit_reason::binary(*bytes);
    return std::nullopt;
  }
  if (text.front() == '\'') {
    if (auto name = unquote(text, '\''))
      return exit_reason::any_atom(*name);
    return std::nullopt;
  }
  if (!is_bare_atom(text))
    return std::nullopt;
  return exit_reason::atom(text);
}

} // namespace vigil
