#pragma once

#include "tests/cluster/relay_lane.hpp"
#include "tests/cluster/tcp.hpp"
#include "tools/descriptor.hpp"
#include "tools/event_flag.hpp"

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <poll.h>
#include <string>
#include <thread>
#include <vector>

namespace vigil::test {

/// A bad link to a node: passes on what callers and the node say to each other,
/// and can stall, delay, slow down and cut it. Order is kept and nothing is
/// lost but by a cut, as TCP has it.
///
/// Thread-safety: none; a thread within does the work.
class relay {
public:
  /// The directions of a link.
  enum way : size_t { to_node, to_caller };

  /// How a connection is cut: as a program does that closes it, or so that both
  /// sides get a reset.
  enum class ending { orderly, reset };

  /// Listens on a port of its own for callers of the node at `node_port`.
  explicit relay(uint16_t node_port);

  relay(const relay&) = delete;

  relay& operator=(const relay&) = delete;

  ~relay();

  // -- properties -------------------------------------------------------------

  /// Returns `127.0.0.1:PORT`.
  std::string address() const {
    return listener_.address();
  }

  /// Returns how many bytes have passed.
  uint64_t forwarded(way direction);

  // -- faults -----------------------------------------------------------------

  /// Lets nothing pass in one direction, as if the link were gone; connections
  /// stay open.
  void stall(way direction);

  /// Lets nothing pass at all.
  void stall();

  /// Lets everything pass again, what was held included.
  void resume();

  /// Holds each piece back for a random time, up to `longest`.
  void delay(std::chrono::milliseconds longest, uint32_t seed);

  /// Lets so many bytes pass in a second, in each direction.
  void throttle(size_t bytes_per_second);

  /// Lets exactly `bytes` more bytes pass in one direction, over whichever
  /// connection, and then ends the connection that carried the last.
  void cut_after(way direction, uint64_t bytes, ending how);

  /// Waits until that has happened.
  void await_cut();

  /// Takes a cut back that has not happened.
  void spare();

  /// Waits until no connection is left.
  void await_closed();

private:
  /// A caller's connection and the one to the node.
  struct connection {
    connection(descriptor caller, descriptor node);

    descriptor caller_socket;
    descriptor node_socket;
    std::array<relay_lane, 2> lanes;
    std::array<bool, 2> finished{};

    bool over() const noexcept;

    void end(ending how);
  };

  /// What one of the descriptors that are polled is for, in their order.
  struct purpose {
    std::list<connection>::iterator owner;
    size_t direction = 0;
    bool reading = false;
  };

  template <class Change>
  void change(Change f);

  void await(const std::function<bool()>& condition);

  void run();

  /// Notes what to wait for; returns for how long, or nothing at the end.
  std::optional<int> prepare();

  void accept();

  void serve(connection& x, size_t direction, bool reading);

  void cut(connection& x);

  bool cut_is_due() const noexcept;

  tcp_listener listener_;
  uint16_t node_port_;
  event_flag changed_;
  std::mutex mutex_;
  std::condition_variable progress_;
  std::array<lane_rules, 2> rules_;
  ending how_ = ending::orderly;
  std::list<connection> connections_;
  std::vector<pollfd> fds_;
  std::vector<purpose> polled_;
  bool stopped_ = false;
  std::thread worker_;
};

} // namespace vigil::test
