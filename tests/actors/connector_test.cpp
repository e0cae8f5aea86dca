// Dials: what becomes of them, in time, and that none waits for another.

#include <vigil/caf.hpp>
#include <vigil/node.hpp>
#include "actors/net/connector.hpp"
#include "actors/net/endpoint.hpp"
#include "actors/net/listen.hpp"
#include "actors/net/tcp_connect.hpp"
#include "tests/actors/loopback.hpp"

#include <caf/all.hpp>

#include <stdexcept>
#include <thread>

using namespace vigil;
using namespace vigil::test;

namespace {

constexpr auto long_time = seconds{60};

std::string outcome_line(const result<int>& x) {
  if (x)
    return "connected";
  return std::string{to_string(x.failure().code)};
}

/// A listener whose queue is full: the system answers no more of those who
/// connect, as if the address were a black hole.
class black_hole {
public:
  black_hole() {
    for (int i = 0; i < 2; ++i) {
      auto fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
                         0);
      sockaddr_in address{};
      address.sin_family = AF_INET;
      address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      address.sin_port = htons(listener_.port());
      // Succeeds only as far as the queue has room.
      static_cast<void>(
        ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)));
      pollfd waiting{fd, POLLOUT, 0};
      ::poll(&waiting, 1, 1000);
      fds_.push_back(fd);
    }
  }

  ~black_hole() {
    for (auto fd : fds_)
      ::close(fd);
  }

  black_hole(const black_hole&) = delete;

  black_hole& operator=(const black_hole&) = delete;

  node_address address() const {
    return {"127.0.0.1", listener_.port()};
  }

private:
  mute_listener listener_{1};
  std::vector<int> fds_;
};

/// Where dials end: takes the outcomes in place of an endpoint.
class outcomes {
public:
  void add(std::string x) {
    std::lock_guard guard{mutex_};
    lines_.push_back(std::move(x));
    changed_.notify_all();
  }

  /// Waits for `n` outcomes and returns all.
  lines wait(size_t n) {
    std::unique_lock guard{mutex_};
    changed_.wait_for(guard, patience, [&] { return lines_.size() >= n; });
    return lines_;
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  lines lines_;
};

class outcome_recorder : public caf::event_based_actor {
public:
  outcome_recorder(caf::actor_config& config, outcomes* out)
    : event_based_actor(config),
      out_(out) {
    // nop
  }

protected:
  caf::behavior make_behavior() override {
    return {
      [this](const dial_outcome& x) {
        auto text = "dial " + std::to_string(static_cast<uint64_t>(x.dial));
        if (x.peer != nullptr)
          out_->add(text + " connected");
        else
          out_->add(text + ' ' + std::string{to_string(x.why.code)});
      },
    };
  }

private:
  outcomes* out_;
};

class throwing_resolver : public resolver {
public:
  std::optional<node_address> resolve(node_name) override {
    throw std::runtime_error{"no resolver today"};
  }
};

class middleman_config : public caf::actor_system_config {
public:
  middleman_config() {
    configure(*this);
    set("scheduler.policy", caf::atom("sharing"));
    set("middleman.workers", size_t{0});
  }
};

/// A connector in an actor system of its own.
struct dial_world {
  explicit dial_world(const std::shared_ptr<resolver>& addresses = nullptr)
    : dialler(system.spawn<connector>(addresses ? addresses : table, sink)) {
    // nop
  }

  ~dial_world() {
    stop();
    caf::anon_send_exit(sink, caf::exit_reason::kill);
  }

  dial_world(const dial_world&) = delete;

  dial_world& operator=(const dial_world&) = delete;

  void dial(uint64_t number, node_name peer, timespan time = long_time) {
    caf::anon_send(dialler,
                   dial_order{dial_id{number}, peer, steady::now() + time});
  }

  void stop() {
    caf::scoped_actor self{system};
    self->send_exit(dialler, caf::exit_reason::user_shutdown);
    self->wait_for(dialler);
  }

