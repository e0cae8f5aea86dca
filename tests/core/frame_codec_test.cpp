#include "tests/core/frame_codec_fixture.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

using namespace vigil;
using namespace vigil::frame_codec_test;

namespace {

/// Takes `size` bytes of a payload in which it is the first, if that is more
/// than some hundred; most of it is the reason.
monitor_p_exit exit_of_size(size_t size) {
  // Tag and length of the reason, the head of a binary term, and the exit.
  constexpr size_t around = 1 + 2 + 6 + 6;
  return tell(at_alice(3, 4), at_bob(1, 2), 0,
              exit_reason::binary(std::string(size - around, 'x')));
}

} // namespace

TEST_CASE("frame codec: golden bytes of every entry") {
  auto check = [](const std::vector<control_message>& entries,
                  std::string_view bytes) {
    CAPTURE(bytes);
    CHECK(hex(encode(entries)) == bytes);
    CHECK(same(decode(unhex(bytes)), entries));
  };
  // Version, tag, reference, watcher, target.
  check({ask(at_alice(1, 2), at_bob(3, 4), 0)}, "01 13 00 02 04 06 08");
  check({take_back(at_alice(1, 2), at_bob(3, 4), 1)}, "01 14 02 02 04 06 08");
  // A target of another life: its creation precedes its numbers.
  check({ask(at_alice(1, 2), pid{bob, creation{300}, 3, 4}, 0)},
        "01 53 00 02 04 ac 02 06 08");
  check({take_back(at_alice(1, 2), pid{bob, creation{8}, 3, 4}, 0)},
        "01 54 00 02 04 08 06 08");
  // A target by name.
  check({ask(at_alice(1, 2), named("db", bob), 0)}, "01 33 00 02 04 02 64 62");
  check({take_back(at_alice(1, 2), named("db", bob), 0)},
        "01 34 00 02 04 02 64 62");
  // An exit, behind its reason.
  check({tell(at_alice(3, 4), at_bob(1, 2), 0, exit_reason::normal())},
        "01 02 09 83 77 06 6e 6f 72 6d 61 6c 15 00 02 04 06 08");
  check({tell(pid{alice, creation{1}, 3, 4}, at_bob(1, 2), 0,
              *exit_reason::atom("x"))},
        "01 02 04 83 77 01 78 55 00 02 04 01 06 08");
  check({tell(named("db", alice), at_bob(1, 2), 0, *exit_reason::atom("x"))},
        "01 02 04 83 77 01 78 35 00 02 04 02 64 62");
}

TEST_CASE("frame codec: golden bytes of what refers back") {
  auto check = [](const std::vector<control_message>& entries,
                  std::string_view bytes) {
    CAPTURE(bytes);
    CHECK(hex(encode(entries)) == bytes);
    CHECK(same(decode(unhex(bytes)), entries));
  };
  // The same watcher; differences of either sign.
  check({ask(at_alice(1, 2), at_bob(3, 4), 5),
         ask(at_alice(1, 2), at_bob(2, 5), 4)},
        "01 13 0a 02 04 06 08 93 01 01 02");
  check({ask(at_alice(9, 2), at_bob(3, 4), 0),
         take_back(at_alice(8, 2), at_bob(3, 4), 0)},
        "01 13 00 12 04 06 08 14 00 01 00 00 00");
  // The same name, also behind an entry with a pid; a pid behind a name.
  check({ask(at_alice(1, 0), named("a", bob), 0),
         ask(at_alice(1, 0), at_bob(1, 0), 1),
         ask(at_alice(1, 0), named("a", bob), 2),
         ask(at_alice(1, 0), named("b", bob), 3),
         ask(at_alice(1, 0), at_bob(2, 0), 4)},
        "01 33 00 02 00 01 61 93 02 02 00 b3 02 00 b3 02 01 62 93 02 02 00");
  // Requests and exits share what they refer back to.
  check({ask(at_alice(1, 0), at_bob(5, 0), 1),
         tell(at_alice(5, 0), at_bob(1, 0), 1, *exit_reason::atom("x"))},
        "01 13 02 02 00 0a 00 02 04 83 77 01 78 95 00 00 00");
}

