// Nodes as a whole: started, stopped, several in one program.

#include <vigil/node.hpp>
#include "tests/actors/loopback.hpp"

#include <arpa/inet.h>

#include <future>
#include <thread>

using namespace vigil;
using namespace vigil::test;

namespace {

std::string start_with(const std::function<void(node_config&)>& f) {
  auto config = config_of(node_a);
  f(config);
  return failure_of(node::start(config));
}

/// Returns whether somebody listens there.
bool can_connect(const char* host, uint16_t port) {
  auto fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  REQUIRE(fd >= 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  REQUIRE(::inet_pton(AF_INET, host, &address.sin_addr) == 1);
  auto result = ::connect(fd, reinterpret_cast<sockaddr*>(&address),
                          sizeof(address))
                == 0;
  ::close(fd);
  return result;
}

/// Keeps what reaches the sink.
class log_book {
public:
  log_sink sink() {
    return [this](const log_record& x) {
      std::lock_guard guard{mutex_};
      lines_.push_back(x.text);
    };
  }

  bool contains(const std::string& text) {
    std::lock_guard guard{mutex_};
    return std::any_of(lines_.begin(), lines_.end(), [&](const auto& x) {
      return x.find(text) != std::string::npos;
    });
  }

private:
  std::mutex mutex_;
  lines lines_;
};

} // namespace

// -- starting -----------------------------------------------------------------

TEST_CASE("a wrong configuration gets one clear sentence") {
  CHECK(start_with([](auto& x) { x.name = {}; })
        == "bad_argument the argument is not valid: a node needs a name "
           "of the form alive@host");
  CHECK(start_with([](auto& x) { x.net_ticktime = milliseconds{399}; })
        == "bad_argument the argument is not valid: net-ticktime is at "
           "least 400ms");
  CHECK(start_with([](auto& x) { x.net_ticktime = std::chrono::hours{25}; })
        == "bad_argument the argument is not valid: net-ticktime is at "
           "most 24h");
  CHECK(start_with([](auto& x) { x.net_setuptime = milliseconds{99}; })
        == "bad_argument the argument is not valid: net-setuptime is at "
           "least 100ms");
  CHECK(start_with([](auto& x) { x.net_setuptime = std::chrono::hours{25}; })
        == "bad_argument the argument is not valid: net-setuptime is at "
           "most 24h");
  CHECK(start_with([](auto& x) { x.spin = milliseconds{11}; })
        == "bad_argument the argument is not valid: spin is 0 to 10ms");
  CHECK(start_with([](auto& x) { x.spin = milliseconds{-1}; })
        == "bad_argument the argument is not valid: spin is 0 to 10ms");
  CHECK(start_with([](auto& x) { x.life = creation{0}; })
        == "bad_argument the argument is not valid: 0 is no creation");
}

TEST_CASE("a port in use is said to be in use") {
  mute_listener listener;
  auto text = start_with([&](auto& x) { x.port = listener.port(); });
  CHECK(text.find("address_in_use") == 0);
  CHECK(text.find(std::to_string(listener.port())) != std::string::npos);
}

TEST_CASE("an address of another machine cannot be bound") {
  CHECK(start_with([](auto& x) { x.bind = "192.0.2.1"; }).find("bad_address")
        == 0);
  CHECK(start_with([](auto& x) { x.bind = "no address"; }).find("bad_address")
        == 0);
  CHECK(start_with([](auto& x) { x.bind = ""; }).find("bad_address") == 0);
}

TEST_CASE("a node has a port, its name and a creation") {
  auto config = config_of(node_a);
  config.life = creation{7};
  auto a = start(config);
  CHECK(a->port() != 0);
  CHECK(a->name() == node_a);
  CHECK(a->life() == creation{7});
  auto b = start(config_of(node_b));
  CHECK(valid(b->life()));
}

TEST_CASE("each start of a node draws another creation, and another number for "
          "its first pid") {
  auto config = config_of(node_a);
  CHECK(start(config)->life() != start(config)->life());
  // Also if the creations happen to be equal.
  config.life = creation{7};
  CHECK(start(config)->front().new_pid().number
        != start(config)->front().new_pid().number);
}

TEST_CASE("a node that is not told where to listen does so on loopback only") {
  auto config = config_of(node_a);
  auto a = start(config);
  CHECK(can_connect("127.0.0.1", a->port()));
  CHECK_FALSE(can_connect("127.0.0.2", a->port()));
  config.bind = "0.0.0.0";
  a = start(config);
  CHECK(can_connect("127.0.0.2", a->port()));
}

TEST_CASE("a port is free again as soon as its node has stopped") {
  auto config = config_of(node_a);
  auto a = start(config);
  config.port = a->port();
  {
    // A connection that the node closes keeps its port busy for a while.
    loopback_node b{node_b};
    b.impl->addresses().add(node_a, {"127.0.0.1", config.port});
    CHECK(b.front.connect(node_a).code() == errc::none);
    a.reset();
  }
  a = start(config);
  CHECK(a->port() == config.port);
}

TEST_CASE("a node can be started and stopped many times") {
  for (int i = 0; i < 50; ++i) {
    auto a = start(config_of(node_a));
    a->stop();
    a->stop();
  }
}

TEST_CASE("stop may be called by several threads at once") {
  auto a = start(config_of(node_a));
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] { a->stop(); });
  for (auto& x : threads)
    x.join();
}

