#define DOCTEST_CONFIG_IMPLEMENT
#include "messages/text/decimal.hpp"
#include "tests/soak/soak_run.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <random>
#include <string_view>

// The soak test: real nodes under random load and real faults, and an account
// of every monitor.

namespace {

using namespace vigil;

constexpr std::string_view usage
  = "usage: vigil_soak --minutes M | --seconds N [--seed S]\n";

struct command_line {
  std::chrono::seconds length{0};
  uint64_t seed = 0;
};

std::optional<command_line> parse(int argc, char** argv) {
  command_line result;
  result.seed = std::random_device{}();
  if (argc % 2 == 0)
    return std::nullopt;
  for (int i = 1; i + 1 < argc; i += 2) {
    std::string_view name = argv[i];
    auto value = parse_decimal<uint32_t>(argv[i + 1]);
    if (!value)
      return std::nullopt;
    if (name == "--minutes")
      result.length = std::chrono::minutes{*value};
    else if (name == "--seconds")
      result.length = std::chrono::seconds{*value};
    else if (name == "--seed")
      result.seed = *value;
    else
      return std::nullopt;
  }
  if (result.length < std::chrono::seconds{1})
    return std::nullopt;
  return result;
}

/// The relay of the tests asserts. There is no test case here that could fail,
/// and nothing to go on with.
void on_assert(const doctest::AssertData& x) {
  if (!x.m_failed)
    return;
  std::cerr << x.m_file << ':' << x.m_line << ": " << x.m_expr << '\n';
  std::abort();
}

} // namespace

int main(int argc, char** argv) {
  auto options = parse(argc, argv);
  if (!options) {
    std::cerr << usage;
    return 2;
  }
  doctest::Context context;
  context.setAsDefaultForAssertsOutOfTestCases();
  context.setAssertHandler(on_assert);
  soak::soak_run soak{options->seed};
  if (auto why = soak.start()) {
    std::cerr << *why << '\n';
    return 1;
  }
  auto result = soak.run(options->length, std::cerr);
  print(std::cout, result);
  for (const auto& finding : soak.findings())
    std::cout << "  " << finding << '\n';
  return result.clean() ? 0 : 1;
}