TEST_CASE("frame codec: one reason travels once") {
  auto x = *exit_reason::atom("x");
  auto y = *exit_reason::atom("y");
  CHECK(hex(encode({tell(at_alice(3, 0), at_bob(1, 0), 0, x),
                    tell(at_alice(3, 0), at_bob(2, 0), 1, x),
                    tell(at_alice(3, 0), at_bob(3, 0), 2, y),
                    tell(at_alice(3, 0), at_bob(4, 0), 3, x)}))
        == "01 02 04 83 77 01 78 15 00 02 00 06 00 15 02 02 00 00 00 "
           "02 04 83 77 01 79 15 02 02 00 00 00 "
           "02 04 83 77 01 78 15 02 02 00 00 00");
}

TEST_CASE("frame codec: golden bytes of runs") {
  auto check = [](const std::vector<control_message>& entries,
                  std::string_view bytes) {
    CAPTURE(bytes);
    CHECK(hex(encode(entries)) == bytes);
    CHECK(same(decode(unhex(bytes)), entries));
  };
  // Processes that end one after the other: the first differs from nothing, the
  // second begins the run, and two more are like it.
  auto x = *exit_reason::atom("x");
  check({tell(at_alice(1, 0), at_bob(1, 0), 1, x),
         tell(at_alice(2, 0), at_bob(1, 0), 2, x),
         tell(at_alice(3, 0), at_bob(1, 0), 3, x),
         tell(at_alice(4, 0), at_bob(1, 0), 4, x)},
        "01 02 04 83 77 01 78 15 02 02 00 02 00 95 02 02 00 03 02");
  // One process with many monitors, all numbers backwards, other watchers.
  check({tell(at_alice(1, 0), at_bob(9, 2), 9, x),
         tell(at_alice(1, 0), at_bob(8, 1), 8, x),
         tell(at_alice(1, 0), at_bob(7, 0), 7, x)},
        "01 02 04 83 77 01 78 15 12 12 04 02 00 15 01 01 01 00 00 03 01");
  // Requests, by pid, of another life, and by name.
  pid elder{bob, creation{8}, 3, 4};
  check({ask(at_alice(1, 0), at_bob(1, 0), 0),
         ask(at_alice(2, 0), at_bob(2, 0), 0),
         ask(at_alice(3, 0), at_bob(3, 0), 0)},
        "01 13 00 02 00 02 00 03 02");
  check({take_back(at_alice(1, 0), elder, 0),
         take_back(at_alice(1, 0), elder, 1),
         take_back(at_alice(1, 0), elder, 2)},
        "01 54 00 02 00 08 06 08 d4 02 08 00 00 03 01");
  check({ask(at_alice(1, 0), named("a", bob), 0),
         ask(at_alice(1, 0), named("a", bob), 1),
         ask(at_alice(1, 0), named("a", bob), 2)},
        "01 33 00 02 00 01 61 b3 02 00 03 01");
}

TEST_CASE("frame codec: a run ends with what is not like it, and with its "
          "payload") {
  auto x = *exit_reason::atom("x");
  auto y = *exit_reason::atom("y");
  auto in_a_row = [](uint64_t i, const exit_reason& why) {
    auto number = static_cast<uint32_t>(i);
    return tell(at_alice(number, 0), at_bob(1, 0), i, why);
  };
  // Another reason, and another kind of message in between.
  CHECK(hex(encode({in_a_row(1, x), in_a_row(2, x), in_a_row(3, x),
                    in_a_row(4, y), in_a_row(5, y), in_a_row(6, y)}))
        == "01 02 04 83 77 01 78 15 02 02 00 02 00 95 02 02 00 03 01 "
           "02 04 83 77 01 79 95 02 02 00 03 02");
  CHECK(
    hex(encode({in_a_row(1, x), in_a_row(2, x), in_a_row(3, x),
                take_back(at_alice(1, 0), at_bob(4, 0), 4), in_a_row(5, x)}))
    == "01 02 04 83 77 01 78 15 02 02 00 02 00 95 02 02 00 03 01 "
       "94 02 02 00 95 02 02 00");
  frame_encoder encoder{context};
  frame_decoder decoder{context};
  for (uint64_t i = 1; i <= 3; ++i)
    encoder.add(in_a_row(i, x));
  CHECK(decode(decoder, encoder.take().complete()).size() == 3);
  encoder.add(in_a_row(4, x));
  auto bytes = encoder.take().complete();
  CHECK(hex(bytes) == "01 15 08 02 00 08 00");
  CHECK(same(decode(decoder, bytes), {in_a_row(4, x)}));
}

