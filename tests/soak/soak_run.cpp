#include "tests/soak/soak_run.hpp"

#include "messages/text/decimal.hpp"
#include "tools/words.hpp"

#include <fstream>
#include <ostream>
#include <thread>
#include <unistd.h>

namespace vigil::soak {

namespace {

/// Between two rounds of commands. This paces the load; nothing waits for it.
constexpr std::chrono::milliseconds beat_time = 6ms;

/// If a beat takes so long, the nodes may have had no time either.
constexpr std::chrono::milliseconds too_busy = stage::tick_time / 4;

/// How much memory this program has resident, in KiB.
size_t own_resident() {
  std::ifstream in{"/proc/self/statm"};
  size_t all = 0;
  size_t resident = 0;
  in >> all >> resident;
  return resident * static_cast<size_t>(sysconf(_SC_PAGESIZE)) / 1024;
}

/// Reads one counter of the answer to `stats`.
uint64_t counter_of(std::string_view answer, const std::string& name) {
  auto prefix = name + '=';
  while (!answer.empty())
    if (auto value = strip(next_word(answer), prefix, {}))
      return parse_decimal<uint64_t>(*value).value_or(0);
  return 0;
}

} // namespace

soak_run::soak_run(uint64_t seed) : faults_(stage_, seed) {
  testkit::random_source seeds{seed};
  for (size_t i = 0; i < stage::num_nodes; ++i)
    loads_.emplace_back(stage_, i, seeds.next());
  report_.seed = seed;
}

std::optional<std::string> soak_run::start() {
  return stage_.start();
}

report soak_run::run(std::chrono::seconds length, std::ostream& progress) {
  keep_busy(length, progress);
  make_peace();
  compare_tables();
  end_everybody();
  stop_nodes();
  report_.totals = stage_.account().total();
  for (size_t i = 0; i < report_.fault_counts.size(); ++i)
    report_.fault_counts[i] = faults_.count(static_cast<faults::kind>(i));
  for (size_t i = 0; i < stage::num_nodes; ++i)
    report_.lives[i] = stage_.node(i).lives();
  return report_;
}

// -- one after the other ------------------------------------------------------

void soak_run::keep_busy(std::chrono::seconds length, std::ostream& progress) {
  auto& memory = report_.memory;
  auto begin = stage::clock::now();
  next_beat_ = begin;
  auto next_sample = begin + 1s;
  auto field = &memory_log::entry::start;
  uint64_t beats = 0;
  uint64_t calm = 0;
  for (auto now = begin; now < begin + length; now = stage::clock::now()) {
    faults_.go_on(now);
    for (auto& one : loads_)
      one.go_on();
    beat();
    ++beats;
    calm += stage_.faults().calm_links(now);
    if (now < next_sample)
      continue;
    next_sample += 1s;
    if (field == &memory_log::entry::start)
      report_.own_memory_start = own_resident();
    memory.sample(stage_, field);
    auto seconds = (now - begin) / 1s;
    field = now - begin < length / 2 ? &memory_log::entry::half_way
                                     : &memory_log::entry::end;
    if (seconds % 60 == 0) {
      auto sum = stage_.account().total();
      progress << seconds / 60 << " min: " << sum.granted << " granted, "
               << sum.pending << " pending, "
               << sum.lost + sum.doubled + sum.untrue + sum.unexplained
                    + sum.surprises
               << " findings" << std::endl;
    }
  }
  report_.seconds
    = std::chrono::duration<double>(stage::clock::now() - begin).count();
  report_.own_memory_end = own_resident();
  report_.calm = static_cast<double>(calm)
                 / static_cast<double>(beats * stage_.faults().links());
}

void soak_run::make_peace() {
  auto& links = stage_.faults();
  if (!await([&] {
        auto now = stage::clock::now();
        return faults_.heal(now) && all_answered()
               && links.calm_links(now) == links.links();
      }))
    stage_.account().surprise("the nodes do not come to rest");
}

void soak_run::compare_tables() {
  auto agree = [this] {
    report_.pending = stage_.account().total().pending;
    report_.outbound = sum_of("outbound");
    report_.inbound = sum_of("inbound");
    return report_.outbound == report_.pending
           && report_.inbound == report_.pending;
  };
  await(agree);
}

void soak_run::end_everybody() {
  for (auto& one : loads_)
    one.end_targets();
  auto& account = stage_.account();
  // The ledger calls lost what is still due when its watcher ends.
  await([&] { return all_answered() && account.due() == 0; });
  for (auto& one : loads_)
    one.end_all();
  await([&] { return all_answered() && account.total().pending == 0; });
  account.close();
  if (!await([this] { return sum_of("outbound") + sum_of("inbound") == 0; }))
    account.surprise("the tables are not empty in the end");
}

void soak_run::stop_nodes() {
  for (size_t i = 0; i < stage::num_nodes; ++i) {
    // Each end is noticed by those that still are there.
    stage_.faults().begin(i);
    stage_.node(i).quit();
    if (!await([this, i] { return stage_.has_quit(i); }))
      stage_.account().surprise(stage_.node(i).name() + " does not end");
  }
}

// -- time ---------------------------------------------------------------------

/// Takes in what came and waits until it is time to go on.
void soak_run::beat() {
  stage_.read();
  std::this_thread::sleep_until(next_beat_);
  auto now = stage::clock::now();
  if (now - next_beat_ > too_busy) {
    ++report_.machine_pauses;
    stage_.faults().strike(now);
  }
  next_beat_ = now + beat_time;
}

bool soak_run::await(const condition& reached) {
  auto deadline = stage::clock::now() + stage::patience;
  while (!reached()) {
    if (stage::clock::now() > deadline)
      return false;
    beat();
  }
  return true;
}

bool soak_run::all_answered() {
  for (size_t i = 0; i < stage::num_nodes; ++i)
    if (stage_.node(i).unanswered() > 0)
      return false;
  return true;
}

/// Asks all nodes for a counter.
uint64_t soak_run::sum_of(const std::string& counter) {
  uint64_t result = 0;
  for (size_t i = 0; i < stage::num_nodes; ++i)
    stage_.node(i).send("stats", [&](const station::line* answer) {
      if (answer != nullptr)
        result += counter_of(answer->text, counter);
    });
  await([this] { return all_answered(); });
  return result;
}

} // namespace vigil::soak
