#pragma once

#include "src/link/ids.hpp"
#include "src/session/network_effect.hpp"
#include "testkit/net/parcel.hpp"
#include "testkit/net/station.hpp"
#include "testkit/net/world.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace vigil::testkit {

/// The network between the nodes of a run: sockets that can be cut, closed and
/// replaced, and the connections that the nodes see.
///
/// If connections collapse, all sockets between two nodes are one connection,
/// as CAF's proxies are: a message may then travel over either socket, and only
/// the loss of the last one is reported. Otherwise each dial is a connection.
class wire_network {
public:
  using address_book = std::function<station*(node_name)>;

  /// `who_listens` returns the node that a dial of a name reaches, if any.
  wire_network(testkit::world& world, address_book who_listens);

  ~wire_network();

  wire_network(const wire_network&) = delete;

  wire_network& operator=(const wire_network&) = delete;

  // -- for nodes --------------------------------------------------------------

  void dial(station& from, const effect::dial& x);

  void transmit(station& from, connection_id over, parcel x);

  void hang_up(station& from, connection_id x);

  /// Returns the node at the other end of a connection; null if it is gone.
  station* peer_of(const station& from, connection_id x);

  /// Closes everything that a node had; nobody else is told if `silently`.
  void vanish(station& x, bool silently);

  // -- for who plays a node by hand -------------------------------------------

  /// Makes a socket between two nodes and tells neither of them; returns what
  /// each knows as the connection.
  std::array<connection_id, 2> connect(station& x, station& y);

  // -- faults -----------------------------------------------------------------

  /// Closes some socket between two nodes: both notice at once, or one later,
  /// or one never.
  bool close_some();

  /// Puts another socket in the place of some socket: what is on its way gets
  /// lost, repeated or reordered, and nobody is told.
  bool replace_some();

  /// Lets a connection of two sockets use the other one.
  bool switch_some();

  /// Closes all sockets between the nodes at two places; both notice at once.
  void reset(size_t x, size_t y);

  /// Ends all connections of a node without its doing: it learns of each behind
  /// what is on its way, and whoever is at the other end does not.
  void cut_off(const station& x);

  /// Delivers what was held up by cuts that are over.
  void thaw();

private:
  /// What travels from one end of a wire to the other.
  struct lane {
    /// No parcel stands for the news that the sender's end is closed.
    std::deque<std::pair<time_point, std::optional<parcel>>> queue;
    time_point last;
  };

  /// A socket: two ends and, for each, what it has sent.
  struct wire {
    size_t number = 0;
    std::array<station*, 2> ends{};
    std::array<bool, 2> open{true, true};
    std::array<lane, 2> lanes;
  };

  /// What a node knows as a connection.
  struct channel {
    connection_id id{};
    station* local = nullptr;
    std::vector<wire*> wires;
    wire* preferred = nullptr;
  };

  using channel_key = std::pair<size_t, size_t>;

  static size_t end_of(const wire& x, const station& node);

  channel_key key_of(const wire& x, size_t end) const;

  channel* find(const wire& x, size_t end);

  channel* find(const station& local, connection_id id);

  wire& make_wire(station& x, station& y);

  /// Makes a wire that both ends know as a connection.
  wire& join(station& x, station& y);

  /// Returns the sockets of which `local` has an end that is open, to the node
  /// that a connection of it leads to.
  std::vector<wire*> beside(const channel& x) const;

  void attempt(station& from, const effect::dial& x);

  void attach(wire& x, size_t end);

  void put(wire& x, size_t from, std::optional<parcel> what);

  void pump(wire& x, size_t from);

  void deliver(wire& x, size_t to, parcel what);

  /// Closes both ends at once.
  void reset(wire& x);

  /// Closes one end; the other learns of it if `tell`.
  void close_end(wire& x, size_t end, bool tell);

  void disturb(const wire& x);

  wire* some_wire();

  testkit::world& world_;
  address_book who_listens_;
  std::vector<std::unique_ptr<wire>> wires_;
  std::map<channel_key, channel> channels_;
  /// Which channel is that of a connection.
  std::unordered_map<connection_id, channel_key> keys_;
  uint64_t last_connection_ = 0;
};

} // namespace vigil::testkit
