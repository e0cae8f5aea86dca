#include "tests/cluster/foreign_node.hpp"

#include <vigil/caf.hpp>
#include <vigil/node.hpp>
#include "messages/session_caf.hpp"
#include "tools/demo/node_client.hpp"

#include <caf/all.hpp>
#include <caf/io/all.hpp>

#include <doctest/doctest.h>

#include <future>
#include <utility>

namespace vigil::test {

namespace {

constexpr session_number own_number{7};

class foreign_config : public caf::actor_system_config {
public:
  foreign_config() {
    configure(*this);
  }
};

/// Stands where a node has its endpoint.
class foreign_endpoint : public caf::event_based_actor {
public:
  foreign_endpoint(caf::actor_config& config, foreign_manners manners,
                   std::shared_ptr<std::promise<farewell>> end)
    : event_based_actor(config),
      manners_(std::move(manners)),
      end_(std::move(end)) {
    // nop
  }

protected:
  caf::behavior make_behavior() override {
    set_default_handler(caf::drop);
    return {
      [this](const hello& x) { answer(x); },
      [this](const goodbye& x) {
        reply(goodbye_ack{{own_number, x.numbers.sender}});
        end_->set_value(x.why);
        // A second one is none of the test's business.
        end_ = std::make_shared<std::promise<farewell>>();
      },
    };
  }

private:
  void answer(const hello& x) {
    if (manners_.mute)
      return;
    if (x.numbers.receiver != own_number || !greeted_) {
      auto greeting = manners_.greeting;
      greeting.numbers = {own_number, x.numbers.sender};
      reply(greeting);
      greeted_ = true;
    }
    if (x.numbers.receiver == own_number && !manners_.frame_bytes.empty())
      reply(frame{{own_number, x.numbers.sender}, 1, 0, manners_.frame_bytes});
  }

  template <class Message>
  void reply(Message x) {
    send(caf::actor_cast<caf::actor>(current_sender()), std::move(x));
  }

  foreign_manners manners_;
  std::shared_ptr<std::promise<farewell>> end_;
  bool greeted_ = false;
};

} // namespace

hello proper_greeting() {
  hello result;
  result.name = "ghost@127.0.0.1";
  result.life = creation{1};
  result.being = {1, 1};
  result.tick_time = 8000;
  return result;
}

class foreign_node::impl {
public:
  explicit impl(foreign_manners manners)
    : greeting_(manners.greeting),
      endpoint_(system_.spawn<foreign_endpoint>(std::move(manners), end_)) {
    auto port = system_.middleman().publish(endpoint_, 0, "127.0.0.1");
    REQUIRE(port);
    port_ = *port;
  }

  ~impl() {
    caf::anon_send_exit(endpoint_, caf::exit_reason::kill);
  }

  impl(const impl&) = delete;

  impl& operator=(const impl&) = delete;

  uint16_t port() const noexcept {
    return port_;
  }

  void dial(uint16_t port) {
    auto node = system_.middleman().remote_actor("127.0.0.1", port);
    REQUIRE(node);
    auto x = greeting_;
    x.numbers = {own_number, session_number{0}};
    caf::send_as(endpoint_, *node, std::move(x));
  }

  farewell await_goodbye() {
    auto result = end_->get_future();
    REQUIRE(result.wait_for(node_client::patience)
            == std::future_status::ready);
    return result.get();
  }

private:
  foreign_config config_;
  caf::actor_system system_{config_};
  hello greeting_;
  std::shared_ptr<std::promise<farewell>> end_
    = std::make_shared<std::promise<farewell>>();
  caf::actor endpoint_;
  uint16_t port_ = 0;
};

foreign_node::foreign_node(foreign_manners manners)
  : impl_(std::make_unique<impl>(std::move(manners))) {
  // nop
}

foreign_node::~foreign_node() = default;

std::string foreign_node::address() const {
  return "127.0.0.1:" + std::to_string(impl_->port());
}

void foreign_node::dial(uint16_t port) {
  impl_->dial(port);
}

farewell foreign_node::await_goodbye() {
  return impl_->await_goodbye();
}

} // namespace vigil::test
