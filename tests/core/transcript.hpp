#pragma once

#include <vigil/control_message.hpp>
#include <vigil/core/process_view.hpp>
#include <vigil/core/recording_transport.hpp>
#include <vigil/literals.hpp>
#include <vigil/notices.hpp>
#include "src/node/core_event.hpp"
#include "src/node/exit_check.hpp"
#include "src/node/node_effects.hpp"

#include <doctest/doctest.h>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// What the tests of the core share: four nodes, short ways to write pids and
/// messages, processes that live as long as a test wants, and a printed form of
/// everything that leaves the core, so that a test compares lines.
namespace vigil::test {

using lines = std::vector<std::string>;

// -- names --------------------------------------------------------------------

inline const auto node_a = "a@h"_node;
inline const auto node_b = "b@h"_node;
inline const auto node_c = "c@h"_node;
inline const auto node_d = "d@h"_node;

/// The creation that a node has in the tests unless they say otherwise.
inline constexpr creation first_life{1};

inline pid proc(node_name node, uint32_t number, creation life = first_life) {
  return {node, life, number, 0};
}

inline target named(std::string_view name, node_name node) {
  return named_target{*process_name::parse(name), node};
}

inline reference ref(uint64_t number) {
  return reference{to_integer(first_reference) + number};
}

inline exit_reason atom(std::string_view text) {
  return *exit_reason::atom(text);
}

// -- printing -----------------------------------------------------------------

/// `a1` is process 1 of node a in its first life, `a1~7` in its life 7.
inline std::string brief(const pid& x) {
  auto result = std::string{x.node.alive()} + std::to_string(x.number);
  if (x.serial != 0)
    result += "." + std::to_string(x.serial);
  if (x.life != first_life)
    result += "~" + std::to_string(to_integer(x.life));
  return result;
}

/// `{db,b}` is whatever is registered as db on node b.
inline std::string brief(const target& x) {
  if (auto process = std::get_if<pid>(&x))
    return brief(*process);
  const auto& y = std::get<named_target>(x);
  return "{" + y.name.str() + "," + std::string{y.node.alive()} + "}";
}

inline std::string brief(reference x) {
  return "r" + std::to_string(to_integer(x) - to_integer(first_reference));
}

inline std::string brief(node_name x) {
  return std::string{x.alive()};
}

inline std::string brief(const control_message& x) {
  return std::visit(
    [](const auto& y) {
      auto code = std::string{to_string(y.code)};
      if constexpr (std::is_same_v<std::decay_t<decltype(y)>, monitor_p_exit>)
        return code + " " + brief(y.object) + " " + brief(y.watcher) + " "
               + brief(y.ref) + " " + to_string(y.reason);
      else
        return code + " " + brief(y.watcher) + " " + brief(y.object) + " "
               + brief(y.ref);
    },
    x);
}

inline std::string brief(const farewell& x) {
  return std::string{to_string(x.cause)} + "/"
         + std::string{to_string(x.failure)};
}

/// Where a DOWN comes from and which end of a link it belongs to.
inline std::string provenance(down_origin origin, uint64_t loss) {
  return " " + std::string{to_string(origin)} + " " + std::to_string(loss);
}

/// A DOWN as a runtime gets it.
inline std::string brief(const down_notice& x) {
  return brief(x.watcher) + " " + brief(x.message.ref) + " "
         + brief(x.message.object) + " " + to_string(x.message.reason);
}

inline std::string line(const down_notice& x) {
  return "down " + brief(x);
}

/// Calls `f` with the effect, or with each of its DOWNs.
template <class Effect, class F>
void one_by_one(const Effect& x, F&& f) {
  if constexpr (std::is_same_v<Effect, effect::deliver_downs>)
    for (auto i = x.first; i != x.first + x.count; ++i)
      f(*i);
  else
    f(x);
}

inline std::string line(const effect::retire& x) {
  return "retire " + brief(x.ref) + " " + std::string{to_string(x.why)}
         + (x.granted ? " granted" : " refused");
}

inline std::string line(const effect::node_up& x) {
  return "nodeup " + brief(x.peer) + " " + std::to_string(to_integer(x.life));
}

inline std::string line(const effect::node_down& x) {
  return "nodedown " + brief(x.peer) + " " + std::string{to_string(x.cause)};
}

inline std::string line(const effect::link_lost& x) {
  return "link_lost " + brief(x.peer);
}

inline std::string line(const effect::link_full& x) {
  return (x.full ? "full " : "has room ") + brief(x.peer);
}

inline std::string line(const effect::yield&) {
  return "yield";
}

inline std::string line(const effect::ticks_missed& x) {
  return "ticks_missed " + brief(x.peer) + " " + std::to_string(x.count);
}

inline std::string line(const exit_fault& x) {
  return std::string{x.what == exit_check::fault::twice ? "exit_twice "
                                                        : "exit_alive "}
         + brief(x.process) + " " + std::to_string(x.count);
}

inline std::string line(const effect::connect_failed& x) {
  return "connect_failed " + brief(x.peer) + " "
         + std::string{to_string(x.why.code)};
}

inline std::string line(const effect::synced& x) {
  return "synced " + std::to_string(x.token) + (x.ok ? " ok" : " never");
}

inline std::string line(const effect::send& x) {
  return "send " + brief(x.peer) + " " + brief(x.message);
}

inline std::string line(const effect::open_link& x) {
  return "open " + brief(x.peer) + (x.keep ? " keep" : "");
}

inline std::string line(const effect::loss_done& x) {
  return "settle " + brief(x.peer);
}

inline std::string line(const effect::close_link& x) {
  return "close " + brief(x.peer) + " " + brief(x.why);
}

inline std::string line(const recording_transport::record& x) {
  return std::visit(
    [](const auto& y) {
      using type = std::decay_t<decltype(y)>;
      if constexpr (std::is_same_v<type, recording_transport::sent>)
        return "send " + brief(y.peer) + " " + brief(y.message);
      else if constexpr (std::is_same_v<type, recording_transport::opened>)
        return "open " + brief(y.peer) + (y.keep ? " keep" : "");
      else if constexpr (std::is_same_v<type, recording_transport::loss_over>)
        return "settle " + brief(y.peer);
      else
        return "close " + brief(y.peer) + " " + brief(y.why);
    },
    x);
}

inline std::string line(const event::link_up& x) {
  return "link_up " + brief(x.peer) + " " + std::to_string(to_integer(x.life));
}

inline std::string line(const event::link_down& x) {
  return "link_down " + brief(x.peer) + " " + std::string{to_string(x.cause)};
}

inline std::string line(const event::link_failed& x) {
  return "link_failed " + brief(x.peer) + " "
         + std::string{to_string(x.why.code)};
}

inline std::string line(const event::received& x) {
  return "received " + brief(x.peer) + " " + brief(x.message);
}

/// Prints what a session layer reports; nothing else is a report.
inline std::string report_line(const control_event& x) {
  return std::visit(
    [](const auto& y) -> std::string {
      using type = std::decay_t<decltype(y)>;
      if constexpr (
        std::is_same_v<
          type,
          event::
            link_up> || std::is_same_v<type, event::link_down> || std::is_same_v<type, event::link_failed> || std::is_same_v<type, event::received>)
        return line(y);
      else
        return "not a report";
    },
    x);
}

inline std::string brief(connection_id x) {
  return "c" + std::to_string(static_cast<uint64_t>(x));
}

/// Prints session messages with short session numbers: those of the node under
/// test are s1, s2, ... in the order in which it first shows them, those that a
/// test invented for a peer are below 1000 and stay as they are.
class number_printer {
public:
  std::string operator()(session_number x) {
    auto value = static_cast<uint64_t>(x);
    if (value < 1000)
      return std::to_string(value);
    auto known = names_.emplace(value, names_.size() + 1).first->second;
    return "s" + std::to_string(known);
  }

