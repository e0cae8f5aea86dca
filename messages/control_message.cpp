#include <vigil/control_message.hpp>

#include <initializer_list>

namespace vigil {

namespace {

std::string tuple(opcode code, std::initializer_list<std::string> fields) {
  std::string result{'{'};
  result += to_string(code);
  for (const auto& field : fields) {
    result += ',';
    result += field;
  }
  result += '}';
  return result;
}

} // namespace

bool valid(const monitor_p& x) noexcept {
  return valid(x.watcher) && valid(x.object) && valid(x.ref);
}

bool valid(const demonitor_p& x) noexcept {
  return valid(x.watcher) && valid(x.object) && valid(x.ref);
}

bool valid(const monitor_p_exit& x) noexcept {
  return valid(x.watcher) && valid(x.object) && valid(x.ref);
}

bool valid(const control_message& x) noexcept {
  return std::visit([](const auto& y) { return valid(y); }, x);
}

std::string to_string(const monitor_p& x) {
  return tuple(x.code,
               {to_string(x.watcher), to_string(x.object), to_string(x.ref)});
}

std::string to_string(const demonitor_p& x) {
  return tuple(x.code,
               {to_string(x.watcher), to_string(x.object), to_string(x.ref)});
}

std::string to_string(const monitor_p_exit& x) {
  return tuple(x.code, {to_string(x.object), to_string(x.watcher),
                        to_string(x.ref), to_string(x.reason)});
}

std::string to_string(const control_message& x) {
  return std::visit([](const auto& y) { return to_string(y); }, x);
}

bool operator==(const monitor_p& x, const monitor_p& y) noexcept {
  return x.watcher == y.watcher && x.object == y.object && x.ref == y.ref;
}

bool operator==(const demonitor_p& x, const demonitor_p& y) noexcept {
  return x.watcher == y.watcher && x.object == y.object && x.ref == y.ref;
}

bool operator==(const monitor_p_exit& x, const monitor_p_exit& y) noexcept {
  return x.watcher == y.watcher && x.object == y.object && x.ref == y.ref
         && x.reason == y.reason;
}

} // namespace vigil
