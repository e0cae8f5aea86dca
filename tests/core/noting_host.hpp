#pragma once

#include "src/node/node_host.hpp"
#include "tests/core/session_layer_fixture.hpp"
#include "tests/core/transcript.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <variant>
#include <vector>

namespace vigil::test {

/// The world of node a: a clock that a test moves, and a network of which
/// nothing comes back by itself.
class noting_host final : public node_host {
public:
  explicit noting_host(lines& log) : log_(log) {
    // nop
  }

  time_point now() override {
    return time;
  }

  void dial(const effect::dial& x) override {
    last_dial = x.dial;
    log_.push_back(printer.line(x));
  }

  void transmit(effect::transmit& x) override {
    if (on_transmit)
      on_transmit();
    if (auto content = std::get_if<frame>(&x.message))
      frames[x.connection].push_back(*content);
    own_number = std::visit([](const auto& y) { return y.numbers.sender; },
                            x.message);
    log_.push_back(printer.line(x));
  }

  void hang_up(const effect::hang_up& x) override {
    log_.push_back(printer.line(x));
  }

  void wake_at(time_point due) override {
    wakes.push_back(due);
  }

  void resume_later() override {
    log_.emplace_back("resume later");
  }

  void slice_later() override {
    log_.emplace_back("slice later");
  }

  void stepped() override {
    ++steps;
  }

  void stopped() override {
    log_.emplace_back("stopped");
  }

  void note(const effect::node_up& x) override {
    log_.push_back("note " + line(x));
  }

  void note(const effect::node_down& x) override {
    log_.push_back("note " + line(x));
  }

  void note(const effect::connect_failed& x) override {
    log_.push_back("note " + line(x));
  }

  void note(const exit_fault& x) override {
    log_.push_back("note " + line(x));
  }

  void note(const effect::ticks_missed& x) override {
    log_.push_back("note " + line(x));
  }

  time_point time{seconds{1'000}};
  std::vector<time_point> wakes;
  size_t steps = 0;
  dial_id last_dial{};
  /// Node a's number in the session it has talked in last.
  session_number own_number{};
  std::map<connection_id, std::vector<frame>> frames;
  /// Called before each message is written down.
  std::function<void()> on_transmit;
  number_printer printer;

private:
  lines& log_;
};

} // namespace vigil::test