// -- together -----------------------------------------------------------------

TEST_CASE("the end of a node takes its sessions down and no other") {
  loopback_node a{node_a};
  loopback_node b{node_b};
  auto c = std::make_unique<loopback_node>(node_c);
  a.knows(b);
  a.knows(*c);
  CHECK(a.front.connect(node_b).code() == errc::none);
  CHECK(a.front.connect(node_c).code() == errc::none);
  auto watcher = a.spawn();
  auto gone = c->spawn();
  auto stays = b.spawn();
  CHECK(a.front.monitor(watcher, gone));
  CHECK(a.front.monitor(watcher, stays));
  c->wait_for_watchers(gone, 1);
  c.reset();
  REQUIRE(a.runtime.wait_for_event("nodedown c shutdown"));
  CHECK(a.runtime.downs().size() == 1);
  CHECK(a.runtime.downs()[0].message.reason == exit_reason::noconnection());
  CHECK(a.front.is_connected(node_b));
  CHECK_FALSE(a.front.is_connected(node_c));
}

TEST_CASE("a node that comes back is another one") {
  loopback_node a{node_a};
  auto b = std::make_unique<loopback_node>(node_b);
  a.knows(*b);
  auto watcher = a.spawn();
  auto former = b->spawn();
  CHECK(a.front.connect(node_b).code() == errc::none);
  REQUIRE(b->runtime.wait_for_event("nodeup a"));
  b.reset();
  REQUIRE(a.runtime.wait_for_event("nodedown b shutdown"));
  b = std::make_unique<loopback_node>(node_b);
  a.knows(*b);
  CHECK(a.front.monitor(watcher, former));
  REQUIRE(a.runtime.wait_for_downs(1));
  CHECK(a.runtime.downs()[0].message.reason == exit_reason::noproc());
}

TEST_CASE("ends that were reported before a stop arrive before the goodbye") {
  loopback_node a{node_a};
  loopback_node b{node_b};
  a.knows(b);
  auto watcher = a.spawn();
  std::vector<pid> workers(100);
  for (auto& x : workers) {
    x = b.spawn();
    CHECK(a.front.monitor(watcher, x));
  }
  CHECK(a.front.connect(node_b).code() == errc::none);
  CHECK(a.front.sync(node_b, patience) == errc::none);
  for (const auto& x : workers)
    b.end(x, "boom");
  b.impl->stop();
  REQUIRE(a.runtime.wait_for_event("nodedown b shutdown"));
  auto downs = a.runtime.downs();
  CHECK(downs.size() == workers.size());
  for (const auto& x : downs)
    CHECK(to_string(x.message.reason) == "boom");
}

TEST_CASE("a node that dials a mute address stops fast") {
  mute_listener mute;
  auto a = start(config_of(node_a));
  a->addresses().add(node_b, {"127.0.0.1", mute.port()});
  auto answer = std::async(std::launch::async, [front = a->front()]() mutable {
    return front.connect(node_b).code();
  });
  auto fd = mute.accept();
  stopwatch time;
  a.reset();
  CHECK(time.within(seconds{3}));
  CHECK(answer.get() == errc::shutdown);
  ::close(fd);
}

TEST_CASE("a dial that reaches another node than it was for is refused") {
  loopback_node a{node_a};
  loopback_node b{node_b};
  a.impl->addresses().add(node_c, {"127.0.0.1", b.impl->port()});
  CHECK(a.front.connect(node_c).code() == errc::wrong_name);
  // Its own address included.
  a.impl->addresses().add(node_d, {"127.0.0.1", a.impl->port()});
  CHECK(a.front.connect(node_d).code() == errc::wrong_name);
}

TEST_CASE("two nodes that dial each other at once get one session") {
  for (int i = 0; i < 10; ++i) {
    loopback_node a{node_a};
    loopback_node b{node_b};
    a.knows(b);
    b.knows(a);
    auto first = std::async(std::launch::async,
                            [&] { return a.front.connect(node_b).code(); });
    CHECK(b.front.connect(node_a).code() == errc::none);
    CHECK(first.get() == errc::none);
    CHECK_LINES(a.runtime.events(), {"nodeup b"});
    CHECK_LINES(b.runtime.events(), {"nodeup a"});
  }
}

