#include "tests/core/frame_codec_fixture.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

using namespace vigil;
using namespace vigil::frame_codec_test;

TEST_CASE("frame codec: a payload cut within an entry is refused") {
  auto all = every_entry();
  auto bytes = encode(all);
  size_t accepted = 0;
  for (size_t size = 1; size < bytes.size(); ++size) {
    auto start = std::string_view{bytes}.substr(0, size);
    auto why = refusal(start);
    if (!why.empty()) {
      CHECK(why
            == "frame payload, byte " + std::to_string(size)
                 + ": the payload ends within an entry");
      continue;
    }
    // A cut between two entries leaves the entries before it.
    ++accepted;
    auto entries = decode(start);
    REQUIRE(entries.size() < all.size());
    CHECK(same(entries,
               {all.begin(),
                all.begin() + static_cast<std::ptrdiff_t>(entries.size())}));
  }
  // Before each entry, and behind each of the four reasons.
  CHECK(accepted == all.size() + 4);
}

TEST_CASE("frame codec: malformed payloads are refused with the reason why") {
  auto check = [](std::string_view bytes, std::string_view why) {
    CAPTURE(bytes);
    CHECK(refusal_hex(bytes) == "frame payload, byte " + std::string{why});
  };
  // versions and tags
  check("", "0: the payload ends within an entry");
  check("00 01 00", "0: the version of the encoding is not known");
  check("02 01 00", "0: the version of the encoding is not known");
  for (auto tag : {"00", "04", "12", "16", "1f", "e0"})
    check("01 " + std::string{tag} + " 00", "1: the tag is not known");
  check("01 13 00 02 04 06 08 00", "7: the tag is not known");
  for (auto tag : {"01", "21", "81"})
    check("01 " + std::string{tag} + " 03 61 62 63",
          "1: opaque payloads are not spoken in this version");
  // flags without a meaning
  for (auto tag : {"22", "42", "82"})
    check("01 " + std::string{tag} + " 00",
          "1: the tag has flags that mean nothing for it");
  check("01 73 00 02 04 08 02 64 62",
        "1: the tag has flags that mean nothing for it");
  // numbers not in their shortest form, or of more than 64 bits
  check("01 13 80 00 02 04 06 08", "2: a number is not in its shortest form");
  check("01 13 00 82 80 00 04 06 08",
        "3: a number is not in its shortest form");
  check("01 13 80 80 80 80 80 80 80 80 80 02 02 04 06 08",
        "2: a number is not in its shortest form");
  check("01 13 80 80 80 80 80 80 80 80 80 81 00 02 04 06 08",
        "2: a number is not in its shortest form");
  // references below the first and above the last
  check("01 13 01 02 04 06 08", "2: the reference is out of range");
  check("01 13 80 80 80 80 80 80 80 80 1e 02 04 06 08",
        "2: the reference is out of range");
  // numbers of processes below zero and above 32 bits; no process at all
  check("01 13 00 01 04 06 08", "3: a number of a process is out of range");
  check("01 13 00 80 80 80 80 20 04 06 08",
        "3: a number of a process is out of range");
  check("01 13 00 02 04 06 01", "6: a number of a process is out of range");
  check("01 93 00 06 08", "2: the watcher is no process");
  check("01 13 00 02 04 00 00", "6: the target is no process");
  check("01 13 00 02 04 06 08 13 00 00 00 06 08",
        "10: the watcher is repeated without the flag for it");
  check("01 13 00 00 00 06 08",
        "4: the watcher is repeated without the flag for it");
  // creations that are none, too large, or need no mention
  check("01 53 00 02 04 00 06 08", "5: the creation is out of range");
  check("01 53 00 02 04 80 80 80 80 10 06 08",
        "5: the creation is out of range");
  check("01 53 00 02 04 09 06 08",
        "5: the creation is spelled out but current");
  check("01 02 04 83 77 01 78 55 00 02 04 07 06 08",
        "11: the creation is spelled out but current");
  // names
  check("01 33 00 02 04 02 64 2e", "5: the name is not a name of a process");
  check("01 33 00 02 04 80 02", "5: a length is out of bounds");
  check("01 33 00 02 04 00",
        "5: the name of the entry before is asked for, but has none");
  check("01 33 00 02 04 01 61 b3 02 01 61",
        "9: the name is repeated at full length");
  // runs: of nothing, empty, twice the same, with a flag, or not one although
  // it could be
  check("01 03 01", "2: there is nothing that a run could repeat");
  check("01 13 00 02 04 06 08 02 04 83 77 01 78 03 01",
        "14: there is nothing that a run could repeat");
  check("01 33 00 02 04 01 61 03 01",
        "8: there is nothing that a run could repeat");
  check("01 13 00 02 04 06 08 03 00", "8: a run is empty");
  check("01 13 00 02 04 06 08 03 01 03 01",
        "10: there is nothing that a run could repeat");
  check("01 13 00 02 04 06 08 83 01",
        "7: the tag has flags that mean nothing for it");
  check("01 13 02 02 04 06 08 13 02 02 04 06 08",
        "12: an entry is repeated without a run");
  check("01 13 02 02 04 06 08 03 01 13 02 02 04 06 08",
        "14: an entry is repeated without a run");
  check("01 13 00 02 04 06 08 03 81 00",
        "8: a number is not in its shortest form");
  check("01 13 00 02 04 06 08 03", "8: the payload ends within an entry");
  // a run that leads out of range: references, watchers, targets
  check("01 13 80 80 80 80 80 80 80 80 18 02 04 06 08 03 04",
        "16: the reference is out of range");
  check("01 13 06 04 04 06 08 13 01 01 01 01 01 03 01",
        "14: the watcher is no process");
  check("01 13 0e 02 08 0e 08 13 01 01 01 03 01 03 02",
        "14: a number of a process is out of range");
  check("01 13 02 02 00 06 00 93 00 03 00 03 01",
        "12: a number of a process is out of range");
  // reasons and exits
  check("01 15 00 02 04 06 08", "1: an exit comes before any reason");
  check("01 02 01 83", "2: a reason is not a well-formed term");
  check("01 02 00", "2: a reason is not a well-formed term");
  check("01 02 03 83 6a 6a", "2: a reason is not a well-formed term");
  check("01 02 81 80 40", "2: a length is out of bounds");
  // lengths beyond the end
  check("01 02 04 83 77 01", "6: the payload ends within an entry");
  check("01 02 81 80 40", "2: a length is out of bounds");
  check("01 02 ff ff ff ff ff ff ff ff ff 01", "2: a length is out of bounds");
}

