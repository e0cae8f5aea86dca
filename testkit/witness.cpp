#include "testkit/witness.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace vigil::testkit {

namespace {

/// Of how many monitors' targets it is asked whether they are there, each time
/// that time may pass: half of the newest, half of any.
constexpr size_t gap_sample = 64;

/// One in so many calls is made while another thread asks for processes.
constexpr uint64_t lock_sample = 1024;

size_t place_of(reference ref) {
  return static_cast<size_t>(to_integer(ref) - to_integer(first_reference));
}

reference reference_at(size_t place) {
  return reference{to_integer(first_reference) + place};
}

} // namespace

witness::witness(run_state& state, node_name node, creation life, size_t which,
                 uint32_t first_pid)
  : state_(state),
    node_(node),
    life_(life),
    label_([&] {
      state.names.add(node, life, which, first_pid);
      return state.names(node, life);
    }()) {
  state_.witnesses[{node, life}] = this;
}

witness::~witness() {
  state_.witnesses.erase({node_, life_});
}

void witness::fail(const std::string& text) const {
  state_.fail(label_ + ": " + text);
}

// -- monitors -----------------------------------------------------------------

witness::fact& witness::fact_of(reference ref) {
  auto place = place_of(ref);
  if (place >= facts_.size())
    facts_.resize(place + 1);
  return facts_[place];
}

const witness::fact* witness::find(reference ref) const {
  auto place = place_of(ref);
  return ref >= first_reference && place < facts_.size() ? &facts_[place]
                                                         : nullptr;
}

void witness::monitored(const pid& watcher, const target& object,
                        reference ref) {
  if (!state_.is_home("a monitor was asked for"))
    return;
  state_.note([&] {
    return label_ + "  " + state_.names(watcher) + " monitors "
           + state_.names(object) + ": " + state_.names(ref);
  });
  auto& x = fact_of(ref);
  x.watcher = watcher;
  x.object = object;
  x.end = ending::none;
}

void witness::demonitored(const pid& watcher, reference ref, bool found,
                          bool flushed) {
  if (!state_.is_home("a demonitor was asked for"))
    return;
  state_.note([&] {
    return label_ + "  " + state_.names(watcher) + " demonitors "
           + state_.names(ref) + (found ? "" : ", which had ended");
  });
  auto x = const_cast<fact*>(find(ref));
  if (x == nullptr)
    return;
  if (found)
    x->end = ending::demonitored;
  else if (flushed)
    x->flushed = true;
}

void witness::received(reference ref) {
  auto x = const_cast<fact*>(find(ref));
  receipts_ = true;
  if (x == nullptr || x->end != ending::down)
    return fail("a process has received a DOWN of " + state_.names(ref)
                + " that was not delivered");
  if (std::exchange(x->received, true))
    fail("DOWN " + state_.names(ref) + " was received twice");
}

// -- processes ----------------------------------------------------------------

void witness::exited(const pid& process, const exit_reason& reason) {
  if (!state_.is_home("the end of a process was reported"))
    return;
  state_.note([&] {
    return label_ + "  " + state_.names(process)
           + " has ended: " + to_string(reason);
  });
  auto& story = processes_[local_number(process)];
  if (story.reported)
    return fail("the end of " + state_.names(process)
                + " was reported a second time");
  story.reported = reason;
  if (runtime_->alive(process))
    return fail("the end of " + state_.names(process)
                + " was reported while `alive` still says that it is there");
  if (story.denied && !gap_allowed_)
    fail("`alive` said no for " + state_.names(process)
         + " before its end was reported: whoever monitored it then got noproc"
           " and not its reason");
}

bool witness::alive(const pid& process) const noexcept {
  auto yes = runtime_->alive(process);
  if (process.node != node_ || process.life != life_)
    return yes;
  if (!yes) {
    auto& story = processes_[local_number(process)];
    if (!story.reported)
      story.denied = true;
  } else if (end_of(process) != nullptr) {
    fail("`alive` says that " + state_.names(process)
         + " is there, whose end was reported");
  }
  return yes;
}

std::optional<pid> witness::whereis(const process_name& name) const noexcept {
  return runtime_->whereis(name);
}

const exit_reason* witness::end_of(const pid& process) const {
  auto i = processes_.find(local_number(process));
  return i != processes_.end() && i->second.reported ? &*i->second.reported
                                                     : nullptr;
}

bool witness::is_missing(const pid& process) const {
  return running_ && !gap_allowed_ && end_of(process) == nullptr
         && !runtime_->alive(process);
}

// -- DOWNs --------------------------------------------------------------------

void witness::deliver(const down_notice* first, size_t count) noexcept {
  for (auto i = first; i != first + count; ++i)
    note_down(*i);
  runtime_->deliver(first, count);
}

