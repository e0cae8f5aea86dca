#pragma once

#include "src/session/session_layer.hpp"
#include "tests/core/transcript.hpp"

#include <algorithm>

namespace vigil::test {

using std::chrono::milliseconds;
using std::chrono::seconds;

inline session_config config_of(node_name name, uint64_t being = 0,
                                creation life = first_life) {
  session_config result;
  result.self = name;
  result.life = life;
  result.being = {being + 1, static_cast<uint64_t>(name.alive()[0])};
  result.seed = being * 256 + static_cast<uint64_t>(name.alive()[0]);
  return result;
}

/// The session layer of node b; the test plays the network and all peers. Every
/// member returns the transcript of one step: reports to the control plane
/// first, then what the network must do. Numbers of b are printed s1, s2, ...;
/// those of peers are small and chosen by the test.
struct session_layer_fixture : link_listener {
  explicit session_layer_fixture(const session_config& config
                                 = config_of(node_b))
    : layer(config, meter) {
    layer.set_time(now);
  }

  void on_link(const control_event& x) override {
    heard.push_back(report_line(x));
    if (auto down = std::get_if<event::link_down>(&x)) {
      last_loss = *down;
      if (settle_at_once)
        layer.loss_done(down->peer);
    } else if (auto failed = std::get_if<event::link_failed>(&x)) {
      if (settle_at_once)
        layer.loss_done(failed->peer);
    }
  }

  void on_received(node_name peer, const control_message& x) override {
    heard.push_back(line(event::received{peer, x}));
  }

  lines finish(bool more_comes = false) {
    lines result;
    heard.clear();
    layer.take_reports(*this);
    result.swap(heard);
    layer.flush(more_comes);
    std::vector<network_effect> effects;
    layer.take_effects(effects);
    if (!has_stopped && layer.stopped())
      effects.emplace_back(effect::stopped{});
    has_stopped = layer.stopped();
    for (const auto& x : effects) {
      if (auto message = std::get_if<effect::transmit>(&x))
        if (auto question = std::get_if<probe>(&message->message))
          last_token = question->token;
      result.push_back(printer.line(x));
    }
    return result;
  }

  lines network(const network_event& what) {
    layer.set_time(now);
    layer.handle(what);
    return finish();
  }

  lines arrive(uint64_t connection, session_message message) {
    return network(
      event::arrived{connection_id{connection}, std::move(message)});
  }

  lines connected(uint64_t dial, uint64_t connection) {
    return network(event::connected{dial_id{dial}, connection_id{connection}});
  }

  lines dial_failed(uint64_t dial, errc why) {
    return network(event::dial_failed{dial_id{dial}, {why, {}}});
  }

  lines disconnected(uint64_t connection, bool misled = false) {
    return network(event::disconnected{connection_id{connection}, misled});
  }

  lines open(node_name peer, bool keep = false) {
    layer.set_time(now);
    layer.open_link(peer, keep);
    return finish();
  }

  lines close(node_name peer, down_cause cause = down_cause::requested) {
    layer.set_time(now);
    layer.close_link(peer, {cause, errc::no_connection, {}});
    return finish();
  }

  lines stop() {
    layer.set_time(now);
    layer.stop();
    return finish();
  }

  /// Queues a control message, which leaves with the end of the step.
  lines send(node_name peer, const control_message& x) {
    layer.set_time(now);
    CHECK(layer.send(peer, x));
    return finish();
  }

  /// Sleeps until the layer wants to be woken, and wakes it.
  lines wake() {
    auto due = layer.next_wake();
    REQUIRE(due);
    now = std::max(now, *due);
    auto result = network(event::timer{});
    // A layer that is woken in time never asks to be woken in the past again.
    if (auto next = layer.next_wake())
      REQUIRE(*next > now);
    return result;
  }

  /// Wakes the layer as often as it wants until `when`, which becomes now.
  lines until(time_point when) {
    lines result;
    for (auto due = layer.next_wake(); due && *due <= when;
         due = layer.next_wake())
      for (auto& x : wake())
        result.push_back(x);
    now = when;
    return result;
  }

  hello greeting(node_name from, uint64_t number, uint64_t seen = 0,
                 uint64_t being = 0, creation life = first_life) const {
    auto config = config_of(from, being, life);
    hello x;
    x.name = from.str();
    x.life = life;
    x.being = config.being;
    x.numbers = pair(number, seen);
    x.tick_time = 8'000;
    return x;
  }

  /// The numbers on a message of a peer; `own` counts b's numbers as printed.
  session_pair pair(uint64_t number, uint64_t own) const {
    return {session_number{number}, own == 0
                                      ? session_number{}
                                      : printer.own(static_cast<size_t>(own))};
  }

  /// Brings a session up that the peer has dialled.
  void up(node_name peer, uint64_t connection, uint64_t number,
          uint64_t being = 0) {
    auto answer = arrive(connection, greeting(peer, number, 0, being));
    REQUIRE(answer.size() == 1);
    auto own = answer[0].substr(answer[0].find(" s") + 2);
    auto seen = std::stoull(own);
    auto lines_up = arrive(connection, greeting(peer, number, seen, being));
    REQUIRE(lines_up.size() == 1);
    REQUIRE(lines_up[0].substr(0, 7) == "link_up");
  }

  /// A frame of a peer with one MONITOR_P by its process 1 for process 1 here.
  frame frame_of(node_name peer, session_pair numbers, uint64_t sequence,
                 uint64_t number) const {
    frame_encoder encoder{{peer, first_life, node_b, first_life}};
    encoder.add(monitor_p{proc(peer, 1), proc(node_b, 1), ref(number)});
    return {numbers, sequence, 0, encoder.take().complete()};
  }

  /// The token of the last probe that b has sent.
  uint64_t token() const {
    return last_token;
  }

  time_point now{seconds{1'000}};
  /// What was reported in this step.
  lines heard;
  /// The layer has stopped.
  bool has_stopped = false;
  uint64_t last_token = 0;
  /// The last `link_down` that was reported.
  event::link_down last_loss;
  /// Whether the control plane is done with a loss as soon as it hears of it.
  bool settle_at_once = true;
  work_meter meter;
  session_layer layer;
  number_printer printer;
};

} // namespace vigil::test
