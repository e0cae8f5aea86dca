#include "tools/node/node_settings.hpp"

#include "messages/text/utf8.hpp"
#include "tools/words.hpp"

#include <caf/atom.hpp>
#include <caf/config_option.hpp>
#include <caf/config_option_set.hpp>
#include <caf/config_value.hpp>
#include <caf/pec.hpp>

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

namespace vigil {

namespace {

constexpr std::string_view peer_prefix = "--peer=";

constexpr std::string_view file_prefix = "--config-file=";

/// The options of the actor framework that make a difference to a node, by
/// category. The others are for what a node does not have, or does itself: a
/// log (to standard error), heartbeats and connections.
constexpr std::pair<std::string_view, std::string_view> useful_options[] = {
  {"scheduler", "policy"},
  {"scheduler", "max-threads"},
  {"scheduler", "max-throughput"},
  {"middleman", "app-identifiers"},
  {"middleman", "max-consecutive-reads"},
  {"middleman", "attach-utility-actors"},
  {"middleman", "workers"},
  {"work-stealing", "aggressive-poll-attempts"},
  {"work-stealing", "aggressive-steal-interval"},
  {"work-stealing", "moderate-poll-attempts"},
  {"work-stealing", "moderate-steal-interval"},
  {"work-stealing", "moderate-sleep-duration"},
  {"work-stealing", "relaxed-steal-interval"},
  {"work-stealing", "relaxed-sleep-duration"},
};

/// Those that say something about the command line itself.
constexpr std::string_view no_file_options[] = {"help", "long-help",
                                                "config-file"};

/// More than anybody writes; what has no end is no file of options.
constexpr size_t max_file_size = size_t{1024} * 1024;

bool is_useful(const caf::config_option& x) {
  auto text = [](caf::string_view part) {
    return std::string_view{part.data(), part.size()};
  };
  std::pair name{text(x.category()), text(x.long_name())};
  return std::find(std::begin(useful_options), std::end(useful_options), name)
         != std::end(useful_options);
}

error bad_option(const std::string& detail) {
  return {errc::bad_option, on_one_line(detail)};
}

bool starts_with(std::string_view text, std::string_view prefix) noexcept {
  return text.substr(0, prefix.size()) == prefix;
}

/// Says what a parser of CAF did not like.
std::string explain(const caf::error& why) {
  switch (static_cast<caf::pec>(why.code())) {
    case caf::pec::not_an_option:
      return "there is no such option";
    case caf::pec::missing_argument:
      return "its value is missing (--option=value)";
    case caf::pec::integer_overflow:
    case caf::pec::integer_underflow:
      return "the number is out of range";
    case caf::pec::type_mismatch:
      return "the value has the wrong type";
    default:
      return "the value is not understood (a duration is written 8s or 400ms)";
  }
}

/// Returns what an error of a parser of CAF says about `key`, as text.
std::optional<std::string> detail_of(const caf::error& why,
                                     caf::string_view key) {
  const auto& context = why.context();
  if (!context.match_elements<caf::settings>())
    return std::nullopt;
  const auto& details = context.get_as<caf::settings>(0);
  auto i = details.find(key);
  if (i == details.end())
    return std::nullopt;
  if (auto text = caf::get_if<std::string>(&i->second))
    return *text;
  return to_string(i->second);
}

/// Says where in a file a parser of CAF stopped.
std::string explain_place(const caf::error& why) {
  auto what = to_string(static_cast<caf::pec>(why.code()));
  if (auto line = detail_of(why, "line"))
    what += " in line " + *line;
  if (auto column = detail_of(why, "column"))
    what += ", column " + *column;
  return what;
}

result<std::string> read_file(const std::string& path) {
  std::ifstream in{path};
  std::string content;
  char chunk[4096];
  while (content.size() <= max_file_size
         && (in.read(chunk, sizeof(chunk)) || in.gcount() > 0))
    content.append(chunk, static_cast<size_t>(in.gcount()));
  if (!in.is_open() || in.bad())
    return bad_option("the file " + show(path) + " cannot be read");
  if (content.size() > max_file_size)
    return bad_option("the file " + show(path) + " is larger than "
                      + std::to_string(max_file_size) + " bytes");
  if (!count_chars(content) || content.find('\0') != std::string::npos)
    return bad_option("the file " + show(path) + " is no text");
  return content;
}

std::optional<std::pair<node_name, node_address>>
parse_peer(std::string_view text) {
  // A name holds no colon.
  auto colon = text.find(':');
  auto name = node_name::parse(text.substr(0, colon));
  if (!name || colon == std::string_view::npos)
    return std::nullopt;
  auto host = std::string{name->host()};
  auto address = parse_address(host + std::string{text.substr(colon)});
  if (!address)
    return std::nullopt;
  return std::make_pair(*name, *address);
}

} // namespace

node_settings::node_settings()
  : bind_(config_.bind),
    ticktime_(config_.net_ticktime),
    setuptime_(config_.net_setuptime) {
  configure(*this);
  caf::config_option_set useful;
  for (const auto& option : custom_options_)
    if (is_useful(option))
      useful.add(option);
  custom_options_ = std::move(useful);
  // A node has one busy actor: nothing to steal, no reason to look for it.
  set("scheduler.policy", caf::atom("sharing"));
  set("middleman.workers", size_t{0});
  // The first three are the framework's, in words that are true of a node.
  opt_group{custom_options_, "global"}
    .add<bool>("help,h?", "print what there is to know and exit")
    .add<bool>("long-help", "print all options and exit")
    .add<std::string>("config-file", "read options from a file")
    .add(name_, "name", "the node's own name, alive@host")
    .add(listen_, "listen", "the port to listen on; 0 takes any")
    .add(bind_, "bind", "the address to listen on")
    .add(peer_, "peer", "where another node listens, alive@host:PORT")
    .add(ticktime_, "net-ticktime", "a peer silent for so long is lost")
    .add(setuptime_, "net-setuptime", "a session not up by then has failed")
    .add(show_origins_, "show-origins", "lines say where each DOWN comes from");
}

result<unit> node_settings::read(const std::vector<std::string>& arguments) {
  if (auto done = split(arguments); !done)
    return done;
  result<std::string> text{std::string{}};
  if (!file_.empty())
    text = read_file(file_);
  if (!text)
    return text.failure();
  if (auto done = parse_all(*text); !done)
    return done;
  if (cli_helptext_printed)
    return unit{};
  return check_values();
}

/// Takes out what CAF would not handle as it should.
result<unit> node_settings::split(const std::vector<std::string>& arguments) {
  for (const auto& argument : arguments) {
    if (starts_with(argument, file_prefix)) {
      file_ = argument.substr(file_prefix.size());
      if (file_.empty())
        return bad_option("--config-file needs a path");
    } else if (starts_with(argument, peer_prefix)) {
      if (auto done = add_peer_argument(argument); !done)
        return done;
    } else {
      others_.push_back(argument);
    }
  }
  return unit{};
}

/// Reads one `--peer=`, whose value can be a list as CAF writes lists.
result<unit> node_settings::add_peer_argument(const std::string& argument) {
  auto option = custom_options_.cli_long_name_lookup("peer");
  auto value
    = option->parse(caf::string_view{argument.data() + peer_prefix.size(),
                                     argument.size() - peer_prefix.size()});
  auto list = value ? caf::get_if<std::vector<std::string>>(&*value)
                    : caf::none;
  if (!list || list->empty())
    return bad_option(show(argument) + " names no peer");
  peer_arguments_.insert(peer_arguments_.end(), list->begin(), list->end());
  return unit{};
}

/// CAF ignores what it does not know or understand in a file.
result<unit> node_settings::check_file(const caf::settings& entries,
                                       const std::string& group) {
  for (const auto& [key, value] : entries) {
    auto name = group + key;
    auto option = custom_options_.qualified_name_lookup(
      group.empty() ? "global." + name : name);
    if (option != nullptr) {
      if (std::find(std::begin(no_file_options), std::end(no_file_options),
                    name)
          != std::end(no_file_options))
        return bad_option(file_ + ": " + name
                          + ": only the command line has this option");
      if (auto why = option->check(value))
        return bad_option(file_ + ": " + name + ": " + explain(why));
    } else if (auto nested = caf::get_if<caf::settings>(&value)) {
      if (auto done = check_file(*nested, name + '.'); !done)
        return done;
    } else {
      return bad_option(file_ + ": " + name + ": there is no such option");
    }
  }
  return unit{};
}

result<unit> node_settings::parse_all(const std::string& file_content) {
  std::istringstream first{file_content};
  auto settings = parse_config(first);
  if (!settings)
    return bad_option(file_ + ": " + explain_place(settings.error()));
  if (auto done = check_file(*settings, {}); !done)
    return done;
  std::istringstream second{file_content};
  if (auto why = parse(others_, second)) {
    auto argument = detail_of(why, "argument");
    return bad_option((argument ? show(*argument) + ": " : "") + explain(why));
  }
  if (!remainder.empty())
    return bad_option(show(remainder.front()) + " is not an option");
  if (!peer_arguments_.empty())
    peer_ = peer_arguments_;
  return unit{};
}

result<unit> node_settings::check_values() {
  if (name_.empty())
    return bad_option("--name=alive@host is missing");
  auto name = node_name::parse(name_);
  if (!name)
    return bad_option("--name: " + show(name_)
                      + " is not a node name such as alive@host");
  if (bind_.empty())
    return bad_option("--bind needs an address");
  for (const auto& text : peer_) {
    auto peer = parse_peer(text);
    if (!peer)
      return bad_option("--peer: " + show(text)
                        + " is not a peer such as alive@host:4000");
    peers_.push_back(*std::move(peer));
  }
  config_.name = *name;
  config_.port = listen_;
  config_.bind = bind_;
  config_.net_ticktime = ticktime_;
  config_.net_setuptime = setuptime_;
  config_.log = log_to_stderr;
  return unit{};
}

} // namespace vigil
