#include "tools/node/shell.hpp"

#include "tools/line_reader.hpp"
#include "tools/words.hpp"

#include <chrono>
#include <utility>
#include <variant>

namespace vigil {

namespace {

/// Appends one of several values to an answer.
void append(std::string& out, std::string_view value) {
  if (!out.empty())
    out += ' ';
  out += value;
}

/// How long `sync` waits for a node that answers everything but this: one that
/// is silent is lost long before.
constexpr timespan sync_limit = std::chrono::minutes{10};

/// Renders an entry of `downs`: REF/OBJECT/REASON and perhaps /ORIGIN/LOSS, in
/// quotes if it holds a blank.
std::string render(const down& x, bool show_origin) {
  auto plain = to_string(x.ref) + '/' + to_string(x.object) + '/'
               + to_string(x.reason);
  if (show_origin)
    plain += '/' + std::string{to_string(x.origin)} + '/'
             + std::to_string(x.loss);
  if (plain.find(' ') == std::string::npos)
    return plain;
  std::string result{'"'};
  for (auto c : plain) {
    if (c == '"' || c == '\\')
      result += '\\';
    result += c;
  }
  result += '"';
  return result;
}

} // namespace

shell::shell(runtime_front front, static_resolver& addresses,
             shell_runtime& processes, output& out)
  : front_(std::move(front)),
    addresses_(addresses),
    processes_(processes),
    out_(out) {
  // nop
}

bool shell::execute(std::string_view line) {
  if (is_blank(line))
    return true;
  out_.wait_for_room();
  auto parsed = parse_command(line);
  if (!parsed) {
    fail(parsed.failure());
    return true;
  }
  std::visit([this](const auto& x) { run(x); }, *parsed);
  return !std::holds_alternative<command::quit>(*parsed);
}

void shell::refuse_long_line() {
  fail(
    {errc::bad_argument,
     "a line has at most " + std::to_string(line_reader::max_line) + " bytes"});
}

// -- processes and names ------------------------------------------------------

void shell::run(const command::spawn& x) {
  auto process = front_.new_pid();
  answer(processes_.spawn(process, x.name), to_string(process),
         x.name ? std::string_view{x.name->str()} : std::string_view{});
}

void shell::run(const command::exit& x) {
  if (!check(x.process))
    return;
  // Invisible first, reported then.
  auto code = processes_.end(x.process);
  if (code == errc::none)
    code = front_.process_exited(x.process, x.reason);
  answer(code);
}

void shell::run(const command::register_name& x) {
  if (!check(x.process))
    return;
  answer(processes_.add_name(x.name, x.process), {},
         x.name.str() + " for " + to_string(x.process)
           + " (a process has one name)");
}

void shell::run(const command::unregister_name& x) {
  answer(processes_.remove_name(x.name), {}, x.name.str());
}

void shell::run(const command::whereis& x) {
  auto process = processes_.whereis(x.name);
  succeed(process ? to_string(*process) : "undefined");
}

void shell::run(const command::downs& x) {
  if (!check(x.process))
    return;
  std::string values;
  for (const auto& message : processes_.take_downs(x.process))
    append(values, render(message, processes_.shows_origins()));
  succeed(values);
}

// -- monitors -----------------------------------------------------------------

void shell::run(const command::monitor& x) {
  if (!check(x.watcher))
    return;
  // Nobody can make sense of a DOWN before its reference is known.
  output::event_hold hold{out_};
  auto ref = front_.monitor(x.watcher, x.object);
  answer(ref.code(), ref ? to_string(*ref) : std::string{});
}

void shell::run(const command::demonitor& x) {
  if (!check(x.watcher))
    return;
  auto found = front_.demonitor(x.watcher, x.ref, {x.flush});
  // As in Erlang, where it is always true unless one asks.
  answer(found.code(), !x.info || (found && *found) ? "true" : "false");
}

void shell::run(const command::sync& x) {
  answer(front_.sync(x.peer, sync_limit), {}, x.peer.str());
}

void shell::run(const command::monitors& x) {
  if (!check(x.process))
    return;
  auto held = front_.monitors(x.process);
  std::string values;
  if (held)
    for (const auto& one : held->monitors)
      append(values, to_string(one.object));
  answer(held.code(), values);
}

void shell::run(const command::monitored_by& x) {
  if (!check(x.process))
    return;
  auto list = front_.monitored_by(x.process);
  std::string values;
  if (list)
    for (const auto& watcher : list->watchers)
      append(values, to_string(watcher));
  answer(list.code(), values);
}

// -- nodes --------------------------------------------------------------------

void shell::run(const command::connect& x) {
  if (x.address)
    addresses_.add(x.peer, *x.address);
  auto why = front_.connect(x.peer, x.keep).failure();
  switch (why.code) {
    case errc::none:
      return succeed();
    case errc::no_connection:
    case errc::bad_argument:
    case errc::shutdown:
    case errc::busy:
      return fail(why);
    default:
      // Whatever the cause, the command has one name for its failure.
      return fail({errc::no_connection, to_string(why)});
  }
}

void shell::run(const command::disconnect& x) {
  answer(front_.disconnect(x.peer), {}, x.peer.str());
}

void shell::run(const command::nodes&) {
  auto list = front_.nodes();
  std::string values;
  if (list)
    for (auto peer : list->nodes)
      append(values, peer.str());
  answer(list.code(), values);
}

void shell::run(const command::stats&) {
  auto counters = front_.stats();
  std::string values;
  if (counters)
    for (const auto& [name, value] : counters->values)
      append(values, name + '=' + std::to_string(value));
  answer(counters.code(), values);
}

void shell::run(const command::quit&) {
  succeed();
}

// -- answers ------------------------------------------------------------------

bool shell::check(const pid& process) {
  if (process.node != front_.self())
    fail({errc::not_local, to_string(process)});
  else if (!processes_.alive(process))
    fail({errc::noproc, to_string(process)});
  else
    return true;
  return false;
}

void shell::succeed(std::string_view values) {
  std::string line = "ok";
  if (!values.empty()) {
    line += ' ';
    line += values;
  }
  out_.answer(line);
}

void shell::fail(const error& why) {
  out_.answer("error " + on_one_line(to_string(why)));
}

void shell::answer(errc code, std::string_view values,
                   std::string_view detail) {
  if (code == errc::none)
    succeed(values);
  else
    fail({code, std::string{detail}});
}

} // namespace vigil
