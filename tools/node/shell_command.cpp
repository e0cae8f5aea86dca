#include "tools/node/shell_command.hpp"

#include <vigil/errc.hpp>
#include "messages/text/utf8.hpp"
#include "tools/words.hpp"

#include <array>
#include <string>
#include <utility>

namespace vigil {

namespace {

/// What is left to read of a line, and the first thing that was wrong with it.
class arguments {
public:
  explicit arguments(std::string_view rest) : rest_(rest) {
    // nop
  }

  /// Reads the next word with `parse`; `what` says what it should be.
  template <class Parse>
  auto read(std::string_view what, Parse parse) {
    decltype(parse(rest_)) value;
    auto word = next_word(rest_);
    if (word.empty())
      fail(std::string{what} + " is missing");
    else if (value = parse(word); !value)
      fail(show(word) + " is not " + std::string{what});
    return value;
  }

  std::string_view next() noexcept {
    return next_word(rest_);
  }

  /// Takes the rest of the line, which may hold blanks.
  std::string_view rest() noexcept {
    return std::exchange(rest_, {});
  }

  bool at_end() const noexcept {
    return rest_.empty();
  }

  /// Returns whether nothing but this word is left.
  bool only(std::string_view word) const noexcept {
    auto rest = rest_;
    return next_word(rest) == word && rest.empty();
  }

  void fail(std::string detail) {
    if (!failure_)
      failure_ = error{errc::bad_argument, std::move(detail)};
  }

  /// Returns the command that `make` makes, unless something was wrong.
  template <class Make>
  result<shell_command> finish(Make make) {
    if (!failure_ && !at_end())
      fail(show(next()) + " is one argument too many");
    if (failure_)
      return *failure_;
    return shell_command{make()};
  }

private:
  std::string_view rest_;
  std::optional<error> failure_;
};

std::optional<pid> read_pid(arguments& in) {
  return in.read("a pid such as <alive@host:1:2:3>", parse_pid);
}

std::optional<process_name> read_name(arguments& in) {
  return in.read("a process name such as db", process_name::parse);
}

std::optional<node_name> read_node(arguments& in) {
  return in.read("a node name such as alive@host", node_name::parse);
}

/// Most commands have exactly one argument.
template <class Command, class Read>
result<shell_command> parse_one(arguments& in, Read read) {
  auto value = read(in);
  return in.finish([&] { return Command{std::move(*value)}; });
}

template <class Command>
result<shell_command> parse_none(arguments& in) {
  return in.finish([] { return Command{}; });
}

result<shell_command> parse_spawn(arguments& in) {
  std::optional<process_name> name;
  if (!in.at_end())
    name = read_name(in);
  return in.finish([&] { return command::spawn{std::move(name)}; });
}

result<shell_command> parse_exit(arguments& in) {
  auto process = read_pid(in);
  std::optional<exit_reason> reason;
  if (auto text = in.rest(); text.empty())
    in.fail("a reason is missing");
  else if (reason = parse_exit_reason(text); !reason)
    in.fail(show(text) + " is not an atom or a text in double quotes");
  return in.finish([&] { return command::exit{*process, std::move(*reason)}; });
}

result<shell_command> parse_register(arguments& in) {
  auto name = read_name(in);
  auto process = read_pid(in);
  return in.finish([&] {
    return command::register_name{std::move(*name), *process};
  });
}

result<shell_command> parse_connect(arguments& in) {
  auto peer = read_node(in);
  std::optional<node_address> address;
  if (!in.at_end() && !in.only("keep"))
    address = in.read("an address such as 127.0.0.1:4000", parse_address);
  auto keep = in.only("keep");
  if (keep)
    in.next();
  return in.finish([&] {
    return command::connect{*peer, std::move(address), keep};
  });
}

result<shell_command> parse_monitor(arguments& in) {
  auto watcher = read_pid(in);
  auto object = in.read("a pid or a name such as {db,alive@host}",
                        parse_target);
  return in.finish([&] {
    return command::monitor{*watcher, std::move(*object)};
  });
}

result<shell_command> parse_demonitor(arguments& in) {
  auto watcher = read_pid(in);
  auto ref = in.read("a reference such as #Ref<72057594037927936>",
                     parse_reference);
  command::demonitor out;
  while (!in.at_end()) {
    auto flag = in.next();
    if (flag == "flush" && !out.flush)
      out.flush = true;
    else if (flag == "info" && !out.info)
      out.info = true;
    else
      in.fail(show(flag) + " is not flush or info, each at most once");
  }
  return in.finish([&] {
    out.watcher = *watcher;
    out.ref = *ref;
    return out;
  });
}

struct entry {
  std::string_view name;
  result<shell_command> (*parse)(arguments&);
};

constexpr std::array<entry, 16> commands{{
  {"spawn", parse_spawn},
  {"exit", parse_exit},
  {"register", parse_register},
  {"unregister",
   [](arguments& in) {
     return parse_one<command::unregister_name>(in, read_name);
   }},
  {"whereis",
   [](arguments& in) { return parse_one<command::whereis>(in, read_name); }},
  {"connect", parse_connect},
  {"disconnect",
   [](arguments& in) { return parse_one<command::disconnect>(in, read_node); }},
  {"monitor", parse_monitor},
  {"demonitor", parse_demonitor},
  {"sync",
   [](arguments& in) { return parse_one<command::sync>(in, read_node); }},
  {"monitors",
   [](arguments& in) { return parse_one<command::monitors>(in, read_pid); }},
  {"monitored_by",
   [](arguments& in) {
     return parse_one<command::monitored_by>(in, read_pid);
   }},
  {"nodes", parse_none<command::nodes>},
  {"stats", parse_none<command::stats>},
  {"downs",
   [](arguments& in) { return parse_one<command::downs>(in, read_pid); }},
  {"quit", parse_none<command::quit>},
}};

/// Returns a line without the carriage return at its end.
std::string_view without_return(std::string_view line) noexcept {
  if (!line.empty() && line.back() == '\r')
    line.remove_suffix(1);
  return line;
}

} // namespace

result<shell_command> parse_command(std::string_view line) {
  line = without_return(line);
  if (line.find('\0') != std::string_view::npos)
    return error{errc::bad_argument, "a line holds no zero bytes"};
  if (!count_chars(line))
    return error{errc::bad_argument, "a line is UTF-8"};
  auto rest = trim(line);
  auto name = next_word(rest);
  arguments in{rest};
  for (const auto& candidate : commands)
    if (candidate.name == name)
      return candidate.parse(in);
  return error{errc::unknown_command, show(name)};
}

bool is_blank(std::string_view line) noexcept {
  return trim(without_return(line)).empty();
}

} // namespace vigil
