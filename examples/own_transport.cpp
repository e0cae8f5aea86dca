// A transport of one's own. The control plane of vigil knows links only as up
// or down; whatever can carry a message in order can be a link. Here two
// control planes, without sockets, actors or threads, exchange letters through
// two mailboxes that the program empties by hand, and then the post stops
// working.

#include <vigil/core/control_driver.hpp>
#include <vigil/core/control_plane.hpp>
#include <vigil/core/process_view.hpp>
#include <vigil/core/transport.hpp>
#include <vigil/literals.hpp>

#include <cstdio>
#include <cstdlib>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

using namespace vigil;

namespace {

/// Every process is alive, but for the one that is named dead.
class runtime_view final : public process_view {
public:
  bool alive(const pid& process) const noexcept override {
    return dead_ != process;
  }

  std::optional<pid> whereis(const process_name&) const noexcept override {
    return std::nullopt;
  }

  void bury(const pid& process) {
    dead_ = process;
  }

private:
  std::optional<pid> dead_;
};

/// What the post carries: events for the control plane of the other side.
using mailbag = std::deque<control_event>;

/// One side's view of the post.
class postal_transport final : public transport {
public:
  postal_transport(node_name self, creation life, mailbag& own, mailbag& other)
    : self_(self),
      life_(life),
      own_(own),
      other_(other) {
    // nop
  }

  void open_link(node_name peer, bool) override {
    // Nobody has to be asked: the other side learns of the link with us.
    own_.emplace_back(event::link_up{peer, creation{1}});
    other_.emplace_back(event::link_up{self_, life_});
  }

  void close_link(node_name peer, const farewell& why) override {
    own_.emplace_back(event::link_down{peer, why.cause, why.detail, {}, {}});
  }

  void loss_done(node_name) override {
    // A new link waits for a new monitor anyway.
  }

  bool send(node_name, const control_message& message) override {
    std::printf("  %s posts %s\n", to_string(self_).c_str(),
                to_string(message).c_str());
    other_.emplace_back(event::received{self_, message});
    return true;
  }

private:
  node_name self_;
  creation life_;
  mailbag& own_;
  mailbag& other_;
};

/// A node: a control plane, its post, and the DOWNs its processes got.
struct correspondent {
  correspondent(node_name name, mailbag& own, mailbag& other)
    : plane(name, creation{1}),
      post(plane.self(), creation{1}, own, other),
      driver(plane, post),
      letters(own) {
    // nop
  }

  void step(const control_event& what) {
    driver.step(what, processes, [this](const control_effect& x) {
      if (auto some = std::get_if<effect::deliver_downs>(&x)) {
        for (auto i = some->first; i != some->first + some->count; ++i)
          deliver(*i);
      } else if (std::holds_alternative<effect::yield>(x)) {
        // More to do than fits into one step: after what waits already.
        letters.emplace_back(event::resume{});
      }
    });
  }

  void deliver(const down_notice& x) {
    downs.push_back(to_string(x.message.reason));
    std::printf("  %s gets DOWN %s %s\n", to_string(x.watcher).c_str(),
                to_string(x.message.object).c_str(), downs.back().c_str());
  }

  void read_letters() {
    while (!letters.empty()) {
      auto letter = std::move(letters.front());
      letters.pop_front();
      step(letter);
    }
  }

  runtime_view processes;
  control_plane plane;
  postal_transport post;
  control_driver driver;
  mailbag& letters;
  std::vector<std::string> downs;
};

void deliver_post(correspondent& x, correspondent& y) {
  while (!x.letters.empty() || !y.letters.empty()) {
    x.read_letters();
    y.read_letters();
  }
}

} // namespace

int main() {
  mailbag to_anna;
  mailbag to_bert;
  correspondent anna{"anna@village"_node, to_anna, to_bert};
  correspondent bert{"bert@village"_node, to_bert, to_anna};
  pid watcher{anna.plane.self(), creation{1}, 1, 0};
  pid first{bert.plane.self(), creation{1}, 10, 0};
  pid second{bert.plane.self(), creation{1}, 11, 0};

  std::puts("anna monitors two processes of bert's:");
  anna.step(event::monitor{watcher, first, first_reference});
  anna.step(event::monitor{watcher, second,
                           reference{to_integer(first_reference) + 1}});
  deliver_post(anna, bert);

  std::puts("the first of them ends:");
  bert.processes.bury(first);
  bert.step(event::process_exited{first, *exit_reason::atom("retired")});
  deliver_post(anna, bert);

  std::puts("the post goes on strike:");
  anna.step(
    event::link_down{bert.plane.self(), down_cause::closed, "strike", {}, {}});
  bert.step(
    event::link_down{anna.plane.self(), down_cause::closed, "strike", {}, {}});
  deliver_post(anna, bert);

  auto expected = std::vector<std::string>{"retired", "noconnection"};
  auto clean = anna.plane.empty() && bert.plane.empty();
  return anna.downs == expected && clean ? EXIT_SUCCESS : EXIT_FAILURE;
}
