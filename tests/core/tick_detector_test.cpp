// When a peer counts as suspicious and when as lost.

#include "src/link/tick_detector.hpp"
#include "tests/core/transcript.hpp"

#include <chrono>

using namespace vigil;
using namespace vigil::test;

using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

/// A detector that is patient for eight seconds: a tick is due every two.
struct patient {
  bool lost_after(timespan silence) const {
    return x.lost(start + silence);
  }

  uint32_t missed_after(timespan silence) const {
    return x.missed(start + silence);
  }

  time_point start{seconds{1'000}};
  tick_detector x{seconds{8}, start};
};

} // namespace

TEST_CASE_FIXTURE(patient, "failure detector: a peer is lost after its tick "
                           "time, not before") {
  CHECK(!lost_after(seconds{8} - timespan{1}));
  CHECK(lost_after(seconds{8}));
}

TEST_CASE_FIXTURE(patient, "failure detector: a tick is missed when it is late "
                           "by half the time between two") {
  CHECK(missed_after(seconds{3} - timespan{1}) == 0);
  CHECK(missed_after(seconds{3}) == 1);
  CHECK(missed_after(seconds{5}) == 2);
  CHECK(missed_after(seconds{7}) == 3);
  CHECK(missed_after(seconds{8}) == 3);
  x.heard(start + seconds{7});
  CHECK(x.missed(start + seconds{7}) == 0);
  CHECK(x.missed(start + seconds{10}) == 1);
}

TEST_CASE_FIXTURE(patient, "failure detector: it wants to be looked at exactly "
                           "when it has something new to say") {
  std::vector<int64_t> looks;
  for (auto now = start; !x.lost(now);) {
    now = x.next_look(now);
    looks.push_back(std::chrono::duration_cast<seconds>(now - start).count());
  }
  CHECK(looks == std::vector<int64_t>{3, 5, 7, 8});
}

TEST_CASE_FIXTURE(patient, "failure detector: suspicion starts when the first "
                           "missing tick was due") {
  CHECK(x.suspicion(start + seconds{1}) == seconds{0});
  CHECK(x.suspicion(start + seconds{2}) == seconds{0});
  CHECK(x.suspicion(start + seconds{8}) == seconds{6});
  CHECK(x.silence(start + seconds{8}) == seconds{8});
}

TEST_CASE_FIXTURE(patient, "failure detector: a pause of the own node extends "
                           "the deadline, and the next sign of life starts it "
                           "afresh") {
  x.extend(seconds{3}, start);
  CHECK(!lost_after(seconds{11} - timespan{1}));
  CHECK(lost_after(seconds{11}));
  CHECK(missed_after(seconds{6} - timespan{1}) == 0);
  CHECK(x.silence(start + seconds{10}) == seconds{10});
  x.heard(start + seconds{10});
  CHECK(!lost_after(seconds{18} - timespan{1}));
  CHECK(lost_after(seconds{18}));
}

TEST_CASE_FIXTURE(patient, "failure detector: after a real pause there is time "
                           "to read what has come meanwhile") {
  // Woken at what was the deadline, twenty seconds late.
  x.extend(seconds{20}, start + seconds{28});
  CHECK(!lost_after(seconds{30} - timespan{1}));
  CHECK(lost_after(seconds{30}));
}

TEST_CASE_FIXTURE(patient, "failure detector: after a hiccup there is no more "
                           "time than was lost") {
  x.extend(milliseconds{1}, start + seconds{8} + milliseconds{1});
  CHECK(lost_after(seconds{8} + milliseconds{1}));
}
