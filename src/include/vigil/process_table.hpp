#pragma once

#include <vigil/errc.hpp>
#include <vigil/pid.hpp>
#include <vigil/process_name.hpp>

#include <cassert>
#include <optional>
#include <unordered_map>
#include <utility>

namespace vigil {

/// The live processes of a node, what a runtime keeps for each of them (`T`),
/// and their registered names, by Erlang's rules: a name is given to one
/// process, a process has at most one name, and the name goes with the process.
///
/// For whoever writes a `runtime`: `contains` and `whereis` answer what a node
/// asks of it. A runtime of very many processes may bring a faster `Map`, with
/// the interface of the standard one.
///
/// Thread-safety: none of its own; the runtime's lock guards it.
/// @see Erlang/OTP, erlang:register/2, erlang:unregister/1, erlang:whereis/1
template <class T, template <class...> class Map = std::unordered_map>
class process_table {
public:
  // -- processes --------------------------------------------------------------

  /// Adds a process, registered under `name` if there is one. Errors:
  /// `name_taken`; then the process is not added.
  /// @pre `process` is not in the table
  errc add(const pid& process, T value,
           const std::optional<process_name>& name = std::nullopt) {
    if (name && !names_.emplace(*name, process).second)
      return errc::name_taken;
    [[maybe_unused]] auto added
      = processes_.emplace(process, entry{std::move(value), name}).second;
    assert(added);
    return errc::none;
  }

  /// Removes a process and its name; returns what was kept for it, nothing if
  /// it is not in the table.
  std::optional<T> remove(const pid& process) {
    auto i = processes_.find(process);
    if (i == processes_.end())
      return std::nullopt;
    if (i->second.name)
      names_.erase(*i->second.name);
    std::optional<T> result{std::move(i->second.value)};
    processes_.erase(i);
    return result;
  }

  /// Returns whether a process is in the table; what `alive` of a runtime asks.
  bool contains(const pid& process) const noexcept {
    return processes_.count(process) != 0;
  }

  /// Returns what is kept for a process, null if it is not in the table. Valid
  /// until the table changes.
  T* find(const pid& process) noexcept {
    auto i = processes_.find(process);
    return i != processes_.end() ? &i->second.value : nullptr;
  }

  /// Calls `f(process, value)` for each process, in no particular order.
  template <class F>
  void for_each(F f) const {
    for (const auto& [process, x] : processes_)
      f(process, x.value);
  }

  /// Removes all processes and their names, and what was kept for them.
  void clear() noexcept {
    processes_.clear();
    names_.clear();
  }

  // -- names ------------------------------------------------------------------

  /// Gives a process a name. Errors: `noproc`, and `name_taken` if the name is
  /// given to a process or the process has a name.
  errc register_name(const process_name& name, const pid& process) {
    auto i = processes_.find(process);
    if (i == processes_.end())
      return errc::noproc;
    if (i->second.name || !names_.emplace(name, process).second)
      return errc::name_taken;
    i->second.name = name;
    return errc::none;
  }

  /// Takes a name away. Errors: `not_registered`.
  errc unregister_name(const process_name& name) {
    auto i = names_.find(name);
    if (i == names_.end())
      return errc::not_registered;
    processes_.find(i->second)->second.name.reset();
    names_.erase(i);
    return errc::none;
  }

  /// Returns the process registered under `name`, if any.
  std::optional<pid> whereis(const process_name& name) const noexcept {
    auto i = names_.find(name);
    if (i == names_.end())
      return std::nullopt;
    return i->second;
  }

private:
  struct entry {
    T value;
    std::optional<process_name> name;
  };

  Map<pid, entry> processes_;
  Map<process_name, pid> names_;
};

} // namespace vigil
