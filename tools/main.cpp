#include <vigil/errc.hpp>
#include "tools/demo/demo_command.hpp"
#include "tools/help.hpp"
#include "tools/node/node_command.hpp"
#include "tools/report.hpp"
#include "tools/standard_descriptors.hpp"
#include "tools/words.hpp"

#include <algorithm>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

namespace {

using arguments = std::vector<std::string>;

int refuse(vigil::errc code, std::string detail) {
  vigil::report({code, std::move(detail)});
  return vigil::status_usage;
}

int print(std::string_view text) {
  std::cout << text << std::flush;
  return std::cout ? 0 : vigil::status_failure;
}

bool is_help(std::string_view argument) {
  return argument == "--help" || argument == "-h" || argument == "-?";
}

bool wants_help(const arguments& args) {
  return std::any_of(args.begin(), args.end(), is_help);
}

int run_help(const arguments& args) {
  if (args.empty())
    return print(vigil::help_text);
  if (args.size() > 1)
    return refuse(vigil::errc::bad_option,
                  vigil::show(args[1]) + " is one argument too many");
  if (args[0] == "node")
    return print(vigil::node_help_text);
  if (args[0] == "demo")
    return print(vigil::demo_help_text);
  return refuse(vigil::errc::unknown_command,
                vigil::show(args[0]) + ", there are node and demo");
}

int run(const std::string& name, const arguments& args) {
  if (name == "node")
    return wants_help(args) ? print(vigil::node_help_text)
                            : vigil::run_node(args);
  if (name == "demo")
    return wants_help(args) ? print(vigil::demo_help_text)
                            : vigil::run_demo(args);
  if (name == "help")
    return wants_help(args) ? print(vigil::help_text) : run_help(args);
  if (is_help(name))
    return run_help(args);
  if (name == "--version") {
    if (!args.empty())
      return refuse(vigil::errc::bad_option,
                    vigil::show(args[0]) + " is one argument too many");
    return print("vigil " VIGIL_VERSION "\n");
  }
  if (!name.empty() && name.front() == '-')
    return refuse(vigil::errc::bad_option,
                  vigil::show(name) + ", see 'vigil help'");
  return refuse(vigil::errc::unknown_command,
                vigil::show(name) + ", see 'vigil help'");
}

} // namespace

int main(int argc, char** argv) {
  try {
    vigil::open_standard_descriptors();
    arguments args{argv + std::min(argc, 1), argv + argc};
    if (args.empty())
      return refuse(vigil::errc::unknown_command,
                    "none was given, see 'vigil help'");
    auto name = args.front();
    args.erase(args.begin());
    return run(name, args);
  } catch (const std::exception& why) {
    vigil::report({vigil::errc::system_limit, why.what()});
    return vigil::status_failure;
  }
}
