#include "bench/far/far_lane.hpp"
#include "bench/far/far_relay.hpp"
#include "tests/cluster/tcp.hpp"
#include "tools/descriptor.hpp"

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace std::chrono_literals;
using namespace vigil;
using namespace vigil::test;
using bench::far_lane;
using bench::far_relay;

namespace {

using status = far_lane::status;

constexpr auto one_way = 25ms;

std::array<descriptor, 2> socket_pair() {
  int fds[2] = {-1, -1};
  REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds) == 0);
  return {descriptor{fds[0]}, descriptor{fds[1]}};
}

/// A lane between two sockets whose other ends are here.
struct lane_fixture {
  std::array<descriptor, 2> from = socket_pair();
  std::array<descriptor, 2> to = socket_pair();
  far_lane lane{from[1].get(), to[0].get(), one_way};
  far_lane::clock::time_point start{1h};

  void say(const std::string& text) {
    REQUIRE(send(from[0].get(), text.data(), text.size(), 0)
            == static_cast<ssize_t>(text.size()));
  }

  std::string heard() {
    std::string result;
    char buffer[4096];
    for (;;) {
      auto count = recv(to[1].get(), buffer, sizeof(buffer), 0);
      if (count <= 0)
        return result;
      result.append(buffer, static_cast<size_t>(count));
    }
  }

  /// Fills the lane; returns what went in.
  std::string fill() {
    std::string result;
    for (char letter = 'a'; lane.wants_to_read();
         letter = letter == 'z' ? 'a' : static_cast<char>(letter + 1)) {
      std::string text(50000, letter);
      say(text);
      result += text;
      while (lane.wants_to_read() && lane.held() < result.size())
        REQUIRE(lane.read(start) == status::open);
    }
    return result;
  }
};

/// Hears `count` bytes.
std::string hear(const descriptor& socket, size_t count) {
  std::string result(count, '\0');
  REQUIRE(recv(socket.get(), result.data(), count, MSG_WAITALL)
          == static_cast<ssize_t>(count));
  return result;
}

} // namespace

TEST_CASE_FIXTURE(lane_fixture,
                  "no byte is there before it went the distance") {
  say("early");
  CHECK(lane.read(start) == status::open);
  say("late");
  CHECK(lane.read(start + 10ms) == status::open);
  CHECK(lane.write(start + 24ms) == status::open);
  CHECK(heard().empty());
  CHECK(lane.next_write() == start + 25ms);
  CHECK(lane.write(start + 25ms) == status::open);
  CHECK(heard() == "early");
  CHECK(lane.next_write() == start + 35ms);
  CHECK(lane.write(start + 35ms) == status::open);
  CHECK(heard() == "late");
  CHECK_FALSE(lane.next_write());
}

TEST_CASE_FIXTURE(lane_fixture, "the end of a connection goes the distance") {
  say("last");
  shutdown(from[0].get(), SHUT_WR);
  CHECK(lane.read(start) == status::open);
  CHECK(lane.read(start + 1ms) == status::open);
  CHECK_FALSE(lane.wants_to_read());
  CHECK(lane.write(start + 25ms) == status::open);
  CHECK(heard() == "last");
  CHECK(lane.write(start + 26ms) == status::finished);
  char byte = 0;
  CHECK(recv(to[1].get(), &byte, 1, 0) == 0);
}

TEST_CASE_FIXTURE(lane_fixture,
                  "a full lane reads no more until bytes have left") {
  auto said = fill();
  CHECK(lane.held() == far_lane::capacity);
  // What the lane had no room for waits in the socket.
  said.resize(far_lane::capacity);
  CHECK(lane.write(start + one_way) == status::open);
  CHECK(lane.wants_to_read());
  auto result = heard();
  while (lane.next_write()) {
    REQUIRE(lane.write(start + one_way) == status::open);
    result += heard();
  }
  CHECK(lane.held() == 0);
  CHECK((result == said));
}

TEST_CASE("a question to the far side and its answer take a round trip") {
  tcp_listener target;
  far_relay relay{target.port(), one_way};
  int control[2] = {-1, -1};
  REQUIRE(pipe(control) == 0);
  descriptor reading{control[0]};
  descriptor writing{control[1]};
  std::thread worker{[&] { relay.run(reading.get()); }};
  auto caller = tcp_connect(relay.port());
  auto callee = target.accept();
  auto start = far_relay::clock::now();
  tcp_send(caller, "ping");
  CHECK(hear(callee, 4) == "ping");
  CHECK(far_relay::clock::now() - start >= one_way);
  tcp_send(callee, "answer");
  CHECK(hear(caller, 6) == "answer");
  CHECK(far_relay::clock::now() - start >= 2 * one_way);
  caller.reset();
  CHECK(tcp_wait_closed(callee));
  writing.reset();
  worker.join();
  CHECK(relay.most_on_the_way(far_relay::out) == 4);
  CHECK(relay.most_on_the_way(far_relay::back) == 6);
}