TEST_CASE("frame codec: a reason lasts across payloads, differences do not") {
  auto x = *exit_reason::atom("x");
  auto first = tell(at_alice(3, 0), at_bob(1, 0), 5, x);
  auto second = tell(at_alice(3, 0), at_bob(2, 0), 6, x);
  frame_encoder encoder{context};
  frame_decoder decoder{context};
  encoder.add(first);
  auto bytes = encoder.take().complete();
  CHECK(hex(bytes) == "01 02 04 83 77 01 78 15 0a 02 00 06 00");
  CHECK(same(decode(decoder, bytes), {first}));
  encoder.add(second);
  bytes = encoder.take().complete();
  CHECK(hex(bytes) == "01 15 0c 04 00 06 00");
  CHECK(same(decode(decoder, bytes), {second}));
  // The same for names and for the watcher's flag.
  auto third = ask(at_alice(2, 0), named("a", bob), 0);
  for (auto round = 0; round < 2; ++round) {
    encoder.add(third);
    bytes = encoder.take().complete();
    CHECK(hex(bytes) == "01 33 00 04 00 01 61");
    CHECK(same(decode(decoder, bytes), {third}));
  }
  // A decoder that missed the payload with the reason does not guess one.
  CHECK(refusal_hex("01 15 0c 04 00 06 00")
        == "frame payload, byte 1: an exit comes before any reason");
}

TEST_CASE("frame codec: every field comes back, extremes included") {
  auto entries = every_entry();
  CHECK(same(decode(encode(entries)), entries));
  for (const auto& entry : entries)
    CHECK(same(decode(encode({entry})), {entry}));
}

TEST_CASE("frame codec: entries are appended to what is there") {
  auto first = ask(at_alice(1, 2), at_bob(3, 4), 1);
  auto second = ask(at_alice(1, 2), at_bob(3, 4), 2);
  std::vector<control_message> entries{first};
  frame_decoder decoder{context};
  CHECK(decoder.decode(encode({second}), entries));
  CHECK(same(entries, {first, second}));
}

TEST_CASE("frame codec: the encoder knows when it is empty and when full") {
  frame_encoder encoder{context};
  CHECK(encoder.empty());
  CHECK_FALSE(encoder.full());
  CHECK(encoder.empty());
  encoder.add(exit_of_size(frame_size_goal - 2));
  CHECK_FALSE(encoder.empty());
  CHECK_FALSE(encoder.full());
  CHECK(encoder.weight() == frame_size_goal - 1);
  encoder.add(take_back(at_alice(1, 2), at_bob(3, 4), 0));
  CHECK(encoder.full());
  CHECK(encoder.take().complete().size() > frame_size_goal);
  CHECK(encoder.empty());
  CHECK(decode(encoder.take().complete()).empty());
}

TEST_CASE("frame codec: the largest payload fits, a larger one is refused") {
  frame_encoder encoder{context};
  encoder.add(exit_of_size(frame_size_goal - 2));
  CHECK_FALSE(encoder.full());
  encoder.add(
    tell(named(std::string(255, 'x'), alice), at_bob(1, 1), 0,
         exit_reason::binary(std::string(exit_reason::max_size - 6, 'x'))));
  auto bytes = encoder.take().complete();
  CHECK(bytes.size() > exit_reason::max_size + frame_size_goal);
  CHECK(bytes.size() <= max_frame_size);
  CHECK(decode(bytes).size() == 2);
  CHECK(refusal(std::string(max_frame_size + 1, '\1'))
        == "frame payload of 1064972 bytes is too large");
}

namespace {

/// Entries of `size` bytes in all, the version included: the first has six, the
/// others have four, and none is like the one before.
std::vector<control_message> entries_of_size(size_t size) {
  std::vector<control_message> result;
  uint64_t ref = 0;
  for (size_t bytes = 7; bytes <= size; bytes += 4) {
    result.push_back(take_back(at_alice(1, 0), at_bob(1, 0), ref));
    ref += 1 + result.size() % 2;
  }
  return result;
}

/// The bytes of one reason, tag and length included.
std::string reason_of_size(size_t size) {
  auto text = exit_reason::binary(std::string(size - 10, 'x'));
  frame_encoder encoder{context};
  encoder.add(tell(at_alice(1, 0), at_bob(1, 0), 0, text));
  // Version before it, an exit of six bytes behind it.
  auto all = encoder.take().complete();
  return all.substr(1, all.size() - 7);
}

} // namespace

