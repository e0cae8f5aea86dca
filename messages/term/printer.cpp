#include "messages/term/printer.hpp"

#include "messages/term/check.hpp"
#include "messages/term/number.hpp"
#include "messages/term/reader.hpp"
#include "messages/term/text.hpp"
#include "messages/text/utf8.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace vigil {

namespace {

/// Texts longer than this, in bytes, are cut off.
constexpr size_t max_text = 4096;

/// Terms in more than so many others are left out.
constexpr size_t max_level = 32;

/// Integers of more bytes are left out: they would not fit into `max_text`.
constexpr size_t max_big_size = 2048;

constexpr std::string_view ellipsis = "...";

std::string latin1_to_utf8(std::string_view bytes) {
  return text_of(atom_term{bytes, true});
}

/// Reads what follows the tag of a list, tail included, as a text; nothing if
/// there is anything but printable characters of Latin-1.
std::optional<std::string> read_charlist(term_reader& in) {
  std::string result;
  for (auto tag = term_tag::list; tag == term_tag::list;) {
    auto size = in.read_number(4);
    for (tag = in.read_tag(); size > 0; tag = in.read_tag(), --size) {
      if (tag != term_tag::small_integer && tag != term_tag::integer)
        return std::nullopt;
      auto code = static_cast<uint32_t>(read_small_integer(in, tag));
      if (code > 0xff || !is_printable(code))
        return std::nullopt;
      append_char(result, code);
    }
    if (tag == term_tag::string) {
      auto bytes = in.read_bytes(in.read_size(2));
      if (is_latin1_text(bytes))
        return result + latin1_to_utf8(bytes);
    } else if (tag == term_tag::nil) {
      return result;
    }
  }
  return std::nullopt;
}

/// Prints one term that has passed the check.
class term_printer {
public:
  explicit term_printer(term_reader in) : in_(in) {
    // nop
  }

  std::string run() {
    print(0);
    if (full()) {
      auto end = max_text;
      while ((static_cast<uint8_t>(out_[end]) & 0xc0) == 0x80)
        --end;
      out_.erase(end);
      out_ += ellipsis;
    }
    return std::move(out_);
  }

private:
  bool full() const noexcept {
    return out_.size() > max_text;
  }

  /// @pre `!full()`: who finds the text full stops reading, amidst a term
  void print(size_t level) {
    if (level == max_level) {
      skip_term(in_);
      out_ += ellipsis;
      return;
    }
    auto tag = in_.read_tag();
    // A list without elements is its tail.
    while (tag == term_tag::list && next_list_is_empty()) {
      in_.read_number(4);
      tag = in_.read_tag();
    }
    print_tagged(tag, level);
  }

  bool next_list_is_empty() const noexcept {
    auto probe = in_;
    return probe.read_number(4) == 0 && !probe.failed();
  }

  void print_tagged(term_tag tag, size_t level) {
    switch (tag) {
      case term_tag::new_float:
      case term_tag::old_float:
        out_ += float_to_text(read_float(in_, tag));
        break;
      case term_tag::small_integer:
      case term_tag::integer:
        out_ += std::to_string(read_small_integer(in_, tag));
        break;
      case term_tag::small_big:
      case term_tag::large_big:
        print_big(read_big(in_, tag));
        break;
      case term_tag::atom:
      case term_tag::small_atom:
      case term_tag::atom_utf8:
      case term_tag::small_atom_utf8:
        print_atom(read_atom(in_, tag));
        break;
      case term_tag::old_pid:
      case term_tag::new_pid:
      case term_tag::old_port:
      case term_tag::new_port:
      case term_tag::v4_port:
      case term_tag::old_reference:
      case term_tag::new_reference:
      case term_tag::newer_reference:
        print_identifier(read_identifier(in_, tag), tag);
        break;
      case term_tag::binary:
      case term_tag::bit_binary:
        print_bits(read_bits(in_, tag));
        break;
      case term_tag::string:
        print_string();
        break;
      case term_tag::nil:
        out_ += "[]";
        break;
      case term_tag::list:
        print_list(level);
        break;
      case term_tag::small_tuple:
      case term_tag::large_tuple:
        print_tuple(in_.read_number(tag == term_tag::small_tuple ? 1 : 4),
                    level);
        break;
      case term_tag::map:
        print_map(level);
        break;
      case term_tag::new_fun:
        print_fun();
        break;
      case term_tag::export_fun:
        print_export();
        break;
    }
  }

  void print_big(const big_term& x) {
    if (x.digits.size() <= max_big_size)
      out_ += integer_to_text(x.digits, x.negative);
    else
      out_ += "#Integer<" + std::to_string(x.digits.size()) + " bytes>";
  }

  void print_atom(const atom_term& x) {
    auto text = text_of(x);
    if (needs_quotes(text))
      append_quoted(out_, text, '\'');
    else
      out_ += text;
  }

