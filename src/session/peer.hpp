#pragma once

#include <vigil/core/time_point.hpp>
#include <vigil/node_name.hpp>
#include "src/link/deadline_set.hpp"
#include "src/link/link_keeper.hpp"
#include "src/session/contact.hpp"

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vigil {

/// One other node, as a session layer sees it: the one contact that counts, and
/// the one that waits for its end.
///
/// Thread-safety: none; owned by a session layer, as its contacts are.
class peer : public deadline_entry {
public:
  explicit peer(std::string_view text) : text_(text) {
    // nop
  }

  /// Returns what the node is called.
  const std::string& text() const noexcept {
    return text_;
  }

  /// Returns the same as a name. There is none until this node wants something
  /// of the peer or a session with it is up: names are for life, and a stranger
  /// must not get one by saying hello.
  node_name name() const noexcept {
    return name_;
  }

  /// @pre `name.str() == text()`
  void set_name(node_name name) noexcept {
    assert(name.str() == text_);
    name_ = name;
  }

  /// The wish for a link to it.
  link_keeper keeper;

  /// Those who want to know when all has been applied, once the link is up.
  std::vector<uint64_t> syncs;

  /// It stands in the list of a session schedule.
  bool changes = false;

  /// Returns whether anything would be lost if it were forgotten: another that
  /// is made under its name is as good as an idle one.
  bool idle() const noexcept {
    return num_contacts_ == 0 && syncs.empty() && keeper.idle();
  }

  // -- contacts ---------------------------------------------------------------

  /// Returns the contact in phase greeting or up; null if there is none.
  contact* current() const noexcept {
    return current_;
  }

  /// Returns the contact whose session is up; null if there is none.
  contact* live() const noexcept {
    return current_ != nullptr && current_->state == contact::phase::up
             ? current_
             : nullptr;
  }

  /// Makes `x` a contact of this peer, until `detach`.
  void attach(contact& x) noexcept {
    assert(x.peer == nullptr || x.peer == this);
    if (x.peer == nullptr)
      ++num_contacts_;
    x.peer = this;
  }

  /// Says that `x` ends.
  void detach(contact& x) noexcept {
    let_go(x);
    if (x.state == contact::phase::leaving)
      --num_leaving_;
    --num_contacts_;
    x.peer = nullptr;
  }

  /// Makes `x` the current one. What becomes of the one before is the caller's
  /// business.
  void adopt(contact& x) noexcept {
    attach(x);
    current_ = &x;
  }

  /// Lets `x` wait for the end of the current session, which is asked whether
  /// it still works: `token` is in the probe, whose answer may take until
  /// `deadline`.
  void hold(contact& x, time_point deadline, uint64_t token) noexcept {
    hold(x);
    probe_ = {deadline, token};
  }

  /// Lets `x` wait until the end of the last session is done with.
  void hold(contact& x) noexcept {
    attach(x);
    x.state = contact::phase::held;
    newcomer_ = &x;
  }

  /// Returns the contact that is held; null if there is none.
  contact* newcomer() const noexcept {
    return newcomer_;
  }

  /// Ends the wait of the newcomer, and returns it; null if there is none.
  contact* release() noexcept {
    return std::exchange(newcomer_, nullptr);
  }

  /// Notes that `x` is leaving: nothing counts of it any more but its end.
  void leave(contact& x) noexcept {
    let_go(x);
    if (x.state != contact::phase::leaving)
      ++num_leaving_;
    x.state = contact::phase::leaving;
  }

  /// Returns whether a contact is leaving.
  bool is_leaving() const noexcept {
    return num_leaving_ > 0;
  }

  // -- the probe of a session that stands in a newcomer's way -----------------

  /// Returns whether `token` is in the probe whose answer decides.
  bool probed_with(uint64_t token) const noexcept {
    return newcomer_ != nullptr && probe_.token == token;
  }

  /// Returns whether the answer is overdue.
  bool probe_due(time_point now) const noexcept {
    return probing() && probe_.deadline <= now;
  }

  /// Returns how long the answer may take.
  time_point probe_deadline() const noexcept {
    return probe_.deadline;
  }

  void extend_probe(time_point deadline) noexcept {
    probe_.deadline = deadline;
  }

  // -- time -------------------------------------------------------------------

  /// Returns when something of the above is due; nothing if nobody waits.
  std::optional<time_point> next_wake() const noexcept {
    auto result = keeper.next_wake();
    if (probing() && (!result || probe_.deadline < *result))
      result = probe_.deadline;
    return result;
  }

private:
  struct probe_state {
    time_point deadline;
    uint64_t token = 0;
  };

  void let_go(const contact& x) noexcept {
    if (current_ == &x)
      current_ = nullptr;
    if (newcomer_ == &x)
      newcomer_ = nullptr;
  }

  bool probing() const noexcept {
    return newcomer_ != nullptr && !keeper.losing();
  }

  std::string text_;
  node_name name_;
  contact* current_ = nullptr;
  contact* newcomer_ = nullptr;
  probe_state probe_;
  size_t num_contacts_ = 0;
  size_t num_leaving_ = 0;
};

} // namespace vigil
