// Lines of a node shell: a command that is understood can be written down and
// understood again, and a complaint is one line.

#include "tools/node/shell_command.hpp"

#include "messages/text/utf8.hpp"
#include "tests/fuzz/fuzz_target.hpp"
#include "tests/fuzz/one_line.hpp"
#include "tools/words.hpp"

#include <string>

namespace vigil::fuzz {

namespace {

std::string text_of(const command::spawn& x) {
  return x.name ? "spawn " + to_string(*x.name) : "spawn";
}

std::string text_of(const command::exit& x) {
  return "exit " + to_string(x.process) + ' ' + to_string(x.reason);
}

std::string text_of(const command::register_name& x) {
  return "register " + to_string(x.name) + ' ' + to_string(x.process);
}

std::string text_of(const command::unregister_name& x) {
  return "unregister " + to_string(x.name);
}

std::string text_of(const command::whereis& x) {
  return "whereis " + to_string(x.name);
}

std::string text_of(const command::connect& x) {
  auto result = "connect " + to_string(x.peer);
  if (x.address)
    result += ' ' + x.address->host + ':' + std::to_string(x.address->port);
  if (x.keep)
    result += " keep";
  return result;
}

std::string text_of(const command::disconnect& x) {
  return "disconnect " + to_string(x.peer);
}

std::string text_of(const command::monitor& x) {
  check(valid(x.watcher) && valid(x.object), "a monitor is between processes");
  return "monitor " + to_string(x.watcher) + ' ' + to_string(x.object);
}

std::string text_of(const command::demonitor& x) {
  return "demonitor " + to_string(x.watcher) + ' ' + to_string(x.ref)
         + (x.flush ? " flush" : "") + (x.info ? " info" : "");
}

std::string text_of(const command::sync& x) {
  return "sync " + to_string(x.peer);
}

std::string text_of(const command::monitors& x) {
  return "monitors " + to_string(x.process);
}

std::string text_of(const command::monitored_by& x) {
  return "monitored_by " + to_string(x.process);
}

std::string text_of(const command::nodes&) {
  return "nodes";
}

std::string text_of(const command::stats&) {
  return "stats";
}

std::string text_of(const command::downs& x) {
  return "downs " + to_string(x.process);
}

std::string text_of(const command::quit&) {
  return "quit";
}

/// Not another `text_of`: a command that has none would become a
/// `shell_command`, and be asked for its text again, without end.
std::string written(const shell_command& x) {
  return std::visit([](const auto& y) { return text_of(y); }, x);
}

/// Returns the line with one blank between words.
std::string normalized(std::string_view line) {
  std::string result;
  if (!line.empty() && line.back() == '\r')
    line.remove_suffix(1);
  for (line = trim(line); !line.empty();) {
    result += result.empty() ? "" : " ";
    result += next_word(line);
  }
  return result;
}

} // namespace

void run(std::string_view input) {
  auto shown = show(input);
  check(is_one_line(shown), "what is shown is on one line");
  // 64 bytes, the rest of the last character, quotes and an ellipsis.
  check(!count_chars(input) || shown.size() <= 64 + 3 + 5,
        "what is shown of a text is short");
  check(is_one_line(on_one_line(input)),
        "what is put on one line is on one line");
  auto done = parse_command(input);
  if (!done) {
    auto text = to_string(done.failure());
    check(is_one_line(text), "a complaint is one line");
    check(text.size() <= 512, "a complaint is short");
    return;
  }
  check(!is_blank(input), "a blank line is no command");
  auto text = written(*done);
  auto again = parse_command(text);
  check(again.has_value(), "a command that is written down is understood");
  check(again->index() == done->index() && written(*again) == text,
        "a command that is written down is the same command");
  // A reason has several spellings, and the flags of demonitor any order.
  if (std::holds_alternative<command::demonitor>(*done))
    check(normalized(input).size() == text.size(), "no word is left out");
  else if (!std::holds_alternative<command::exit>(*done))
    check(normalized(input) == text, "a command has one text");
}

} // namespace vigil::fuzz
