#include "tools/node/shell_command.hpp"

#include <vigil/errc.hpp>
#include "messages/text/decimal.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <variant>

using namespace vigil;

namespace {

const std::string pid_text = "<a@h:1:2:3>";

const std::string ref_text = "#Ref<72057594037927936>";

/// Returns what a line is refused with, `none` if it is not.
errc failure(std::string_view line) {
  auto parsed = parse_command(line);
  if (parsed)
    return errc::none;
  CHECK_FALSE(parsed.failure().detail.empty());
  return parsed.failure().code;
}

template <class Command>
Command parse(std::string_view line) {
  CAPTURE(line);
  auto parsed = parse_command(line);
  REQUIRE(parsed);
  auto command = std::get_if<Command>(&*parsed);
  REQUIRE(command != nullptr);
  return *command;
}

} // namespace

TEST_CASE("every command is read with all of its arguments") {
  CHECK_FALSE(parse<command::spawn>("spawn").name);
  CHECK(parse<command::spawn>("spawn db").name->str() == "db");
  auto exit = parse<command::exit>("exit " + pid_text + " killed");
  CHECK(to_string(exit.process) == pid_text);
  CHECK(exit.reason == exit_reason::killed());
  auto add = parse<command::register_name>("register db " + pid_text);
  CHECK(add.name.str() == "db");
  CHECK(to_string(add.process) == pid_text);
  CHECK(parse<command::unregister_name>("unregister db").name.str() == "db");
  CHECK(parse<command::whereis>("whereis db").name.str() == "db");
  CHECK_FALSE(parse<command::connect>("connect b@h").address);
  auto connect = parse<command::connect>("connect b@h 10.0.0.1:99");
  CHECK(connect.peer.str() == "b@h");
  CHECK(connect.address->host == "10.0.0.1");
  CHECK(connect.address->port == 99);
  CHECK(parse<command::disconnect>("disconnect b@h").peer.str() == "b@h");
  auto by_pid = parse<command::monitor>("monitor " + pid_text + " <b@h:4:5:6>");
  CHECK(to_string(by_pid.watcher) == pid_text);
  CHECK(to_string(by_pid.object) == "<b@h:4:5:6>");
  auto by_name = parse<command::monitor>("monitor " + pid_text + " {db,b@h}");
  CHECK(to_string(by_name.object) == "{db,b@h}");
  CHECK(to_string(parse<command::monitors>("monitors " + pid_text).process)
        == pid_text);
  CHECK(
    to_string(parse<command::monitored_by>("monitored_by " + pid_text).process)
    == pid_text);
  CHECK(to_string(parse<command::downs>("downs " + pid_text).process)
        == pid_text);
  CHECK(parse<command::sync>("sync b@h").peer.str() == "b@h");
  CHECK(failure("sync") == errc::bad_argument);
  CHECK(failure("sync b") == errc::bad_argument);
  parse<command::nodes>("nodes");
  parse<command::stats>("stats");
  parse<command::quit>("quit");
}

TEST_CASE("demonitor takes its flags in any order, each once") {
  auto base = "demonitor " + pid_text + ' ' + ref_text;
  auto flags = [&](const std::string& more) {
    auto x = parse<command::demonitor>(base + more);
    CHECK(to_string(x.watcher) == pid_text);
    CHECK(to_string(x.ref) == ref_text);
    return std::string{x.flush ? "f" : "-"} + (x.info ? "i" : "-");
  };
  CHECK(flags("") == "--");
  CHECK(flags(" flush") == "f-");
  CHECK(flags(" info") == "-i");
  CHECK(flags(" flush info") == "fi");
  CHECK(flags(" info flush") == "fi");
  CHECK(failure(base + " flush flush") == errc::bad_argument);
  CHECK(failure(base + " info info") == errc::bad_argument);
  CHECK(failure(base + " now") == errc::bad_argument);
  CHECK(failure("demonitor " + pid_text + " #Ref<1>") == errc::bad_argument);
  CHECK(failure("demonitor " + pid_text + " 72057594037927936")
        == errc::bad_argument);
}

TEST_CASE("a reason runs to the end of the line") {
  auto reason = [](const std::string& text) {
    return to_string(
      parse<command::exit>("exit " + pid_text + ' ' + text).reason);
  };
  CHECK(reason("Alles gut") == "Alles gut");
  CHECK(reason("\"disk full: 'a'\"") == "\"disk full: 'a'\"");
  CHECK(reason("\"a \\\"b\\\" \\\\ \\n\"") == "\"a \\\"b\\\" \\\\ \\n\"");
  CHECK(reason("kaputt \xc3\xa4") == "kaputt \xc3\xa4");
  CHECK(reason("shutdown\r") == "shutdown");
  CHECK(failure("exit " + pid_text) == errc::bad_argument);
  CHECK(failure("exit " + pid_text + ' ') == errc::bad_argument);
  CHECK(failure("exit " + pid_text + " \"open") == errc::bad_argument);
  CHECK(failure("exit " + pid_text + " {a,b}") == errc::bad_argument);
}

TEST_CASE("blanks and a carriage return at the end do not matter") {
  CHECK(parse<command::whereis>("  whereis \t db  ").name.str() == "db");
  CHECK(parse<command::whereis>("whereis db\r").name.str() == "db");
  CHECK(is_blank(""));
  CHECK(is_blank(" \t "));
  CHECK(is_blank("\r"));
  CHECK(is_blank("  \r"));
  CHECK_FALSE(is_blank(" x"));
}

TEST_CASE("what does not parse is refused, and the error says why") {
  CHECK(failure("fly") == errc::unknown_command);
  CHECK(failure("Spawn") == errc::unknown_command);
  CHECK(failure("spawn db db2") == errc::bad_argument);
  CHECK(failure("spawn d.b") == errc::bad_argument);
  CHECK(failure("spawn " + std::string(256, 'x')) == errc::bad_argument);
  CHECK(failure("register db") == errc::bad_argument);
  CHECK(failure("register " + pid_text + " db") == errc::bad_argument);
  CHECK(failure("unregister") == errc::bad_argument);
  CHECK(failure("whereis a b") == errc::bad_argument);
  CHECK(failure("connect b") == errc::bad_argument);
  CHECK(failure("connect b@h h") == errc::bad_argument);
  CHECK(failure("connect b@h h:0") == errc::bad_argument);
  CHECK(failure("connect b@h h:65536") == errc::bad_argument);
  CHECK(failure("connect b@h h:1 x") == errc::bad_argument);
  CHECK(failure("disconnect") == errc::bad_argument);
  CHECK(failure("monitor") == errc::bad_argument);
  CHECK(failure("monitor " + pid_text) == errc::bad_argument);
  CHECK(failure("monitor " + pid_text + " {db, b@h}") == errc::bad_argument);
  CHECK(failure("monitor " + pid_text + " {db}") == errc::bad_argument);
  CHECK(failure("monitor x " + pid_text) == errc::bad_argument);
  CHECK(failure("monitors <a@h:0:2:3>") == errc::bad_argument);
  CHECK(failure("monitored_by <a@h:1:0:0>") == errc::bad_argument);
  CHECK(failure("nodes now") == errc::bad_argument);
  CHECK(failure("stats all") == errc::bad_argument);
  CHECK(failure("quit now") == errc::bad_argument);
  CHECK(failure("whereis d\xff") == errc::bad_argument);
  CHECK(failure(std::string_view{"whereis d\0b", 11}) == errc::bad_argument);
  CHECK(parse_command("fly to \x01 the moon").failure().detail == "'fly'");
}
