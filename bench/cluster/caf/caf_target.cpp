#include "bench/cluster/caf/caf_target.hpp"

#include "bench/cluster/caf/caf_system.hpp"
#include "bench/common/failure.hpp"
#include "bench/common/kernel_counters.hpp"

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/exit_reason.hpp>
#include <caf/io/middleman.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <cstdint>
#include <iostream>
#include <string>
#include <vector>

namespace vigil::bench {

namespace {

/// An actor that waits to be ended.
class idle final : public caf::event_based_actor {
public:
  using caf::event_based_actor::event_based_actor;

  caf::behavior make_behavior() override {
    return {[](caf::ok_atom) {
      // nop: nobody asks
    }};
  }
};

/// Owns the actors that are watched and hands out their handles.
class server final : public caf::event_based_actor {
public:
  using caf::event_based_actor::event_based_actor;

  caf::behavior make_behavior() override {
    return {
      [this](caf::put_atom, uint64_t count) {
        actors_.clear();
        actors_.reserve(count);
        for (uint64_t i = 0; i < count; ++i)
          actors_.push_back(system().spawn<idle>());
        return uint64_t{0};
      },
      [this](caf::get_atom, uint64_t first, uint64_t count) {
        auto begin = actors_.begin() + static_cast<std::ptrdiff_t>(first);
        return std::vector<caf::actor>{
          begin, begin + static_cast<std::ptrdiff_t>(count)};
      },
      [this](caf::delete_atom) {
        for (auto& x : actors_)
          caf::anon_send_exit(x, caf::exit_reason::user_shutdown);
        actors_.clear();
      },
      [](caf::ok_atom) { return caf::ok_atom_v; },
    };
  }

private:
  std::vector<caf::actor> actors_;
};

} // namespace

void run_caf_target() {
  caf_settings config;
  caf::actor_system system{config};
  auto all = system.spawn<server>();
  auto port = system.middleman().publish(all, 0, "127.0.0.1", true);
  if (!port)
    throw failure{system.render(port.error())};
  caf::scoped_actor self{system};
  std::cout << "ready " << *port << std::endl;
  for (std::string command; std::cin >> command;) {
    if (command == "spawn") {
      uint64_t count = 0;
      std::cin >> count;
      self->request(all, caf::infinite, caf::put_atom_v, count)
        .receive([](uint64_t first) { std::cout << first << std::endl; },
                 [](const caf::error&) { throw failure{"no actors"}; });
    } else if (command == "stop") {
      self->send(all, caf::delete_atom_v);
    } else if (command == "memory") {
      std::cout << resident_set() << std::endl;
    } else {
      throw failure{"no command " + command};
    }
  }
  self->send_exit(all, caf::exit_reason::user_shutdown);
}

} // namespace vigil::bench
