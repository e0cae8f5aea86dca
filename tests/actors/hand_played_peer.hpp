#pragma once

#include "src/session/frame_codec.hpp"
#include "tests/actors/control_plane_world.hpp"

#include <cstdint>
#include <memory>
#include <utility>
#include <variant>
#include <vector>

namespace vigil::test {

/// Another node, over one connection, that says exactly what a test wants. Its
/// session number is 7.
class hand_played_peer {
public:
  hand_played_peer(control_plane_world& world, node_name name, uint64_t number)
    : world_(world),
      name_(name),
      connection_(connection_id{number}),
      proxy_(world.system.spawn<recorder>(notes_)) {
    // nop
  }

  ~hand_played_peer() {
    caf::anon_send_exit(proxy_, caf::exit_reason::kill);
    world_.run();
  }

  hand_played_peer(const hand_played_peer&) = delete;

  hand_played_peer& operator=(const hand_played_peer&) = delete;

  // -- the connection ---------------------------------------------------------

  /// Lets the endpoint report the connection.
  void open() {
    world_.tell(
      peer_opened{connection_, caf::actor_cast<caf::strong_actor_ptr>(proxy_)});
  }

  /// Lets the endpoint report the end of the connection.
  void close() {
    world_.tell(peer_closed{connection_});
  }

  /// Lets the dial that is under way succeed.
  void answer_dial() {
    open();
    REQUIRE(!world_.connector_notes->dials.empty());
    world_.tell(
      dial_success{world_.connector_notes->dials.back().dial, connection_});
  }

  // -- speaking ---------------------------------------------------------------

  void say(session_message x) {
    world_.tell(peer_message{connection_, std::move(x)});
  }

  void say_hello() {
    hello x;
    x.name = to_string(name_);
    x.life = first_life;
    x.being = {2, 2};
    x.numbers = numbers();
    x.tick_time = 8000;
    say(std::move(x));
  }

  /// Makes a session, begun by this side.
  void come_up() {
    open();
    say_hello();
    say_hello();
    take();
  }

  /// Makes a session, begun by node a's dial.
  void answer_and_come_up() {
    answer_dial();
    say_hello();
  }

  void send(const control_message& x) {
    encoder_.add(x);
    say(frame{numbers(), ++sent_, received_, encoder_.take().complete()});
  }

  /// Sends a frame as a peer does that cannot read at the moment.
  void send_unread(const control_message& x) {
    encoder_.add(x);
    say(frame{numbers(), ++sent_, 0, encoder_.take().complete()});
  }

  /// Sends several in one frame, which node a reads when it runs next.
  void send_later(const std::vector<control_message>& xs) {
    for (const auto& x : xs)
      encoder_.add(x);
    caf::anon_send(world_.plane,
                   peer_message{connection_,
                                frame{numbers(), ++sent_, received_,
                                      encoder_.take().complete()}});
  }

  /// Closes the connection, which node a notices when it runs next.
  void close_later() {
    caf::anon_send(world_.plane, peer_closed{connection_});
  }

  /// Acknowledges every frame that has arrived.
  void acknowledge() {
    listen();
    say(tick{numbers(), received_, sent_});
  }

  // -- listening --------------------------------------------------------------

  /// Returns what has arrived since the last call, a line a message.
  lines take() {
    listen();
    return std::exchange(heard_, {});
  }

  /// Returns whether everything so far came from `x`.
  bool heard_only(const caf::actor& x) const {
    for (const auto& sender : notes_->senders)
      if (sender != caf::actor_cast<caf::strong_actor_ptr>(x))
        return false;
    return true;
  }

  session_pair numbers() {
    listen();
    return {session_number{7}, theirs_};
  }

private:
  void listen() {
    for (auto& x : std::exchange(notes_->messages, {}))
      heard_.push_back(describe(x));
  }

  std::string describe(const session_message& x) {
    theirs_ = std::visit([](const auto& y) { return y.numbers.sender; }, x);
    auto result = printer_.line(x);
    if (auto y = std::get_if<frame>(&x)) {
      received_ = y->sequence;
      std::vector<control_message> messages;
      REQUIRE(decoder_.decode(y->bytes, messages));
      for (const auto& message : messages)
        result += " | " + brief(message);
    }
    return result;
  }

  control_plane_world& world_;
  node_name name_;
  connection_id connection_;
  std::shared_ptr<recorder::book> notes_ = std::make_shared<recorder::book>();
  caf::actor proxy_;
  session_number theirs_{};
  uint64_t sent_ = 0;
  uint64_t received_ = 0;
  frame_encoder encoder_{{name_, first_life, node_a, first_life}};
  frame_decoder decoder_{{node_a, first_life, name_, first_life}};
  number_printer printer_;
  lines heard_;
};

/// A world with a session to b, which the runtime has been told of.
struct linked_world : control_plane_world {
  linked_world() {
    b.come_up();
    runtime.take();
  }

  hand_played_peer b{*this, node_b, 1};
};

} // namespace vigil::test
