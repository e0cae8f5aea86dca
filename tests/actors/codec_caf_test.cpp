// How CAF carries the session messages: every field arrives, the bytes stay as
// they are, and nothing else can be sent to another node.

#include <vigil/caf.hpp>
#include "actors/net/network_messages.hpp"
#include "actors/plane/plane_messages.hpp"
#include "messages/session_caf.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/sec.hpp>

#include <doctest/doctest.h>

#include <string>
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
  tick x{numbers, 5, 8};
  [[maybe_unused]] auto& [pair, acknowledged, sequence] = x;
  CHECK(round_trip(x).numbers == numbers);
  CHECK(round_trip(x).acknowledged == 5);
  CHECK(round_trip(x).sequence == 8);
  probe y{numbers, 6, 9};
  [[maybe_unused]] auto& [y_pair, y_token, y_sequence] = y;
  CHECK(round_trip(y).numbers == numbers);
  CHECK(round_trip(y).token == 6);
  CHECK(round_trip(y).sequence == 9);
  probe_reply z{numbers, 7, 10};
  [[maybe_unused]] auto& [z_pair, z_token, z_sequence] = z;
  CHECK(round_trip(z).numbers == numbers);
  CHECK(round_trip(z).token == 7);
  CHECK(round_trip(z).sequence == 10);
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
  CHECK(hex(write(tick{numbers, 3, 6}))
        == numbers_hex
             + "0000000000000003"
               "0000000000000006");
  CHECK(hex(write(probe{numbers, 4, 7}))
        == numbers_hex
             + "0000000000000004"
               "0000000000000007");
  CHECK(hex(write(probe_reply{numbers, 5, 8}))
        == numbers_hex
             + "0000000000000005"
               "0000000000000008");
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
  // CAF refuses to announce a type that is marked so; an unannounced type is
  // never read from the network, and nothing of it is written.
  auto local_only = [](auto... xs) {
    return (caf::is_allowed_unsafe_message_type<decltype(xs)>::value && ...);
  };
  CHECK(local_only(monitor_request{}, demonitor_request{}, exit_report{},
                   connect_request{}, disconnect_request{}, sync_request{},
                   monitors_request{}, monitored_by_request{}, nodes_request{},
                   statistics_request{}, down{}, node_event{}));
  CHECK(local_only(control_plane_hello{}, dial_order{}, dial_outcome{},
                   dial_failure{}, dial_success{}, peer_opened{},
                   peer_message{}, peer_closed{}, connection_lost{},
                   endpoint_stop{}, requests_waiting{}, timer_due{},
                   stop_order{}));
  CHECK_FALSE(local_only(hello{}));
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
  CHECK_FALSE(vigil_error(caf::make_error(caf::sec::bad_function_call)));
}
