#pragma once

#include <vigil/core/time_point.hpp>
#include <vigil/result.hpp>

#include <caf/fwd.hpp>

#include <memory>

namespace vigil {

/// An actor system that belongs to one node, with its configuration.
class own_system {
public:
  /// Errors: `system_limit` if the program may not have what that takes.
  static result<std::unique_ptr<own_system>> make();

  /// Waits until all its actors have ended, however long that takes.
  ~own_system();

  own_system(const own_system&) = delete;

  own_system& operator=(const own_system&) = delete;

  caf::actor_system& get() noexcept;

  /// Ends `x` in a thread of its own and waits until nothing of it runs any
  /// more, but for `longest` at most. Returns whether that is so; if not, it
  /// ends once its last actor does. Memory of it may stay for as long as live
  /// threads have its logger, which CAF leaves with each that has spawned an
  /// actor; the calling one loses it.
  static bool end(std::unique_ptr<own_system> x, timespan longest);

private:
  class config;
  class scheduler;

  explicit own_system(std::unique_ptr<config> options);

  std::unique_ptr<config> config_;
  std::unique_ptr<caf::actor_system> system_;
};

} // namespace vigil
