#include "tools/node/shell_runtime.hpp"

#include <vigil/down_cause.hpp>
#include <vigil/down_origin.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace vigil {

shell_runtime::shell_runtime(output& out, bool show_origins)
  : out_(out),
    show_origins_(show_origins) {
  // nop
}

errc shell_runtime::spawn(const pid& process,
                          const std::optional<process_name>& name) {
  std::lock_guard guard{mutex_};
  return processes_.add(process, {}, name);
}

errc shell_runtime::end(const pid& process) {
  std::lock_guard guard{mutex_};
  return processes_.remove(process) ? errc::none : errc::noproc;
}

errc shell_runtime::add_name(const process_name& name, const pid& process) {
  std::lock_guard guard{mutex_};
  return processes_.register_name(name, process);
}

errc shell_runtime::remove_name(const process_name& name) {
  std::lock_guard guard{mutex_};
  return processes_.unregister_name(name);
}

std::vector<down> shell_runtime::take_downs(const pid& process) {
  std::lock_guard guard{mutex_};
  auto mailbox = processes_.find(process);
  if (mailbox == nullptr)
    return {};
  return std::exchange(*mailbox, {});
}

bool shell_runtime::alive(const pid& process) const noexcept {
  std::lock_guard guard{mutex_};
  return processes_.contains(process);
}

std::optional<pid>
shell_runtime::whereis(const process_name& name) const noexcept {
  std::lock_guard guard{mutex_};
  return processes_.whereis(name);
}

void shell_runtime::deliver(const down_notice* first, size_t count) noexcept {
  // Printed under the lock, so that the line of a DOWN precedes the answer of a
  // command that sees or ends its watcher.
  std::lock_guard guard{mutex_};
  for (auto i = first; i != first + count; ++i) {
    auto mailbox = processes_.find(i->watcher);
    if (mailbox == nullptr)
      continue;
    const auto& message = i->message;
    mailbox->push_back(message);
    auto line = "down " + to_string(i->watcher) + ' ' + to_string(message.ref)
                + ' ' + to_string(message.object) + ' '
                + to_string(message.reason);
    if (show_origins_)
      line += " origin=" + std::string{to_string(message.origin)}
              + " loss=" + std::to_string(message.loss);
    out_.event(line);
  }
}

void shell_runtime::remove_down(const pid& watcher, reference ref) noexcept {
  std::lock_guard guard{mutex_};
  auto mailbox = processes_.find(watcher);
  if (mailbox == nullptr)
    return;
  auto message = std::find_if(mailbox->begin(), mailbox->end(),
                              [ref](const down& x) { return x.ref == ref; });
  if (message != mailbox->end())
    mailbox->erase(message);
}

void shell_runtime::on_node_event(const node_event& what) noexcept {
  if (what.up) {
    out_.event("nodeup " + to_string(what.peer));
    return;
  }
  auto line = "nodedown " + to_string(what.peer) + ' '
              + std::string{to_string(what.cause)};
  if (show_origins_)
    line += " loss=" + std::to_string(what.loss);
  out_.event(line);
}

} // namespace vigil
