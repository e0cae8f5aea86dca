#include "bench/deeds/prober.hpp"

#include "bench/common/failure.hpp"
#include "bench/common/report.hpp"
#include "bench/common/vigil_node.hpp"

#include <algorithm>
#include <exception>

namespace vigil::bench {

namespace {

constexpr std::chrono::milliseconds pace{1};

/// Returns the times, sorted, in microseconds: of what fell between `from` and
/// `to`, and of all that was due meanwhile the rest.
template <class Samples>
std::vector<double> times_of(const Samples& all, prober::clock::time_point from,
                             prober::clock::time_point to) {
  std::vector<double> result;
  for (const auto& x : all)
    if (x.start + x.time >= from && x.start <= to)
      for (auto time = x.time; time > time.zero(); time -= pace)
        result.push_back(
          std::chrono::duration<double, std::micro>(time).count());
  if (result.empty())
    throw failure{"nothing was measured"};
  std::sort(result.begin(), result.end());
  return result;
}

double percentile(const std::vector<double>& times, size_t percent) {
  return times[std::min(times.size() * percent / 100, times.size() - 1)];
}

} // namespace

prober::prober(deed_runtime& runtime, const runtime_front& front)
  : runtime_(runtime),
    front_(front) {
  // nop
}

prober::~prober() {
  stopped_ = true;
  for (auto thread : {&watching_, &sleeping_})
    if (thread->joinable())
      thread->join();
}

void prober::start(kind what) {
  stopped_ = false;
  watching_ = std::thread{[this, what] {
    try {
      watch(what);
    } catch (const std::exception& why) {
      failure_ = why.what();
    }
  }};
  sleeping_ = std::thread{[this] { oversleep(); }};
}

void prober::stop(const std::string& name, clock::time_point from,
                  clock::time_point to) {
  stopped_ = true;
  watching_.join();
  sleeping_.join();
  if (!failure_.empty())
    throw failure{failure_};
  auto waits = times_of(waits_, from, to);
  auto delays = times_of(delays_, from, to);
  report(name + "_p50 1", percentile(waits, 50), "us");
  report(name + "_p99 1", percentile(waits, 99), "us");
  report(name + "_max 1", waits.back(), "us");
  report(name + "_probes 1", static_cast<double>(waits.size()), "DOWNs");
  report(name + "_call_max 1", times_of(calls_, from, to).back(), "us");
  report(name + "_machine_p99 1", percentile(delays, 99), "us");
  report(name + "_machine_max 1", delays.back(), "us");
}

void prober::watch(kind what) {
  auto due = clock::now();
  while (!stopped_) {
    std::this_thread::sleep_until(due);
    auto start = probe(what);
    auto end = await_down();
    waits_.push_back({start, end - start});
    while (due <= clock::now())
      due += pace;
  }
}

prober::clock::time_point prober::probe(kind what) {
  if (next_ + 2 > deed_runtime::end_timed)
    throw failure{"the deed takes longer than there are processes to watch"};
  const pid watcher{front_.self(), front_.life(), next_++, 0};
  auto target = watcher;
  target.number = next_++;
  if (what == kind::prompt)
    runtime_.hide(target.number);
  auto called = clock::now();
  front_.monitor(watcher, target).value();
  auto returned = clock::now();
  calls_.push_back({called, returned - called});
  if (what == kind::prompt)
    return called;
  runtime_.end(target.number, front_, bench_done());
  return returned;
}

prober::clock::time_point prober::await_down() {
  // Also if nobody wants to know any more: this one may be the longest of all.
  auto deadline = clock::now() + 2 * patience;
  ++num_downs_;
  while (runtime_.num_timed() != num_downs_) {
    if (clock::now() > deadline)
      throw failure{"the DOWN of an uninvolved process is missing"};
    std::this_thread::sleep_for(std::chrono::microseconds{50});
  }
  return runtime_.last_timed();
}

void prober::oversleep() {
  while (!stopped_) {
    auto due = clock::now() + pace;
    std::this_thread::sleep_until(due);
    delays_.push_back({due, clock::now() - due});
  }
}

} // namespace vigil::bench
