// vigil_simulator: runs the simulated cluster under many seeds, or one seed to
// be read.

#include "tests/sim/simulation.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <iostream>
#include <optional>
#include <string_view>
#include <vector>

namespace {

using namespace vigil::sim;

constexpr size_t last_lines = 120;

constexpr std::string_view usage
  = "usage: vigil_simulator [--seeds N] [--first S] [--steps K] [--bug NAME]\n"
    "       vigil_simulator --seed S [--steps K] [--bug NAME]\n"
    "       vigil_simulator --hash [--seeds N] [--first S] [--steps K]\n"
    "       vigil_simulator --check-bugs [--seeds N]\n"
    "       vigil_simulator --list-bugs\n"
    "\n"
    "Simulates clusters, each under a seed of its own, and checks the "
    "promises\n"
    "of the monitors while they run. Exit status 1: a promise was broken.\n"
    "\n"
    "  --seeds N     how many seeds (default 2000)\n"
    "  --first S     the first of them (default 1)\n"
    "  --seed S      runs one seed and prints its whole transcript\n"
    "  --steps K     how many random things are done in each run (default "
    "200)\n"
    "  --hash        prints two hashes for every 1000 seeds: of all\n"
    "                transcripts, and of the outcomes alone, the DOWNs and\n"
    "                node events that each node told, in its order\n"
    "  --bug NAME    puts a bug between the core and the world\n"
    "  --check-bugs  is each bug found within so many seeds?\n"
    "  --list-bugs   prints the bugs\n";

struct command_line {
  simulation_options run;
  uint64_t first = 1;
  uint64_t seeds = 2000;
  bool one = false;
  bool list = false;
  bool check = false;
  bool hash = false;
};

bool parse_number(std::string_view text, uint64_t& to) {
  auto end = text.data() + text.size();
  auto result = std::from_chars(text.data(), end, to);
  return result.ec == std::errc{} && result.ptr == end && !text.empty();
}

/// Returns nothing if the arguments are not understood.
std::optional<command_line>
parse(const std::vector<std::string_view>& arguments) {
  command_line result;
  for (size_t i = 0; i < arguments.size(); ++i) {
    auto name = arguments[i];
    if (name == "--list-bugs") {
      result.list = true;
      continue;
    }
    if (name == "--check-bugs") {
      result.check = true;
      continue;
    }
    if (name == "--hash") {
      result.hash = true;
      continue;
    }
    if (++i == arguments.size())
      return std::nullopt;
    uint64_t number = 0;
    if (name == "--bug") {
      auto seeded = parse_bug(arguments[i]);
      if (!seeded)
        return std::nullopt;
      result.run.seeded = *seeded;
      continue;
    }
    if (!parse_number(arguments[i], number))
      return std::nullopt;
    if (name == "--seeds") {
      result.seeds = number;
    } else if (name == "--first") {
      result.first = number;
    } else if (name == "--steps") {
      result.run.steps = number;
    } else if (name == "--seed") {
      result.one = true;
      result.run.seed = number;
    } else {
      return std::nullopt;
    }
  }
  return result;
}

simulation_result run(const simulation_options& options) {
  return simulation{options}.run();
}

void print_lines(const std::vector<std::string>& lines, size_t limit) {
  auto first = lines.size() > limit ? lines.size() - limit : 0;
  if (first > 0)
    std::cout << "  ... " << first << " lines before\n";
  for (auto i = first; i < lines.size(); ++i)
    std::cout << lines[i] << '\n';
}

int run_one(simulation_options options) {
  options.transcript = true;
  auto result = run(options);
  print_lines(result.lines, result.lines.size());
  if (result.broken)
    std::cout << "seed " << options.seed << ": " << *result.broken << '\n';
  else
    std::cout << "seed " << options.seed << " keeps all promises\n";
  return result.broken ? 1 : 0;
}

int run_many(const command_line& line) {
  auto start = std::chrono::steady_clock::now();
  tally faults;
  uint64_t steps = 0;
  uint64_t monitors = 0;
  uint64_t violations = 0;
  auto options = line.run;
  for (uint64_t i = 0; i < line.seeds; ++i) {
    options.seed = line.first + i;
    auto result = run(options);
    steps += result.steps;
    monitors += result.monitors;
    for (const auto& [kind, count] : result.faults)
      faults[kind] += count;
    if (!result.broken)
      continue;
    if (++violations == 1) {
      auto again = options;
      again.transcript = true;
      auto repeated = run(again);
      print_lines(repeated.lines, last_lines);
      if (repeated.broken != result.broken)
        std::cout << "THE RUN IS NOT REPEATABLE: first " << *result.broken
                  << '\n';
    }
    std::cout << "seed " << options.seed << ": " << *result.broken
              << "\n  (read it: --seed " << options.seed << " --steps "
              << options.steps << ")\n";
  }
  std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  std::cout << "runs " << line.seeds << ", steps " << steps << ", monitors "
            << monitors << ", violations " << violations << ", "
            << static_cast<uint64_t>(took.count() * 10) / 10 << " s\n";
  for (const auto& [kind, count] : faults)
    std::cout << "  " << kind << ": " << count << '\n';
  return violations == 0 ? 0 : 1;
}

/// 64 bits of FNV-1a: who compares two programs has no enemy.
class line_hash {
public:
  void add(std::string_view line) {
    for (auto c : line)
      mix(static_cast<unsigned char>(c));
    mix('\n');
  }

