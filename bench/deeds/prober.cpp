#include "bench/deeds/prober.hpp"

#include "bench/common/failure.hpp"
#include "bench/common/report.hpp"
#include "bench/common/vigil_node.hpp"

#include <algorithm>
#include <chrono>

namespace vigil::bench {

namespace {

constexpr std::chrono::milliseconds pace{1};

/// Notes `time`, and for all that were due meanwhile the rest of it.
void note(std::vector<double>& times, std::chrono::nanoseconds time) {
  for (; time > std::chrono::nanoseconds{0}; time -= pace)
    times.push_back(std::chrono::duration<double, std::micro>(time).count());
}

double percentile(std::vector<double>& times, size_t percent) {
  if (times.empty())
    throw failure{"nothing was measured"};
  std::sort(times.begin(), times.end());
  return times[std::min(times.size() * percent / 100, times.size() - 1)];
}

} // namespace

prober::prober(deed_runtime& runtime, const runtime_front& front,
               uint32_t first, size_t count)
  : runtime_(runtime),
    front_(front),
    next_(first),
    end_(first + static_cast<uint32_t>(count)) {
  // nop
}

prober::~prober() {
  stopped_ = true;
  for (auto thread : {&watching_, &sleeping_})
    if (thread->joinable())
      thread->join();
}

void prober::start() {
  stopped_ = false;
  waits_.clear();
  delays_.clear();
  watching_ = std::thread{[this] { watch(); }};
  sleeping_ = std::thread{[this] { oversleep(); }};
}

double prober::stop(const std::string& name) {
  stopped_ = true;
  watching_.join();
  sleeping_.join();
  report(name + "_p50 1", percentile(waits_, 50), "us");
  report(name + "_p99 1", percentile(waits_, 99), "us");
  report(name + "_max 1", waits_.back(), "us");
  report(name + "_machine_p99 1", percentile(delays_, 99), "us");
  report(name + "_machine_max 1", delays_.back(), "us");
  return waits_.back();
}

void prober::watch() {
  const pid watcher{front_.self(), front_.life(), deed_runtime::timed, 0};
  auto reason = bench_done();
  auto due = clock::now();
  while (!stopped_ && next_ != end_) {
    std::this_thread::sleep_until(due);
    reference ref{};
    auto number = next_++;
    auto outcome = front_.monitor(
      watcher, pid{watcher.node, watcher.life, number, 0}, ref);
    // The node is being stopped.
    if (outcome != errc::none)
      return;
    auto before = runtime_.num_timed();
    auto start = clock::now();
    runtime_.end(number, front_, reason);
    // One that is under way when the deed is over counts too: it may be the
    // longest of all, and was behind the deed's last step.
    while (runtime_.num_timed() == before && !is_lost(start))
      std::this_thread::sleep_for(std::chrono::microseconds{50});
    if (runtime_.num_timed() != before)
      note(waits_, runtime_.last_timed() - start);
    while (due <= clock::now())
      due += pace;
  }
}

bool prober::is_lost(clock::time_point start) const {
  return stopped_ && clock::now() - start > std::chrono::seconds{2};
}

void prober::oversleep() {
  while (!stopped_) {
    auto due = clock::now() + pace;
    std::this_thread::sleep_until(due);
    note(delays_, clock::now() - due);
  }
}

} // namespace vigil::bench
