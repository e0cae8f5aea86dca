#pragma once

#include "tools/demo/down_ledger.hpp"

#include <chrono>
#include <ostream>
#include <string>
#include <string_view>

namespace vigil {

/// Prints the course of a demo for people: what happened where and when, and
/// what followed.
///
/// Thread-safety: none.
class timeline {
public:
  using clock = std::chrono::steady_clock;

  /// How things are shown.
  struct options {
    bool colours = false;
    /// How long a person may look at one scene before the next begins.
    std::chrono::milliseconds pause{0};
  };

  /// Prints to `out`, which must live longer. Time starts now.
  timeline(std::ostream& out, options how);

  void title(std::string_view text);

  /// Starts a scene.
  void scene(std::string_view text);

  /// Something happened on a node, at `when`.
  void happened(clock::time_point when, std::string_view node,
                std::string_view text);

  /// Something followed on a node, this much later: what, about whom, and why.
  void followed(clock::duration after, std::string_view node,
                std::string_view what, std::string_view object,
                std::string_view reason);

  /// Something is wrong.
  void wrong(std::string_view text);

  /// What came of it all.
  void table(const down_ledger& ledger);

private:
  enum class style { plain, bold, dim, good, bad, name };

  std::string paint(style how, std::string_view text) const;
  std::string paint_node(std::string_view node) const;
  void row(const down_ledger::scene& x, style how);

  std::ostream& out_;
  options how_;
  clock::time_point start_ = clock::now();
  size_t scenes_ = 0;
};

} // namespace vigil