  uint64_t value() const noexcept {
    return value_;
  }

private:
  void mix(unsigned char c) noexcept {
    value_ = (value_ ^ c) * 0x100000001B3;
  }

  uint64_t value_ = 0xCBF29CE484222325;
};

/// Prints the hashes of everything that happens and of what came of it, so that
/// two programs can be compared: over the seeds from the first on, every so
/// many seeds.
int run_hash(const command_line& line) {
  constexpr uint64_t often = 1000;
  line_hash journal;
  line_hash outcome;
  auto options = line.run;
  options.transcript = true;
  for (uint64_t i = 0; i < line.seeds; ++i) {
    options.seed = line.first + i;
    auto result = run(options);
    for (const auto& x : result.lines)
      journal.add(x);
    for (const auto& x : result.outcome)
      outcome.add(x);
    // Or what one seed tells could pass for another's.
    outcome.add("end of the run");
    if (result.broken) {
      journal.add(*result.broken);
      outcome.add(*result.broken);
    }
    if ((i + 1) % often == 0 || i + 1 == line.seeds)
      std::cout << "seeds " << line.first << " to " << options.seed << ": "
                << std::hex << journal.value() << ' ' << outcome.value()
                << std::dec << std::endl;
  }
  return 0;
}

int check_bugs(const command_line& line) {
  auto missed = 0;
  for (const auto& x : all_bugs()) {
    auto options = line.run;
    options.seeded = x.what;
    std::optional<std::string> broken;
    uint64_t tried = 0;
    while (!broken && tried < line.seeds) {
      options.seed = line.first + tried++;
      broken = run(options).broken;
    }
    std::cout << x.name << ": "
              << (broken
                    ? "found by seed " + std::to_string(options.seed) + ": "
                        + *broken
                    : "NOT FOUND within " + std::to_string(tried) + " seeds")
              << '\n';
    if (!broken)
      ++missed;
  }
  return missed == 0 ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
  auto line = parse({argv + 1, argv + argc});
  if (!line) {
    std::cerr << usage;
    return 2;
  }
  if (line->list) {
    for (const auto& x : all_bugs())
      std::cout << x.name << ": " << x.sentence << '\n';
    return 0;
  }
  if (line->check)
    return check_bugs(*line);
  if (line->hash)
    return run_hash(*line);
  return line->one ? run_one(line->run) : run_many(*line);
}
