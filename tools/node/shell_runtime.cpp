#include "tools/node/shell_runtime.hpp"

#include <vigil/down_cause.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace vigil {

shell_runtime::shell_runtime(output& out) : out_(out) {
  // nop
}

errc shell_runtime::spawn(const pid& process,
                          const std::optional<process_name>& name) {
  std::lock_guard guard{mutex_};
  if (name && !names_.emplace(*name, process).second)
    return errc::name_taken;
  processes_[process].name = name;
  return errc::none;
}

errc shell_runtime::end(const pid& process) {
  std::lock_guard guard{mutex_};
  auto i = processes_.find(process);
  if (i == processes_.end())
    return errc::noproc;
  if (i->second.name)
    names_.erase(*i->second.name);
  processes_.erase(i);
  return errc::none;
}

errc shell_runtime::add_name(const process_name& name, const pid& process) {
  std::lock_guard guard{mutex_};
  auto i = processes_.find(process);
  if (i == processes_.end())
    return errc::noproc;
  if (i->second.name || !names_.emplace(name, process).second)
    return errc::name_taken;
  i->second.name = name;
  return errc::none;
}

errc shell_runtime::remove_name(const process_name& name) {
  std::lock_guard guard{mutex_};
  auto i = names_.find(name);
  if (i == names_.end())
    return errc::not_registered;
  processes_[i->second].name.reset();
  names_.erase(i);
  return errc::none;
}

std::vector<down> shell_runtime::take_downs(const pid& process) {
  std::lock_guard guard{mutex_};
  auto i = processes_.find(process);
  if (i == processes_.end())
    return {};
  return std::exchange(i->second.mailbox, {});
}

bool shell_runtime::alive(const pid& process) const noexcept {
  std::lock_guard guard{mutex_};
  return processes_.count(process) != 0;
}

std::optional<pid>
shell_runtime::whereis(const process_name& name) const noexcept {
  std::lock_guard guard{mutex_};
  auto i = names_.find(name);
  if (i == names_.end())
    return std::nullopt;
  return i->second;
}

void shell_runtime::deliver(const down_notice* first, size_t count) noexcept {
  // Printed under the lock, so that the line of a DOWN precedes the answer of a
  // command that sees or ends its watcher.
  std::lock_guard guard{mutex_};
  for (auto i = first; i != first + count; ++i) {
    auto watcher = processes_.find(i->watcher);
    if (watcher == processes_.end())
      continue;
    const auto& message = i->message;
    watcher->second.mailbox.push_back(message);
    out_.event("down " + to_string(i->watcher) + ' ' + to_string(message.ref)
               + ' ' + to_string(message.object) + ' '
               + to_string(message.reason));
  }
}

void shell_runtime::remove_down(const pid& watcher, reference ref) noexcept {
  std::lock_guard guard{mutex_};
  auto i = processes_.find(watcher);
  if (i == processes_.end())
    return;
  auto& mailbox = i->second.mailbox;
  auto message = std::find_if(mailbox.begin(), mailbox.end(),
                              [ref](const down& x) { return x.ref == ref; });
  if (message != mailbox.end())
    mailbox.erase(message);
}

void shell_runtime::on_node_event(const node_event& what) noexcept {
  if (what.up) {
    out_.event("nodeup " + to_string(what.peer));
    return;
  }
  out_.event("nodedown " + to_string(what.peer) + ' '
             + std::string{to_string(what.cause)});
}

} // namespace vigil
