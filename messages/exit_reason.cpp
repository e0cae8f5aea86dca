#include <vigil/exit_reason.hpp>

#include "messages/term/check.hpp"
#include "messages/term/printer.hpp"
#include "messages/term/reader.hpp"
#include "messages/term/text.hpp"
#include "messages/term/writer.hpp"
#include "messages/text/utf8.hpp"

#include <atomic>
#include <cassert>
#include <cstdint>
#include <utility>

namespace vigil {

namespace {

// Said in the public header, which cannot include the grammar of terms.
static_assert(exit_reason::max_atom_size == 4 * max_atom_chars);

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

/// Returns whether a binary is printed, and read, as a text. Newlines are
/// allowed: texts of many lines are common.
bool is_text(std::string_view bytes) noexcept {
  return count_chars(bytes) && !has_control(bytes, "\n");
}

std::string quote(std::string_view text, char mark) {
  std::string result;
  append_quoted(result, text, mark);
  return result;
}

/// Makes a reason that is never destroyed: it may be read until the program is
/// gone.
const exit_reason& constant(std::string_view text) {
  return *new exit_reason(*exit_reason::atom(text));
}

} // namespace

struct exit_reason::content {
  std::string external;
  /// Where the text of an atom starts in it; 0 for any other term.
  size_t text_start;
  /// How many reasons share it.
  mutable std::atomic<size_t> uses{1};
};

exit_reason exit_reason::share(std::string external, size_t text_start) {
  exit_reason result;
  result.value_.shared = {shared_mark,
                          new content{std::move(external), text_start}};
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
  return ours == theirs || ours->external == theirs->external;
}

std::optional<exit_reason> exit_reason::atom(std::string_view text) {
  if (text.empty())
    return std::nullopt;
  return any_atom(text);
}

std::optional<exit_reason> exit_reason::any_atom(std::string_view text) {
  if (!is_atom_text(text))
    return std::nullopt;
  if (text.size() <= max_inline_size)
    return hold(text);
  return share(encode_atom(text), atom_size(text.size()) - text.size());
}

exit_reason exit_reason::binary(std::string_view bytes) {
  if (bytes.size() > max_size - binary_header_size)
    return system_limit();
  return share(encode_binary(bytes), 0);
}

std::optional<exit_reason> exit_reason::from_external(std::string_view bytes) {
  if (bytes.size() > max_size)
    return system_limit();
  if (!check_external_term(bytes))
    return std::nullopt;
  if (auto text = external_atom(bytes))
    return any_atom(*text);
  return share(std::string{bytes}, 0);
}

const exit_reason& exit_reason::normal() {
  static const auto& instance = constant("normal");
  return instance;
}

const exit_reason& exit_reason::killed() {
  static const auto& instance = constant("killed");
  return instance;
}

const exit_reason& exit_reason::shutdown() {
  static const auto& instance = constant("shutdown");
  return instance;
}

const exit_reason& exit_reason::noproc() {
  static const auto& instance = constant("noproc");
  return instance;
}

const exit_reason& exit_reason::noconnection() {
  static const auto& instance = constant("noconnection");
  return instance;
}

const exit_reason& exit_reason::system_limit() {
  static const auto& instance = constant("system_limit");
  return instance;
}

bool exit_reason::is_atom() const noexcept {
  return !is_shared() || value_.shared.where->text_start != 0;
}

std::string_view exit_reason::atom_text() const noexcept {
  if (!is_shared())
    return {value_.atom.text, value_.atom.size};
  if (!is_atom())
    return {};
  std::string_view external = value_.shared.where->external;
  return external.substr(value_.shared.where->text_start);
}

std::string exit_reason::external() const {
  auto bytes = external_view();
  return std::string{std::string_view{bytes}};
}

external_bytes exit_reason::external_view() const& noexcept {
  external_bytes result;
  if (is_shared()) {
    result.where_ = value_.shared.where->external.data();
    result.size_ = value_.shared.where->external.size();
  } else {
    static_assert(atom_size(max_inline_size) == external_bytes::max_held_size);
    result.size_ = atom_size(value_.atom.size);
    write_atom(result.held_, atom_text());
  }
  return result;
}

size_t exit_reason::external_size() const noexcept {
  return is_shared() ? value_.shared.where->external.size()
                     : atom_size(value_.atom.size);
}

std::string to_string(const exit_reason& x) {
  if (x.is_atom()) {
    auto text = x.atom_text();
    return is_bare_atom(text) ? std::string{text} : quote(text, '\'');
  }
  auto bytes = x.external_view();
  auto binary = external_binary(bytes);
  if (binary && is_text(*binary))
    return quote(*binary, '"');
  return print_external_term(bytes);
}

std::optional<exit_reason> parse_exit_reason(std::string_view text) {
  if (text.empty())
    return std::nullopt;
  if (text.front() == '"') {
    if (auto bytes = unquote(text, '"'); bytes && is_text(*bytes))
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