void witness::note_down(const down_notice& x) {
  const auto& message = x.message;
  state_.note([&] {
    return label_ + "  DOWN " + state_.names(message.ref) + ' '
           + state_.names(message.object) + ' ' + to_string(message.reason)
           + " to " + state_.names(x.watcher);
  });
  auto& known = fact_of(message.ref);
  if (known.end == ending::unknown) {
    // Asked for by an actor, over the control plane.
    known.watcher = x.watcher;
    known.object = message.object;
  } else if (known.end != ending::none) {
    fail("a second end of " + state_.names(message.ref) + ": DOWN "
         + to_string(message.reason));
  } else if (known.watcher != x.watcher) {
    fail("DOWN " + state_.names(message.ref) + " goes to "
         + state_.names(x.watcher) + ", but " + state_.names(known.watcher)
         + " monitors");
  }
  known.end = ending::down;
  known.reason = message.reason;
  known.down_number = state_.count_down();
  judge(known, message);
}

void witness::judge(const fact& x, const down& message) {
  auto process = std::get_if<pid>(&x.object);
  if (process == nullptr)
    return;
  auto i = state_.witnesses.find({process->node, process->life});
  if (i == state_.witnesses.end() || !i->second->running_)
    return;
  auto is_remote = process->node != node_;
  if (is_remote && message.reason == exit_reason::noconnection())
    return;
  auto true_end = i->second->end_of(*process);
  auto fits = true_end != nullptr
              && (message.reason == *true_end
                  || message.reason == exit_reason::noproc());
  auto unknown = true_end == nullptr && !i->second->runtime_->alive(*process)
                 && message.reason == exit_reason::noproc();
  if (!fits && !unknown)
    fail("DOWN " + state_.names(message.ref) + " says "
         + to_string(message.reason) + " of " + state_.names(*process)
         + (true_end != nullptr ? ", which has ended by " + to_string(*true_end)
                                : std::string{", which is alive"}));
}

void witness::remove_down(const pid& watcher, reference ref) noexcept {
  runtime_->remove_down(watcher, ref);
}

void witness::on_node_event(const node_event& x) noexcept {
  state_.note([&] {
    return label_
           + (x.up ? "  nodeup " + state_.names(x.peer, x.life)
                   : "  nodedown " + state_.names(x.peer) + ' '
                       + std::string{to_string(x.cause)});
  });
  if (x.up)
    up_[x.peer] = x.life;
  else
    up_.erase(x.peer);
  runtime_->on_node_event(x);
}

bool witness::sees(const witness& other) const {
  auto i = up_.find(other.node_);
  return i != up_.end() && i->second == other.life_;
}

// -- calls --------------------------------------------------------------------

void witness::begins(const char* call) {
  state_.beat();
  if (!state_.is_home("a front was called") || !running_)
    return;
  if (calls_[call]++ % lock_sample != 0 || state_.has_failed())
    return;
  if (!state_.locks.is_free(*runtime_, state_.lock_patience()))
    fail(std::string{"a lock that `alive` needs is held in a call that may "
                     "wait: "}
         + call);
}

// -- the ledger ---------------------------------------------------------------

void witness::look_for_gap(const fact& x) {
  auto process = std::get_if<pid>(&x.object);
  if (process == nullptr || x.end != ending::none)
    return;
  auto i = state_.witnesses.find({process->node, process->life});
  if (i != state_.witnesses.end() && i->second->is_missing(*process))
    i->second->fail("`alive` says no for " + state_.names(*process)
                    + " and its end was not reported; "
                    + state_.names(x.watcher) + " monitors it");
}

void witness::look_for_gaps(bool every) {
  auto count = facts_.size();
  if (every || count <= gap_sample) {
    for (const auto& x : facts_)
      look_for_gap(x);
    return;
  }
  for (size_t i = 1; i <= gap_sample / 2; ++i) {
    look_for_gap(facts_[count - i]);
    look_for_gap(facts_[state_.random.below(count)]);
  }
}

void witness::check_received(bool at_end) {
  if (!receipts_ || !(driven_ || at_end))
    return;
  for (size_t i = 0; i < facts_.size(); ++i) {
    const auto& x = facts_[i];
    if (x.end == ending::down && !x.received && !x.flushed
        && state_.has_rested_since(x.down_number) && runtime_->alive(x.watcher))
      return fail("DOWN " + state_.names(reference_at(i)) + " for "
                  + state_.names(x.watcher)
                  + " was handed to `deliver` and never received");
  }
}

void witness::check_told(const witness& other) const {
  for (size_t i = 0; i < facts_.size(); ++i) {
    const auto& x = facts_[i];
    auto process = std::get_if<pid>(&x.object);
    if (x.end != ending::none || process == nullptr
        || process->node != other.node_ || process->life != other.life_
        || other.end_of(*process) == nullptr || !runtime_->alive(x.watcher))
      continue;
    return fail(state_.names(x.watcher) + " monitors " + state_.names(*process)
                + ", which has ended, and has got no DOWN of "
                + state_.names(reference_at(i)));
  }
}

} // namespace vigil::testkit