  std::shared_ptr<static_resolver> table = std::make_shared<static_resolver>();
  outcomes seen;
  middleman_config config;
  caf::actor_system system{config};
  caf::actor sink = system.spawn<outcome_recorder>(&seen);
  caf::actor dialler;
};

} // namespace

// -- tcp_connect --------------------------------------------------------------

TEST_CASE("a port that nobody listens on is refused at once") {
  mute_listener listener{0};
  cancellation stop;
  stopwatch time;
  auto fd = tcp_connect({"127.0.0.1", listener.port()},
                        steady::now() + long_time, stop);
  CHECK(outcome_line(fd) == "refused");
  CHECK(fd.failure().detail.find("127.0.0.1:") == 0);
  CHECK(time.within(seconds{5}));
}

TEST_CASE("a host that cannot exist is unresolvable") {
  cancellation stop;
  auto fd = tcp_connect({std::string(300, 'x'), 1}, steady::now() + long_time,
                        stop);
  CHECK(outcome_line(fd) == "unresolvable");
}

TEST_CASE("an address that does not answer fails at the deadline") {
  black_hole hole;
  cancellation stop;
  stopwatch time;
  auto fd = tcp_connect(hole.address(), steady::now() + milliseconds{100},
                        stop);
  CHECK(outcome_line(fd) == "setup_timeout");
  CHECK_FALSE(time.within(milliseconds{100}));
  CHECK(time.within(seconds{5}));
}

TEST_CASE("a deadline that has passed is a timeout") {
  black_hole hole;
  cancellation stop;
  CHECK(outcome_line(tcp_connect(hole.address(), steady::now(), stop))
        == "setup_timeout");
}

TEST_CASE("whoever waits for an address can be called off") {
  black_hole hole;
  cancellation stop;
  stopwatch time;
  std::thread other{[&] { stop.cancel(); }};
  auto fd = tcp_connect(hole.address(), steady::now() + long_time, stop);
  other.join();
  CHECK(outcome_line(fd) == "shutdown");
  CHECK(time.within(seconds{5}));
  CHECK(
    outcome_line(tcp_connect(hole.address(), steady::now() + long_time, stop))
    == "shutdown");
}

TEST_CASE("a cancellation shuts the guarded socket down, also afterwards") {
  mute_listener listener;
  cancellation stop;
  auto connect = [&] {
    cancellation unused;
    auto fd = tcp_connect({"127.0.0.1", listener.port()},
                          steady::now() + long_time, unused);
    REQUIRE(fd);
    return *fd;
  };
  auto is_shut_down = [](int fd) {
    char byte = 0;
    return ::recv(fd, &byte, 1, MSG_DONTWAIT) == 0;
  };
  auto first = connect();
  auto second = connect();
  stop.guard(first);
  CHECK_FALSE(is_shut_down(first));
  stop.cancel();
  CHECK(is_shut_down(first));
  stop.unguard();
  stop.guard(second);
  CHECK(is_shut_down(second));
  ::close(first);
  ::close(second);
}

// -- the connector ------------------------------------------------------------

TEST_CASE("each failed dial says why") {
  dial_world w;
  mute_listener refusing{0};
  w.table->add(node_b, {"127.0.0.1", refusing.port()});
  w.dial(1, node_b);
  CHECK_LINES(w.seen.wait(1), {"dial 1 refused"});
  w.dial(2, node_c);
  CHECK_LINES(w.seen.wait(2), {"dial 1 refused", "dial 2 unresolvable"});
}

TEST_CASE("a mute peer fails at the deadline and delays no other dial") {
  dial_world w;
  mute_listener mute;
  mute_listener refusing{0};
  w.table->add(node_b, {"127.0.0.1", mute.port()});
  w.table->add(node_c, {"127.0.0.1", refusing.port()});
  w.dial(1, node_b);
  auto fd = mute.accept();
  lines others;
  for (uint64_t i = 2; i < 10; ++i) {
    w.dial(i, node_c);
    others.push_back("dial " + std::to_string(i) + " refused");
  }
  auto seen = w.seen.wait(others.size());
  std::sort(seen.begin(), seen.end());
  REQUIRE(joined(seen) == joined(others));
  w.dial(10, node_b, milliseconds{100});
  CHECK(w.seen.wait(9).back() == "dial 10 setup_timeout");
  ::close(fd);
}