TEST_CASE("frame codec: nothing of a refused payload is left, however long") {
  auto bytes = encode(every_entry());
  CHECK(refusal(bytes).empty());
  CHECK(refusal(bytes + '\0')
        == "frame payload, byte " + std::to_string(bytes.size())
             + ": the tag is not known");
}

TEST_CASE("frame codec: mutated payloads never harm") {
  std::mt19937_64 random{1};
  auto pick = [&random](size_t n) { return static_cast<size_t>(random() % n); };
  auto all = every_entry();
  size_t survivors = 0;
  for (auto round = 0; round < 20000; ++round) {
    std::vector<control_message> some;
    for (auto i = pick(4) + 1; i > 0; --i)
      some.push_back(all[pick(all.size())]);
    auto bytes = encode(some);
    for (auto i = pick(3) + 1; i > 0; --i) {
      auto where = pick(bytes.size());
      switch (pick(4)) {
        case 0:
          bytes[where] = static_cast<char>(random());
          break;
        case 1:
          bytes[where] = static_cast<char>(bytes[where] ^ (1 << pick(8)));
          break;
        case 2:
          bytes.insert(where, 1, static_cast<char>(random()));
          break;
        default:
          if (bytes.size() > 1)
            bytes.erase(where, 1);
      }
    }
    if (!refusal(bytes).empty())
      continue;
    ++survivors;
    auto entries = decode(bytes);
    for (const auto& entry : entries)
      if (auto message = std::get_if<monitor_p>(&entry))
        CHECK(valid(*message));
    auto again = encode(entries);
    CHECK(same(decode(again), entries));
    // There is one spelling of everything but a reason, which may be idle.
    CHECK(again.size() <= bytes.size());
  }
  CHECK(survivors > 1000);
}

TEST_CASE("frame codec: what has no reason has exactly one spelling") {
  std::mt19937_64 random{2};
  for (auto round = 0; round < 200000; ++round) {
    // Short entries of small numbers, so that many are well-formed.
    std::string bytes{"\1"};
    constexpr char tags[] = "\x13\x14\x33\x53\x93\x94\xb3\xd3\x03\x03";
    for (auto i = random() % 3 + 1; i > 0; --i) {
      auto tag = tags[random() % (sizeof(tags) - 1)];
      bytes += tag;
      for (auto j = tag == 3 ? 1 : random() % 3 + 4; j > 0; --j)
        bytes += static_cast<char>(random() % 4);
    }
    if (!refusal(bytes).empty())
      continue;
    CHECK(hex(encode(decode(bytes))) == hex(bytes));
  }
}
