// How CAF carries the session messages: every field arrives, the bytes stay as
// they are, and nothing else can be sent to another node.

#include "actors/internal_messages.hpp"
#include "messages/caf.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/message.hpp>

#include <doctest/doctest.h>

#include <string>
#include <tuple>
#include <vector>

using namespace vigil;

namespace {

std::string hex(const std::vector<char>& bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string result;
  for (auto x : bytes) {
    result += digits[static_cast<unsigned char>(x) >> 4];
    result += digits[static_cast<unsigned char>(x) & 15];
  }
  return result;
}

template <class T>
std::vector<char> write(const T& x) {
  std::vector<char> bytes;
  caf::binary_serializer sink{nullptr, bytes};
  auto copy = x;
  REQUIRE_FALSE(sink(copy));
  return bytes;
}

template <class T>
T read(const std::vector<char>& bytes) {
  T result;
  caf::binary_deserializer source{nullptr, bytes};
  REQUIRE_FALSE(source(result));
  CHECK(source.remaining() == 0);
  return result;
}

/// Writes and reads `x`, which must have no field left at its default.
template <class T>
T round_trip(const T& x) {
  return read<T>(write(x));
}

constexpr session_pair numbers{session_number{0x0102030405060708},
                               session_number{0x1112131415161718}};

hello full_hello() {
  hello x;
  x.lowest_version = 2;
  x.highest_version = 3;
  x.features = 0x2122232425262728;
  x.name = "a@h";
  x.life = creation{0x31323334};
  x.being = {0x4142434445464748, 0x5152535455565758};
  x.numbers = numbers;
  x.tick_time = 0x61626364;
  x.trailing = "later";
  return x;
}

const auto numbers_hex = std::string{"0102030405060708"
                                     "1112131415161718"};

} // namespace

TEST_CASE("hello keeps every field") {
  auto x = full_hello();
  // A new field breaks this line and must be added below.
  [[maybe_unused]] auto& [lowest, highest, features, name, life, being, pair,
                          tick_time, trailing]
    = x;
  auto y = round_trip(x);
  CHECK(y.lowest_version == 2);
  CHECK(y.highest_version == 3);
  CHECK(y.features == 0x2122232425262728);
  CHECK(y.name == "a@h");
  CHECK(y.life == creation{0x31323334});
  CHECK(y.being.high == 0x4142434445464748);
  CHECK(y.being.low == 0x5152535455565758);
  CHECK(y.numbers == numbers);
  CHECK(y.tick_time == 0x61626364);
  CHECK(y.trailing == "later");
}

TEST_CASE("frame keeps every field") {
  frame x{numbers, 0x2122232425262728, 0x3132333435363738,
          std::string{"\0\xff", 2}};
  [[maybe_unused]] auto& [pair, sequence, acknowledged, bytes] = x;
  auto y = round_trip(x);
  CHECK(y.numbers == numbers);
  CHECK(y.sequence == 0x2122232425262728);
  CHECK(y.acknowledged == 0x3132333435363738);
  CHECK(y.bytes == std::string{"\0\xff", 2});
}

TEST_CASE("tick, probe and probe_reply keep every field") {
  tick x{numbers, 5};
  [[maybe_unused]] auto& [pair, acknowledged] = x;
  CHECK(round_trip(x).numbers == numbers);
  CHECK(round_trip(x).acknowledged == 5);
  probe y{numbers, 6};
  [[maybe_unused]] auto& [y_pair, y_token] = y;
  CHECK(round_trip(y).numbers == numbers);
  CHECK(round_trip(y).token == 6);
  probe_reply z{numbers, 7};
  [[maybe_unused]] auto& [z_pair, z_token] = z;
  CHECK(round_trip(z).numbers == numbers);
  CHECK(round_trip(z).token == 7);
}

TEST_CASE("goodbye and goodbye_ack keep every field") {
  goodbye x{numbers, {down_cause::overload, errc::wrong_name, "a detail"}};
  [[maybe_unused]] auto& [pair, why] = x;
  [[maybe_unused]] auto& [cause, failure, detail] = x.why;
  auto y = round_trip(x);
  CHECK(y.numbers == numbers);
  CHECK(y.why.cause == down_cause::overload);
  CHECK(y.why.failure == errc::wrong_name);
  CHECK(y.why.detail == "a detail");
  goodbye_ack z{numbers};
  [[maybe_unused]] auto& [z_pair] = z;
  CHECK(round_trip(z).numbers == numbers);
}

TEST_CASE("the bytes of the session messages do not change") {
  CHECK(hex(write(full_hello()))
        == "00020003"
           "2122232425262728"
           "03614068"
           "31323334"
           "41424344454647485152535455565758"
             + numbers_hex
             + "61626364"
               "056c61746572");
  CHECK(hex(write(frame{numbers, 1, 2, "ab"}))
        == numbers_hex + "00000000000000010000000000000002026162");
  CHECK(hex(write(tick{numbers, 3})) == numbers_hex + "0000000000000003");
  CHECK(hex(write(probe{numbers, 4})) == numbers_hex + "0000000000000004");
  CHECK(hex(write(probe_reply{numbers, 5})) == numbers_hex + "0000000000000005");
  CHECK(hex(write(goodbye{numbers, {down_cause::shutdown, errc::closed, "d"}}))
        == numbers_hex + "0714" + "0164");
  CHECK(hex(write(goodbye_ack{numbers})) == numbers_hex);
}

TEST_CASE("a truncated session message is an error") {
  auto bytes = write(full_hello());
  bytes.pop_back();
  hello x;
  caf::binary_deserializer source{nullptr, bytes};
  CHECK(source(x));
}

TEST_CASE("requests and what the actors of a node say cannot be serialized") {
  caf::actor_system_config config;
  caf::actor_system system{config};
  auto refuses = [&](caf::message x) {
    std::vector<char> bytes;
    caf::binary_serializer sink{system, bytes};
    return static_cast<bool>(sink(x));
  };
  CHECK_FALSE(refuses(caf::make_message(1, std::string{"plain"})));
  CHECK(refuses(caf::make_message(monitor_request{})));
  CHECK(refuses(caf::make_message(demonitor_request{})));
  CHECK(refuses(caf::make_message(exit_report{})));
  CHECK(refuses(caf::make_message(connect_request{})));
  CHECK(refuses(caf::make_message(disconnect_request{})));
  CHECK(refuses(caf::make_message(sync_request{})));
  CHECK(refuses(caf::make_message(monitors_request{})));
  CHECK(refuses(caf::make_message(monitored_by_request{})));
  CHECK(refuses(caf::make_message(nodes_request{})));
  CHECK(refuses(caf::make_message(statistics_request{})));
  CHECK(refuses(caf::make_message(down{})));
  CHECK(refuses(caf::make_message(control_plane_hello{})));
  CHECK(refuses(caf::make_message(peer_message{})));
  CHECK(refuses(caf::make_message(connection_lost{})));
  CHECK(refuses(caf::make_message(endpoint_stop{})));
  CHECK(refuses(caf::make_message(stop_order{})));
}

TEST_CASE("an error keeps its code and its detail within CAF") {
  auto x = vigil_error(make_error(error{errc::refused, "nobody there"}));
  REQUIRE(x);
  CHECK(x->code == errc::refused);
  CHECK(x->detail == "nobody there");
  x = vigil_error(make_error(errc::busy));
  REQUIRE(x);
  CHECK(x->code == errc::busy);
  CHECK(x->detail.empty());
  CHECK_FALSE(vigil_error(caf::error{}));
  CHECK_FALSE(vigil_error(caf::make_error(caf::sec::bad_function_call)));
}
