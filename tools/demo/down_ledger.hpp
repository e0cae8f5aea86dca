#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace vigil {

/// Keeps account of the DOWNs that are expected and of those that come. A DOWN
/// is known by its whole line: watcher, reference, object and reason.
///
/// Thread-safety: none.
class down_ledger {
public:
  /// What a scene expected and what came of it.
  struct scene {
    std::string title;
    size_t expected = 0;
    /// How many came, those included that nobody expected.
    size_t received = 0;
    /// How many came that nobody expected, or came once more.
    size_t surplus = 0;
  };

  /// What is expected and comes from now on belongs to a new scene.
  void begin(std::string title);

  /// Notes that a DOWN with this line shall come.
  /// @pre a scene has begun
  void expect(const std::string& line);

  /// Notes that it came. Returns whether it was expected and came for the first
  /// time.
  /// @pre a scene has begun
  bool receive(const std::string& line);

  const std::vector<scene>& scenes() const noexcept {
    return scenes_;
  }

  /// Returns the sum of all scenes.
  scene total() const;

  /// Returns whether all that was expected came once, and nothing else.
  bool balanced() const;

private:
  struct entry {
    size_t scene;
    bool received;
  };

  std::map<std::string, entry> entries_;
  std::vector<scene> scenes_;
};

} // namespace vigil
