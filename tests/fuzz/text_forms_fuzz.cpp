// The text forms of pids, names, references, targets, addresses and numbers:
// what is read is valid, and has this one text.

#include <vigil/node_name.hpp>
#include <vigil/pid.hpp>
#include <vigil/process_name.hpp>
#include <vigil/reference.hpp>
#include <vigil/resolver.hpp>
#include <vigil/target.hpp>
#include "messages/text/decimal.hpp"
#include "tests/fuzz/fuzz_target.hpp"

#include <cstdint>
#include <string>

namespace vigil::fuzz {

namespace {

/// How many names of nodes this program has met, at most.
size_t num_names = 0;

template <class T>
void check_only_text(const std::optional<T>& x, std::string_view text) {
  if (x)
    check(to_string(*x) == text, "what is read has one text");
}

template <class Integer>
void check_decimal(std::string_view text) {
  if (auto x = parse_decimal<Integer>(text))
    check(std::to_string(*x) == text, "a number has one text");
}

void check_node_name(std::string_view text) {
  auto well_formed = node_name::is_valid(text);
  // Names are never freed: a long run meets more than there is room for.
  if (well_formed && ++num_names >= node_name::max_names / 2)
    return;
  auto x = node_name::parse(text);
  check(x.has_value() == well_formed, "a name is what has the form of one");
  check_only_text(x, text);
  if (!x)
    return;
  check(text.size() <= node_name::max_length, "a node name is short");
  check(std::string{x->alive()} + '@' + std::string{x->host()} == text,
        "a name is its two parts");
  check(node_name::parse(text) == x, "the same text is the same name");
}

} // namespace

void run(std::string_view input) {
  check_node_name(input);
  auto process = parse_pid(input);
  check_only_text(process, input);
  check(!process || valid(*process), "a pid is valid");
  auto ref = parse_reference(input);
  check_only_text(ref, input);
  check(!ref || valid(*ref), "a reference is valid");
  auto object = parse_target(input);
  check_only_text(object, input);
  check(!object || valid(*object), "a target is valid");
  check(!process || object == target{*process}, "a pid is a target");
  auto name = process_name::parse(input);
  check_only_text(name, input);
  check(!name || (*name && input.size() <= process_name::max_length),
        "a process name is a short name");
  if (auto address = parse_address(input)) {
    check(address->port != 0 && !address->host.empty(), "an address has both");
    check(address->host + ':' + std::to_string(address->port) == input,
          "an address has one text");
  }
  check_decimal<uint16_t>(input);
  check_decimal<uint32_t>(input);
  check_decimal<uint64_t>(input);
}

} // namespace vigil::fuzz
