#include "tests/cluster/fair_stopwatch.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <unistd.h>
#include <utility>

namespace vigil::test {

namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

/// What an idle machine may take longer, for other things than processors.
constexpr milliseconds allowance{300};

/// A node that notices that it was late gives its peers as much time again, and
/// after a pause of an eighth of its tick time up to twice as much.
constexpr int cost_of_waiting = 3;

/// How long the threads that a program has now have waited for a processor, as
/// the kernel counts it; 0 where it does not.
nanoseconds waited_by(pid_t program) {
  nanoseconds result{0};
  std::error_code failure;
  auto folder = "/proc/" + std::to_string(program) + "/task";
  for (const auto& thread :
       std::filesystem::directory_iterator{folder, failure}) {
    std::ifstream in{thread.path() / "schedstat"};
    nanoseconds::rep ran = 0;
    nanoseconds::rep waited = 0;
    if (in >> ran >> waited)
      result += nanoseconds{waited};
  }
  return result;
}

} // namespace

fair_stopwatch::fair_stopwatch(std::vector<test_node*> nodes)
  : nodes_(std::move(nodes)),
    waited_before_(waited()),
    start_(clock::now()) {
  // nop
}

void fair_stopwatch::check_within(const std::string& what,
                                  clock::duration limit,
                                  clock::time_point end) const {
  // A thread that has ended takes what it waited with it.
  auto lost = std::max(waited() - waited_before_, nanoseconds{0});
  auto taken = end - start_;
  MESSAGE(what << ": " << taken << "; threads waited for a processor for "
               << lost);
  CHECK(taken < limit + allowance + cost_of_waiting * lost);
}

nanoseconds fair_stopwatch::waited() const {
  auto result = waited_by(getpid());
  for (auto* node : nodes_)
    result += waited_by(node->client().process().id());
  return result;
}

} // namespace vigil::test
