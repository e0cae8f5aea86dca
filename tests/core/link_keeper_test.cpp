// When a link is dialled, dialled again, given up and made again, whatever its
// kind.

#include "src/link/link_keeper.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace vigil;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

struct keeping {
  time_point now{seconds{1'000}};
  seeded_random random{7};
  link_keeper keeper;

  /// Returns how long it is from now until the keeper wants to be woken.
  timespan until_wake() const {
    REQUIRE(keeper.next_wake());
    return *keeper.next_wake() - now;
  }
};

} // namespace

TEST_CASE_FIXTURE(keeping, "link keeper: it wakes for nothing if nothing is "
                           "wanted") {
  CHECK_FALSE(keeper.next_wake());
  keeper.rest(now, random);
  CHECK_FALSE(keeper.next_wake());
  keeper.keep();
  CHECK_FALSE(keeper.next_wake());
}

TEST_CASE_FIXTURE(keeping, "link keeper: an attempt ends at its deadline, with "
                           "the last failure if there was one") {
  keeper.want(now + seconds{7});
  CHECK(keeper.wanted());
  CHECK(until_wake() == seconds{7});
  CHECK(keeper.failure().code == errc::setup_timeout);
  keeper.note_failure({errc::closed, "cut"});
  CHECK(keeper.failure().detail == "cut");
  keeper.give_up();
  CHECK_FALSE(keeper.wanted());
  CHECK_FALSE(keeper.next_wake());
  // The next knows nothing of it.
  keeper.want(now + seconds{7});
  CHECK(keeper.failure().code == errc::setup_timeout);
}

TEST_CASE_FIXTURE(keeping, "link keeper: redials come later and later, with "
                           "jitter, each once") {
  keeper.want(now + seconds{60});
  auto wait = shortest_backoff;
  for (auto n = 0; n < 10; ++n) {
    keeper.redial_later(now, random);
    CHECK(keeper.redials());
    CHECK(until_wake() >= wait / 2);
    CHECK(until_wake() < wait * 3 / 2);
    CHECK_FALSE(keeper.redial_due(now));
    now += until_wake();
    CHECK(keeper.redial_due(now));
    CHECK_FALSE(keeper.redial_due(now));
    wait = std::min(wait * 2, longest_backoff);
  }
  keeper.redial_later(now, random);
  keeper.come_up();
  CHECK_FALSE(keeper.redials());
  CHECK_FALSE(keeper.next_wake());
}

TEST_CASE_FIXTURE(keeping, "link keeper: a link that is kept rests longer each "
                           "time, unless it lasted") {
  keeper.keep();
  auto length = shortest_rest;
  for (auto n = 0; n < 12; ++n) {
    keeper.rest(now, random);
    auto before = until_wake();
    CHECK(before >= length / 2);
    CHECK(before <= length);
    // It rests already.
    keeper.rest(now, random);
    CHECK(until_wake() == before);
    CHECK_FALSE(keeper.rest_due(now));
    now += before;
    CHECK(keeper.rest_due(now));
    length = std::min(length * 2, longest_rest);
  }
  CHECK(length == longest_rest);
  keeper.lasted(seconds{1});
  keeper.rest(now, random);
  CHECK(until_wake() >= longest_rest / 2);
  now += until_wake();
  CHECK(keeper.rest_due(now));
  keeper.lasted(longest_rest);
  keeper.rest(now, random);
  CHECK(until_wake() <= shortest_rest);
  keeper.release();
  CHECK_FALSE(keeper.next_wake());
}

TEST_CASE_FIXTURE(keeping, "link keeper: whoever keeps a link another time "
                           "begins with the shortest rest") {
  keeper.keep();
  for (int i = 0; i < 10; ++i) {
    keeper.rest(now, random);
    now += until_wake();
    CHECK(keeper.rest_due(now));
  }
  keeper.release();
  keeper.keep();
  keeper.rest(now, random);
  CHECK(until_wake() <= shortest_rest);
}

TEST_CASE_FIXTURE(keeping, "link keeper: a peer that comes by itself ends the "
                           "rest") {
  keeper.keep();
  keeper.rest(now, random);
  keeper.come_up();
  CHECK_FALSE(keeper.next_wake());
}

TEST_CASE_FIXTURE(keeping,
                  "link keeper: an attempt ends the rest, and one that "
                  "waited for a loss has its whole time") {
  keeper.keep();
  keeper.lose();
  keeper.rest(now, random);
  keeper.want(now + seconds{7});
  CHECK(until_wake() == seconds{7});
  now += seconds{5};
  CHECK(keeper.losing());
  keeper.loss_done(now + seconds{7});
  CHECK_FALSE(keeper.losing());
  CHECK(until_wake() == seconds{7});
}
