#include "testkit/run_state.hpp"

#include <vigil/testkit/failure.hpp>
#include "testkit/net/station.hpp"

#include <chrono>
#include <cstdio>

namespace vigil::testkit {

namespace {

/// How many lines people are shown of what came before a failure.
constexpr size_t max_lines = 40;

} // namespace

run_state::run_state(uint64_t seed, notes kept, watchdog& dog)
  : world(seed, 0, kept != notes::none),
    seed_(seed),
    kept_(kept),
    dog_(dog),
    start_(clock.now()),
    home_(std::this_thread::get_id()) {
  // nop
}

std::string run_state::stamp() const {
  auto result = exact_stamp();
  result.resize(result.size() - 2);
  // To the millisecond, or as exact as it is.
  while (result.back() == '0' && result[result.size() - 4] != '.')
    result.pop_back();
  return result + " s";
}

std::string run_state::exact_stamp() const {
  using std::chrono::microseconds;
  auto passed = std::chrono::duration_cast<microseconds>(clock.now() - start_);
  auto us = static_cast<unsigned long long>(passed.count());
  char text[40];
  std::snprintf(text, sizeof text, "%llu.%06llu s", us / 1'000'000,
                us % 1'000'000);
  return text;
}

void run_state::fail(const std::string& text) {
  std::lock_guard guard{mutex_};
  if (failed_)
    return;
  // Another thread must not read the clock.
  finding_ = std::this_thread::get_id() == home_ ? stamp() + ": " + text : text;
  failed_ = true;
}

std::string run_state::finding() const {
  std::lock_guard guard{mutex_};
  return finding_;
}

void run_state::throw_if_failed() const {
  if (failed_)
    throw failure{finding()};
}

bool run_state::is_home(const char* what) {
  if (std::this_thread::get_id() == home_)
    return true;
  fail(std::string{what}
       + " by another thread than that of the test: a cluster has only that one"
         " (runtime_node::drive runs the processes of a runtime)");
  return false;
}

void run_state::count(const char* kind) {
  note([kind] { return std::string{"-- "} + kind; });
}

void run_state::count_between(const char* kind, const station& from,
                              const station& to, const char* what) {
  note([&] {
    return std::string{"-- "} + kind + ": " + what + ", " + from.label()
           + " to " + to.label();
  });
}

void run_state::write(std::string line) {
  auto text = exact_stamp();
  text.insert(0, text.size() < 14 ? 14 - text.size() : 0, ' ');
  text += "  " + line;
  if (kept_ == notes::printed)
    std::fprintf(stderr, "%s\n", text.c_str());
  lines_.push_back(std::move(text));
  if (lines_.size() > max_lines)
    lines_.pop_front();
}

} // namespace vigil::testkit