  std::string operator()(session_pair x) {
    auto first = (*this)(x.sender);
    return first + ">" + (*this)(x.receiver);
  }

  /// Returns the number that is printed as `sN`.
  session_number own(size_t n) const {
    for (const auto& [value, name] : names_)
      if (name == n)
        return session_number{value};
    FAIL("no such session number was seen");
    return {};
  }

  std::string line(const session_message& x) {
    auto pair = std::visit([&](const auto& y) { return (*this)(y.numbers); },
                           x);
    if (auto y = std::get_if<hello>(&x))
      return "hello " + pair + " " + y->name.substr(0, y->name.find('@'));
    if (auto y = std::get_if<frame>(&x))
      return "frame " + pair + " #" + std::to_string(y->sequence) + " ack "
             + std::to_string(y->acknowledged);
    if (auto y = std::get_if<tick>(&x))
      return "tick " + pair + " ack " + std::to_string(y->acknowledged);
    if (std::holds_alternative<probe>(x))
      return "probe " + pair;
    if (std::holds_alternative<probe_reply>(x))
      return "probe_reply " + pair;
    if (auto y = std::get_if<goodbye>(&x))
      return "goodbye " + pair + " " + brief(y->why);
    return "goodbye_ack " + pair;
  }

  std::string line(const network_effect& x) {
    if (auto y = std::get_if<effect::transmit>(&x))
      return brief(y->connection) + " " + line(y->message);
    if (auto y = std::get_if<effect::dial>(&x))
      return "dial " + std::to_string(static_cast<uint64_t>(y->dial)) + " "
             + brief(y->peer);
    if (auto y = std::get_if<effect::hang_up>(&x))
      return "hang_up " + brief(y->connection);
    if (auto y = std::get_if<effect::synced>(&x))
      return test::line(*y);
    if (auto y = std::get_if<effect::ticks_missed>(&x))
      return test::line(*y);
    if (auto y = std::get_if<effect::link_full>(&x))
      return test::line(*y);
    return "stopped";
  }

private:
  std::map<uint64_t, size_t> names_;
};

// -- processes ----------------------------------------------------------------

/// The processes of one node: alive are those that a test has spawned.
class processes_stub : public process_view {
public:
  explicit processes_stub(node_name self, creation life = first_life)
    : self_(self),
      life_(life) {
    // nop
  }