  /// Prints the name of a node or module within an identifier, without quotes.
  void print_plain(const atom_term& x) {
    append_escaped(out_, text_of(x), '\'');
  }

  void print_identifier(const identifier_term& x, term_tag tag) {
    out_ += is_pid_tag(tag) ? "<" : is_port_tag(tag) ? "#Port<" : "#Ref<";
    print_plain(x.node);
    std::vector<uint64_t> numbers;
    for (term_reader in{x.numbers}; !in.rest().empty();)
      numbers.push_back(in.read_number(x.width));
    // The format has the lowest word of a reference first.
    if (is_reference_tag(tag))
      std::reverse(numbers.begin(), numbers.end());
    for (auto number : numbers)
      out_ += '.' + std::to_string(number);
    out_ += '>';
  }

  void print_bits(const bits_term& x) {
    auto whole = x.last_bits % 8 == 0;
    out_ += "<<";
    if (whole && is_utf8_text(x.bytes))
      print_text(x.bytes);
    else if (whole && is_latin1_text(x.bytes))
      append_quoted(out_, latin1_to_utf8(x.bytes), '"');
    else
      print_bytes(x);
    out_ += ">>";
  }

  void print_text(std::string_view text) {
    if (text.empty())
      return;
    append_quoted(out_, text, '"');
    if (*count_chars(text) != text.size())
      out_ += "/utf8";
  }

  void print_bytes(const bits_term& x) {
    print_numbers(x.bytes.substr(0, x.bytes.size() - 1));
    auto last = static_cast<uint8_t>(x.bytes.back());
    if (x.bytes.size() > 1)
      out_ += ',';
    out_ += std::to_string(last >> (8 - x.last_bits));
    if (x.last_bits != 8)
      out_ += ':' + std::to_string(x.last_bits);
  }

  void print_numbers(std::string_view bytes) {
    for (size_t i = 0; i < bytes.size() && !full(); ++i) {
      if (i > 0)
        out_ += ',';
      out_ += std::to_string(static_cast<uint8_t>(bytes[i]));
    }
  }

  void print_string() {
    auto bytes = in_.read_bytes(in_.read_size(2));
    if (!bytes.empty() && is_latin1_text(bytes)) {
      append_quoted(out_, latin1_to_utf8(bytes), '"');
      return;
    }
    out_ += '[';
    print_numbers(bytes);
    out_ += ']';
  }

  void print_list(size_t level) {
    auto probe = in_;
    if (auto text = read_charlist(probe)) {
      append_quoted(out_, *text, '"');
      in_ = probe;
      return;
    }
    out_ += '[';
    print_elements(in_.read_number(4), level);
    // A tail that is a list continues this one.
    auto tag = peek_tag();
    while (tag == term_tag::list && !full()) {
      in_.read_tag();
      if (auto size = in_.read_number(4)) {
        out_ += ',';
        print_elements(size, level);
      }
      tag = peek_tag();
    }
    print_tail(tag, level);
    out_ += ']';
  }

  void print_tail(term_tag tag, size_t level) {
    if (full())
      return;
    if (tag == term_tag::nil) {
      in_.read_tag();
    } else if (tag == term_tag::string) {
      in_.read_tag();
      auto bytes = in_.read_bytes(in_.read_size(2));
      if (!bytes.empty())
        out_ += ',';
      print_numbers(bytes);
    } else {
      out_ += '|';
      print(level + 1);
    }
  }

  term_tag peek_tag() const noexcept {
    auto probe = in_;
    return probe.read_tag();
  }

  void print_elements(uint64_t size, size_t level) {
    for (uint64_t i = 0; i < size && !full(); ++i) {
      if (i > 0)
        out_ += ',';
      print(level + 1);
    }
  }

  void print_tuple(uint64_t size, size_t level) {
    out_ += '{';
    print_elements(size, level);
    out_ += '}';
  }

  void print_map(size_t level) {
    out_ += "#{";
    auto size = in_.read_number(4);
    for (uint64_t i = 0; i < 2 * size && !full(); ++i) {
      if (i > 0)
        out_ += i % 2 == 1 ? " => " : ",";
      print(level + 1);
    }
    out_ += '}';
  }

  void print_fun() {
    auto fun = read_fun(in_);
    out_ += "#Fun<";
    print_plain(fun.module);
    out_ += '.' + std::to_string(fun.index) + '.' + std::to_string(fun.unique)
            + '>';
    for (uint64_t i = 0; i < fun.free_variables; ++i)
      skip_term(in_);
  }

  void print_export() {
    auto function = read_export(in_);
    out_ += "fun ";
    print_atom(function.module);
    out_ += ':';
    print_atom(function.function);
    out_ += '/' + std::to_string(function.arity);
  }

  term_reader in_;
  std::string out_;
};

} // namespace

std::string print_external_term(std::string_view bytes) {
  return term_printer{open_term(bytes)}.run();
}

} // namespace vigil
