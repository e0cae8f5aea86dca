#pragma once

#include <vigil/literals.hpp>
#include "testkit/net/simple_station.hpp"
#include "testkit/net/wire_network.hpp"

#include <cstdint>
#include <utility>
#include <variant>

namespace vigil::fuzz {

/// A station that the target plays: it has one connection to the node under
/// attack, and knows what it has heard over it. Where that is closed, another
/// takes its place.
class stranger final : public testkit::simple_station {
public:
  stranger(testkit::wire_network& network, testkit::world& home,
           testkit::life_id id, testkit::station& victim, uint64_t& last_number)
    : simple_station(home, id, "stranger@h"_node),
      network_(network),
      victim_(victim),
      last_number_(last_number) {
    // nop
  }

  /// Forgets its connection, without closing it, and makes another. Returns
  /// what the node under attack knows it as.
  connection_id connect() {
    auto ends = network_.connect(*this, victim_);
    connection_ = ends[0];
    session = session_number{++last_number_};
    heard = {};
    last_frame = last_token = sent = said = 0;
    return ends[1];
  }

  void say(session_message message) {
    network_.transmit(*this, connection_, {std::move(message), {}});
  }

  void hang_up() {
    network_.hang_up(*this, connection_);
  }

  void step(const core_event& what) override {
    if (auto x = std::get_if<event::arrived>(&what)) {
      if (x->connection == connection_)
        note(x->message);
    } else if (auto y = std::get_if<event::disconnected>(&what)) {
      if (y->connection == connection_)
        connect();
    }
  }

  /// The number of its session with the node: another over each connection.
  session_number session{};
  /// From the last message that the node has sent.
  session_pair heard;
  uint64_t last_frame = 0;
  uint64_t last_token = 0;
  /// How many frames it has sent since its last hello.
  uint64_t sent = 0;
  /// How many frames were sent over the connection at all.
  uint64_t said = 0;

private:
  void note(const session_message& x) {
    // An acknowledged goodbye echoes numbers that need not be the node's.
    if (!std::holds_alternative<goodbye_ack>(x))
      std::visit([&](const auto& y) { heard = y.numbers; }, x);
    if (auto y = std::get_if<frame>(&x))
      last_frame = y->sequence;
    else if (auto z = std::get_if<probe>(&x))
      last_token = z->token;
    else if (std::holds_alternative<hello>(x))
      last_frame = sent = 0;
  }

  testkit::wire_network& network_;
  testkit::station& victim_;
  uint64_t& last_number_;
  connection_id connection_{};
};

} // namespace vigil::fuzz