  pid spawn(uint32_t number) {
    alive_.insert(number);
    return {self_, life_, number, 0};
  }

  pid spawn(uint32_t number, std::string_view name) {
    names_[std::string{name}] = number;
    return spawn(number);
  }

  void give_name(std::string_view name, uint32_t number) {
    names_[std::string{name}] = number;
  }

  /// Makes a process invisible, and its names free, as a runtime must do before
  /// it reports the exit.
  void end(uint32_t number) {
    alive_.erase(number);
    for (auto i = names_.begin(); i != names_.end();)
      i = i->second == number ? names_.erase(i) : std::next(i);
  }

  bool alive(const pid& x) const noexcept override {
    // The core promises to ask for pids of this life only.
    CHECK(x.node == self_);
    CHECK(x.life == life_);
    return x.serial == 0 && alive_.count(x.number) > 0;
  }

  std::optional<pid> whereis(const process_name& name) const noexcept override {
    auto i = names_.find(name.str());
    if (i == names_.end())
      return std::nullopt;
    return pid{self_, life_, i->second, 0};
  }

private:
  node_name self_;
  creation life_;
  std::set<uint32_t> alive_;
  std::map<std::string, uint32_t> names_;
};

/// Compares two transcripts; a difference shows both, a line each.
inline std::string joined(const lines& xs) {
  std::string result;
  for (const auto& x : xs)
    result += "\n  " + x;
  return result;
}

#define CHECK_LINES(actual, ...)                                               \
  CHECK(vigil::test::joined(actual)                                            \
        == vigil::test::joined(vigil::test::lines __VA_ARGS__))

} // namespace vigil::test
