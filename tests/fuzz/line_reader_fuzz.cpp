// The bytes that reach a node shell: lines come as they are, however they are
// cut, and those that are too long are skipped whole.

#include "tools/line_reader.hpp"

#include "tests/fuzz/byte_source.hpp"
#include "tests/fuzz/fuzz_target.hpp"

#include <algorithm>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

namespace vigil::fuzz {

namespace {

using status = line_reader::status;

/// What a reader says of the lines of a text; too long ones are empty here.
using answers = std::vector<std::pair<status, std::string>>;

constexpr size_t limit = 16;

/// A pipe holds at least so much before a writer must wait.
constexpr size_t pipe_size = 4096;

answers expected_of(std::string_view text) {
  answers result;
  while (!text.empty()) {
    auto line = text.substr(0, text.find('\n'));
    if (line.size() > limit)
      result.emplace_back(status::too_long, std::string{});
    else
      result.emplace_back(status::line, line);
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  result.emplace_back(status::end, std::string{});
  return result;
}

class pipe_pair {
public:
  pipe_pair() {
    check(pipe(ends_) == 0, "there is a pipe");
  }

  pipe_pair(const pipe_pair&) = delete;

  pipe_pair& operator=(const pipe_pair&) = delete;

  ~pipe_pair() {
    close(ends_[0]);
    end();
  }

  int reader() const noexcept {
    return ends_[0];
  }

  void write(std::string_view bytes) {
    check(::write(ends_[1], bytes.data(), bytes.size())
            == static_cast<ssize_t>(bytes.size()),
          "a pipe has room");
  }

  void end() {
    if (ends_[1] >= 0)
      close(std::exchange(ends_[1], -1));
  }

private:
  int ends_[2] = {-1, -1};
};

} // namespace

void run(std::string_view input) {
  // The first byte says where the text is cut in two.
  byte_source in{input.substr(0, 1)};
  auto text = input.substr(std::min<size_t>(1, input.size()), pipe_size);
  auto cut = std::min<size_t>(in.byte(), text.size());
  // A reader must not be asked for more lines than have come: it would wait.
  auto head = text.substr(0, cut);
  auto ready = head.substr(0, head.rfind('\n') + 1);
  pipe_pair stop;
  pipe_pair lines;
  line_reader reader{lines.reader(), stop.reader(), limit};
  answers told;
  auto ask = [&] {
    std::string line;
    auto what = reader.next(line);
    told.emplace_back(what, what == status::line ? line : std::string{});
    return what;
  };
  lines.write(head);
  for (auto left = expected_of(ready).size() - 1; left > 0; --left)
    ask();
  lines.write(text.substr(cut));
  lines.end();
  while (ask() != status::end) {
    // Each line is told once, so this ends.
    check(told.size() <= text.size() + 1, "there are no more lines than bytes");
  }
  check(told == expected_of(text), "the lines are those of the text");
}

} // namespace vigil::fuzz