TEST_CASE("a peer that speaks something else is no node") {
  dial_world w;
  mute_listener listener;
  w.table->add(node_b, {"127.0.0.1", listener.port()});
  w.dial(1, node_b);
  auto fd = listener.accept();
  std::string garbage(4096, 'x');
  CHECK(::send(fd, garbage.data(), garbage.size(), MSG_NOSIGNAL) > 0);
  CHECK_LINES(w.seen.wait(1), {"dial 1 protocol_error"});
  ::close(fd);
}

TEST_CASE("a peer that hangs up is a closed connection") {
  dial_world w;
  mute_listener listener;
  w.table->add(node_b, {"127.0.0.1", listener.port()});
  w.dial(1, node_b);
  ::close(listener.accept());
  CHECK_LINES(w.seen.wait(1), {"dial 1 closed"});
}

TEST_CASE("a listener that closes takes the dials in its queue with it") {
  dial_world w;
  auto listener = std::make_unique<mute_listener>();
  w.table->add(node_b, {"127.0.0.1", listener->port()});
  w.dial(1, node_b);
  // The second is in the queue once the first could be accepted.
  ::close(listener->accept());
  CHECK_LINES(w.seen.wait(1), {"dial 1 closed"});
  w.dial(2, node_b);
  listener.reset();
  // Refused if the dial came later than that.
  auto last = w.seen.wait(2).back();
  CHECK((last == "dial 2 closed" || last == "dial 2 refused"));
}

TEST_CASE("a dial reaches the actor that a node publishes") {
  dial_world w;
  middleman_config config;
  caf::actor_system system{config};
  auto published = system.spawn<endpoint>();
  auto port = listen(system, published, 0, "127.0.0.1");
  REQUIRE(port);
  w.table->add(node_b, {"127.0.0.1", *port});
  w.dial(1, node_b);
  CHECK_LINES(w.seen.wait(1), {"dial 1 connected"});
  w.dial(2, node_b);
  CHECK_LINES(w.seen.wait(2), {"dial 1 connected", "dial 2 connected"});
  caf::anon_send(published, endpoint_stop{});
}

TEST_CASE("a connector that is told to end calls its dials off first") {
  stopwatch time;
  dial_world w;
  mute_listener mute;
  black_hole hole;
  w.table->add(node_b, {"127.0.0.1", mute.port()});
  w.table->add(node_c, hole.address());
  w.dial(1, node_b);
  w.dial(2, node_c);
  auto fd = mute.accept();
  w.stop();
  CHECK(time.within(seconds{10}));
  auto seen = w.seen.wait(2);
  std::sort(seen.begin(), seen.end());
  CHECK_LINES(seen, {"dial 1 shutdown", "dial 2 shutdown"});
  ::close(fd);
}

TEST_CASE("a resolver that throws fails the dial and nothing else") {
  dial_world w{std::make_shared<throwing_resolver>()};
  w.dial(1, node_b);
  CHECK_LINES(w.seen.wait(1), {"dial 1 system_limit"});
  w.stop();
}

TEST_CASE("a dial in the peer's name and address forms") {
  CHECK_FALSE(parse_address("host"));
  CHECK_FALSE(parse_address(":80"));
  CHECK_FALSE(parse_address("host:0"));
  CHECK_FALSE(parse_address("host:65536"));
  CHECK_FALSE(parse_address("ho st:1"));
  CHECK_FALSE(parse_address("a:b:1"));
  auto address = parse_address("host:65535");
  REQUIRE(address);
  CHECK(address->host == "host");
  CHECK(address->port == 65535);
}
