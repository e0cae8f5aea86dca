#pragma once

#include <vigil/core/time_point.hpp>
#include <vigil/errc.hpp>
#include <vigil/result.hpp>
#include "src/link/ids.hpp"
#include "src/link/seeded_random.hpp"

#include <chrono>
#include <optional>
#include <utility>

namespace vigil {

/// The first wait before a dial is repeated; doubles up to the longest.
inline constexpr timespan shortest_backoff = std::chrono::milliseconds{20};
inline constexpr timespan longest_backoff = std::chrono::milliseconds{500};

/// The same for a link that is to stay up, between one attempt and the next.
inline constexpr timespan shortest_rest = std::chrono::milliseconds{100};
inline constexpr timespan longest_rest = std::chrono::seconds{30};

/// What it takes to get a link to one peer and to keep it, whatever the kind of
/// the link: the attempt that is under way, when it dials again and when it is
/// given up, and the rest before the next if the link is to stay up.
///
/// Decides when, not how: whoever owns a keeper dials, and tells it what came
/// of that.
///
/// Thread-safety: none; owned by a link layer.
class link_keeper {
public:
  // -- the attempt ------------------------------------------------------------

  /// Returns whether a link is asked for and not up yet.
  bool wanted() const noexcept {
    return attempt_.has_value();
  }

  /// Begins an attempt, which has failed if there is no link at `deadline`.
  /// @pre `!wanted()`
  void want(time_point deadline);

  /// Returns when the attempt has failed.
  /// @pre `wanted()`
  time_point deadline() const noexcept {
    return attempt_->deadline;
  }

  /// Ends the attempt without a link.
  void give_up() noexcept;

  /// Ends the attempt, if there is one, because the link is up.
  void come_up() noexcept;

  /// Notes why a dial of this attempt failed which is repeated.
  /// @pre `wanted()`
  void note_failure(error why) {
    attempt_->last_failure = std::move(why);
  }

  /// Returns why the attempt fails when its time is over.
  /// @pre `wanted()`
  error failure() const {
    return attempt_->last_failure.value_or(error{errc::setup_timeout, {}});
  }

  // -- dialling ---------------------------------------------------------------

  /// The dial that has not ended. It can outlive its attempt and serve the
  /// next.
  std::optional<dial_id> dial;

  bool redials() const noexcept {
    return attempt_ && attempt_->redial_at;
  }

  /// Arranges for another dial, later each time.
  /// @pre `wanted()`
  void redial_later(time_point now, seeded_random& random);

  /// Returns, once, whether it is time for another dial.
  bool redial_due(time_point now) noexcept;

  // -- a link that is to stay up ----------------------------------------------

  /// From now on the link is made again whenever there is none.
  void keep() noexcept {
    kept_ = true;
  }

  /// Ends that. Who keeps the link another time begins with the shortest rest.
  void release() noexcept;

  /// If the link is to stay up, lets it rest before the next attempt, longer
  /// each time.
  void rest(time_point now, seeded_random& random);

  /// Returns, once, whether it is time for another attempt.
  bool rest_due(time_point now) noexcept;

  /// Notes that a link has ended which was up for so long: one that lasted
  /// shows that there is no reason to rest for long.
  void lasted(timespan span) noexcept {
    if (span >= rest_)
      rest_ = shortest_rest;
  }

  // -- losses -----------------------------------------------------------------

  /// Notes that the end of a link, or of an attempt, was reported: until all
  /// that follows from it is done no other may be made.
  void lose() noexcept {
    losing_ = true;
  }

  bool losing() const noexcept {
    return losing_;
  }

  /// Ends that, and gives an attempt that waited for it its whole time.
  void loss_done(time_point deadline) noexcept;

  // -- being needed -----------------------------------------------------------

  /// Returns whether it remembers nothing: it is as good as a new one.
  bool idle() const noexcept {
    return !attempt_ && !dial && !kept_ && !losing_;
  }

  // -- time -------------------------------------------------------------------

  /// Returns when something above is due; nothing if nobody waits.
  std::optional<time_point> next_wake() const noexcept;

private:
  struct attempt {
    explicit attempt(time_point end) : deadline(end) {
      // nop
    }

    time_point deadline;
    timespan backoff = shortest_backoff;
    std::optional<time_point> redial_at;
    std::optional<error> last_failure;
  };

  std::optional<attempt> attempt_;
  bool kept_ = false;
  bool losing_ = false;
  timespan rest_ = shortest_rest;
  std::optional<time_point> rest_until_;
};

} // namespace vigil