TEST_CASE("frame codec: beside its largest reason a payload has at most 16 "
          "KiB") {
  const std::string too_much = "there is too much beside the largest reason";
  auto refused = [&](const std::string& bytes) {
    auto why = refusal(bytes);
    return why.size() > too_much.size()
           && why.substr(why.size() - too_much.size()) == too_much;
  };
  auto most = encode(entries_of_size(max_entries_size));
  CHECK(most.size() == max_entries_size - 1);
  CHECK(decode(most).size() == 4'095);
  auto more = encode(entries_of_size(max_entries_size + 4));
  CHECK(refused(more));
  // The largest reason does not count, wherever it is; another one does.
  auto large = reason_of_size(1'000'000);
  auto small = reason_of_size(9'000);
  CHECK(decode(most + large).size() == 4'095);
  CHECK(decode(most.substr(0, 1) + large + most.substr(1)).size() == 4'095);
  CHECK(refused(more + large));
  CHECK(refused(more.substr(0, 1) + large + more.substr(1)));
  auto some = encode(entries_of_size(7'000));
  CHECK(refusal(some + small + large).empty());
  CHECK(refusal(some + large + small).empty());
  CHECK(refused(some + small + large + small));
}

TEST_CASE("frame codec: what an encoder gathers before the largest reason is "
          "taken, golden size") {
  frame_encoder encoder{context};
  for (const auto& x : entries_of_size(frame_size_goal - 1))
    encoder.add(x);
  CHECK(encoder.weight() == 8'191);
  CHECK_FALSE(encoder.full());
  encoder.add(
    tell(at_alice(1, 0), at_bob(1, 0), 5'000,
         exit_reason::binary(std::string(exit_reason::max_size - 6, 'x'))));
  CHECK(encoder.full());
  auto bytes = encoder.take().complete();
  // A tag, three bytes of length, the reason; tag, reference, target.
  CHECK(bytes.size() == 8'191 + 4 + exit_reason::max_size + 5);
  CHECK(decode(bytes).size() == 2'048);
}

TEST_CASE("frame codec: a run counts as what it stands for, for whoever writes "
          "and whoever reads") {
  frame_encoder encoder{context};
  std::vector<control_message> all;
  while (!encoder.full() && all.size() < 10'000) {
    auto number = static_cast<uint32_t>(all.size() + 1);
    all.push_back(ask(at_alice(1, 0), at_bob(number, 0), all.size()));
    encoder.add(all.back());
    CHECK(encoder.weight() == 3 + 4 * all.size());
    auto payload = frame_encoder{encoder}.take();
    CHECK(payload.weight() == encoder.weight());
    auto size = payload.size();
    CHECK(std::move(payload).complete().size() == size);
  }
  // Six bytes for the first, four for any other, one for the version.
  CHECK(all.size() == 1 + (frame_size_goal - 7 + 3) / 4);
  auto bytes = encoder.take().complete();
  CHECK(bytes.size() == 14);
  CHECK(same(decode(bytes), all));
  CHECK(encoder.empty());
  CHECK_FALSE(encoder.full());

  const std::string too_much
    = "frame payload, byte 12: there is too much beside the largest reason";
  // Behind version and two entries, run and length: 14 bytes.
  const std::string start = "01 13 00 02 00 02 00 93 02 02 00 03 ";
  // 4,092 times four bytes.
  CHECK(decode(unhex(start + "fc 1f")).size() == 4'094);
  CHECK(refusal_hex(start + "fd 1f") == too_much);
  CHECK(refusal_hex(start + "ff ff ff ff ff ff ff ff ff 01") == too_much);
  // Also where a reason of any size may stand.
  auto large = reason_of_size(1'000'000);
  CHECK(decode(unhex(start + "fc 1f") + large).size() == 4'094);
  CHECK_FALSE(refusal(unhex(start + "fd 1f") + large).empty());
  // And in pieces: each of the runs has half, with what is between them.
  const std::string half = "01 13 00 02 00 02 00 93 02 02 00 03 80 10 ";
  CHECK(refusal_hex(half + "93 04 02 00 03 e8 0f").empty());
  CHECK(refusal_hex(half + "93 04 02 00 03 80 10")
        == "frame payload, byte 19: there is too much beside the largest "
           "reason");
}
