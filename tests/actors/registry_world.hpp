#pragma once

#include <vigil/process_registry.hpp>
#include "src/front/front_state.hpp"
#include "tests/actors/control_plane_world.hpp"

#include <stdexcept>

/// What the tests of processes that are actors share.
namespace vigil::test {

/// A process that does what it is told.
class worker : public caf::event_based_actor {
public:
  worker(caf::actor_config& config, lines* mailbox)
    : event_based_actor(config),
      mailbox_(mailbox) {
    // nop
  }

protected:
  caf::behavior make_behavior() override {
    return {
      [this](const down& x) {
        mailbox_->push_back("down " + brief(x.ref) + ' ' + brief(x.object) + ' '
                            + to_string(x.reason));
      },
      [this](const down_batch& x) {
        auto line = "batch " + brief(x.peer);
        for (const auto& y : x.downs)
          line += ' ' + brief(y.ref) + provenance(y.origin, y.loss);
        mailbox_->push_back(std::move(line));
      },
      [this](caf::error& x) { quit(std::move(x)); },
      [](const std::string& text) { throw std::runtime_error{text}; },
      [this](int) { quit(); },
    };
  }

private:
  lines* mailbox_;
};

/// The registry of node a, and the queue in which its reports arrive.
struct registry_world {
  explicit registry_world(bool open = true) {
    // Nobody to ask, and every thread may wait.
    front->plane = std::make_shared<actor_plane_port>(
      system, control_plane_handle{}, std::thread::id{});
    if (open)
      registry.open(runtime_front{front});
  }

  ~registry_world() {
    for (const auto& x : registry.close({errc::shutdown, {}}))
      caf::anon_send_exit(x, caf::exit_reason::kill);
    coordinator.run();
  }

  registry_world(const registry_world&) = delete;

  registry_world& operator=(const registry_world&) = delete;

  caf::actor idle() {
    return system.spawn<worker>(&mailbox);
  }

  pid add(const std::optional<process_name>& name = std::nullopt) {
    auto id = registry.add(idle(), name);
    REQUIRE(id);
    return *id;
  }

  /// Returns the ends that were reported since the last call.
  lines reports() {
    coordinator.run();
    lines result;
    front->queue.consume(request_queue::no_limit, [&](const auto& x) {
      if constexpr (std::is_same_v<decltype(x), const event::process_exited&>)
        result.push_back(label(x.process) + ' ' + to_string(x.reason));
      else
        result.emplace_back("something else");
    });
    return result;
  }

  /// Pids count from 100.
  static std::string label(const pid& x) {
    return 'p' + std::to_string(x.number - 99);
  }

  template <class T>
  void tell(const pid& process, T x) {
    caf::anon_send(registry.find(process), std::move(x));
  }

  void deliver(const pid& watcher, uint64_t number) {
    down_notice x{watcher, {ref(number), proc(node_b, 1), atom("boom")}};
    registry.deliver(&x, 1);
    coordinator.run();
  }

  /// A DOWN that a watcher owes to a lost link, the first there was or a later
  /// one.
  static down_notice lost(const pid& watcher, uint64_t number,
                          node_name peer = node_b, uint64_t loss = 1) {
    return {watcher,
            {ref(number), proc(peer, 1), exit_reason::noconnection(),
             down_origin::link_lost, loss}};
  }

  /// Delivers DOWNs at once.
  void deliver(const std::vector<down_notice>& notices) {
    registry.deliver(notices.data(), notices.size());
    coordinator.run();
  }

  lines take_mail() {
    return std::exchange(mailbox, {});
  }

  testing_config config;
  caf::actor_system system{config};
  caf::scheduler::test_coordinator& coordinator
    = dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  std::shared_ptr<front_state> front
    = std::make_shared<front_state>(node_a, first_life, 100);
  lines mailbox;
  process_registry registry;
};

} // namespace vigil::test
