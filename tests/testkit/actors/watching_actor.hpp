#pragma once

// Actors as a user writes them, and the names of their nodes.

#include <vigil/literals.hpp>
#include <vigil/testkit_actors.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace vigil::test {

using namespace std::chrono_literals;

inline const auto node_a = "a@h"_node;
inline const auto node_b = "b@h"_node;
inline const auto node_c = "c@h"_node;

inline exit_reason boom() {
  return *exit_reason::atom("boom");
}

/// What the actors of a test have noted.
using notes = std::vector<std::string>;

/// Monitors a target from its first step on, and notes the DOWNs and what else
/// it is told.
class watching_actor final : public caf::event_based_actor {
public:
  watching_actor(caf::actor_config& config, pid self,
                 const runtime_front& front, const target& object, notes* out)
    : event_based_actor(config),
      monitors_(front, self),
      out_(out) {
    static_cast<void>(monitors_.monitor(object));
  }

  caf::behavior make_behavior() override {
    return {
      [this](const down& x) {
        if (monitors_.accept(x))
          out_->push_back("DOWN " + to_string(x.reason));
      },
      [this](const std::string& x) { out_->push_back(x); },
    };
  }

private:
  monitor_set monitors_;
  notes* out_;
};

/// Ends for the reason that it is told; answers numbers. Takes DOWNs, and does
/// nothing about them.
inline caf::behavior worker(caf::event_based_actor* self, int step) {
  return {
    [self](const std::string& reason) {
      self->quit(to_error(*exit_reason::atom(reason)));
    },
    [step](int x) { return x + step; },
    [](const down&) {},
  };
}

/// Notes what it is told.
inline caf::behavior listening(caf::event_based_actor*, notes* out) {
  return {[out](const std::string& x) { out->push_back(x); }};
}

/// Makes a worker that is a process of a node.
inline pid add_worker(node& home) {
  return home.processes()
    .spawn([&](pid) { return home.system().spawn(worker, 1); })
    .value();
}

/// Makes an actor that watches `object`, as a process of a node.
inline pid add_watcher(node& home, const target& object, notes& out) {
  return home.processes()
    .spawn([&](pid self) {
      return home.system().spawn<watching_actor>(self, home.front(), object,
                                                 &out);
    })
    .value();
}

} // namespace vigil::test

namespace doctest {

template <>
struct StringMaker<vigil::test::notes> {
  static String convert(const vigil::test::notes& xs) {
    std::string result;
    for (const auto& x : xs)
      result += '[' + x + ']';
    return result.c_str();
  }
};

} // namespace doctest