TEST_CASE("a resolver of one's own is asked for what the table does not have") {
  loopback_node b{node_b};
  class noting_resolver : public resolver {
  public:
    std::optional<node_address> resolve(node_name x) override {
      asked.push_back(brief(x));
      return std::nullopt;
    }

    lines asked;
  };
  auto names = std::make_shared<noting_resolver>();
  {
    auto config = config_of(node_a);
    config.addresses = names;
    auto a = start(config);
    a->addresses().add(node_b, {"127.0.0.1", b.impl->port()});
    CHECK(a->front().connect(node_b));
    CHECK(a->front().connect(node_c).code() == errc::unresolvable);
  }
  CHECK_LINES(names->asked, {"c"});
}

TEST_CASE("the log tells of sessions") {
  log_book log;
  auto config = config_of(node_a);
  config.log = log.sink();
  auto a = start(config);
  loopback_node b{node_b};
  a->addresses().add(node_b, {"127.0.0.1", b.impl->port()});
  auto front = a->front();
  CHECK(front.connect(node_b).code() == errc::none);
  CHECK(front.disconnect(node_b) == errc::none);
  CHECK(front.connect(node_c).code() == errc::unresolvable);
  CHECK(log.contains("nodeup b@h"));
  CHECK(log.contains("nodedown b@h requested"));
  CHECK(log.contains("no connection to c@h: unresolvable"));
}

// -- bounds -------------------------------------------------------------------

TEST_CASE("two nodes that are both full do not wait for each other") {
  auto narrow = [](node_name name, table_runtime& runtime) {
    auto config = config_of(name, &runtime);
    config.max_backlog = 1;
    return start(config);
  };
  table_runtime host_a;
  table_runtime host_b;
  auto a = narrow(node_a, host_a);
  auto b = narrow(node_b, host_b);
  a->addresses().add(node_b, {"127.0.0.1", b->port()});
  auto front_a = a->front();
  auto front_b = b->front();
  CHECK(front_a.connect(node_b).code() == errc::none);
  auto p = front_a.new_pid();
  auto q = front_b.new_pid();
  host_a.spawn(p);
  host_b.spawn(q);
  constexpr size_t many = 2000;
  auto watch = [](runtime_front front, const pid& from, const pid& to) {
    for (size_t i = 0; i < many; ++i)
      if (auto why = front.monitor(from, to).code(); why != errc::none)
        return why;
    return errc::none;
  };
  auto one = std::async(std::launch::async, watch, front_a, p, q);
  auto two = std::async(std::launch::async, watch, front_b, q, p);
  auto in_time = one.wait_for(patience) == std::future_status::ready
                 && two.wait_for(patience) == std::future_status::ready;
  CHECK(in_time);
  if (!in_time) {
    // Wakes those who wait.
    a->stop();
    b->stop();
    return;
  }
  CHECK(one.get() == errc::none);
  CHECK(two.get() == errc::none);
  CHECK(front_a.sync(node_b, patience) == errc::none);
  CHECK(front_b.monitored_by(q)->watchers.size() == many);
}

TEST_CASE("a peer that holds more monitors than it may loses its session") {
  table_runtime host_a;
  auto config = config_of(node_a, &host_a);
  config.max_inbound = 10;
  auto a = start(config);
  loopback_node b{node_b};
  b.impl->addresses().add(node_a, {"127.0.0.1", a->port()});
  auto target = a->front().new_pid();
  host_a.spawn(target);
  auto watcher = b.spawn();
  for (auto n = 0; n < 11; ++n)
    CHECK(b.front.monitor(watcher, target));
  REQUIRE(b.runtime.wait_for_event("nodedown a overload"));
  REQUIRE(host_a.wait_for_event("nodedown b overload"));
  CHECK(b.runtime.downs().size() == 11);
}

// -- links that are kept ------------------------------------------------------

TEST_CASE("a link that is kept comes back by itself when the node does") {
  loopback_node a{node_a};
  table_runtime runtime;
  auto config = config_of(node_b, &runtime);
  auto b = start(config);
  config.port = b->port();
  a.impl->addresses().add(node_b, {"127.0.0.1", b->port()});
  CHECK(a.front.connect(node_b, true).code() == errc::none);
  b.reset();
  REQUIRE(a.runtime.wait_for_event("nodedown b shutdown"));
  table_runtime later;
  config.runtime = &later;
  auto again = start(config);
  REQUIRE(later.wait_for_event("nodeup a"));
  // Not after a disconnect.
  CHECK(a.front.disconnect(node_b) == errc::none);
  REQUIRE(later.wait_for_event("nodedown a requested"));
}
