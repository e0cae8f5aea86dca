#include "tools/demo/timeline.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <thread>

namespace vigil {

namespace {

/// Widest node name that the columns expect.
constexpr size_t name_width = 8;

/// How many characters a pid of the demo takes at most.
constexpr size_t object_width = 49;

/// How many characters the table leaves for the title of a scene.
constexpr size_t title_width = 44;

std::string pad(std::string_view text, size_t width) {
  std::string result{text};
  result.resize(std::max(width, text.size()), ' ');
  return result;
}

std::string pad_left(std::string_view text, size_t width) {
  return std::string(width - std::min(width, text.size()), ' ')
         + std::string{text};
}

std::string pad_left(size_t number, size_t width) {
  return pad_left(std::to_string(number), width);
}

std::string seconds(timeline::clock::duration span) {
  auto count
    = std::chrono::duration_cast<std::chrono::milliseconds>(span).count();
  char buffer[32];
  std::snprintf(buffer, sizeof(buffer), "%d.%03d s",
                static_cast<int>(count / 1000), static_cast<int>(count % 1000));
  return buffer;
}

std::string microseconds(timeline::clock::duration span) {
  auto count
    = std::chrono::duration_cast<std::chrono::microseconds>(span).count();
  return '+' + std::to_string(std::max<int64_t>(count, 0)) + " us";
}

} // namespace

timeline::timeline(std::ostream& out, options how) : out_(out), how_(how) {
  // nop
}

std::string timeline::paint(style how, std::string_view text) const {
  std::string_view code;
  switch (how) {
    case style::plain:
      break;
    case style::bold:
      code = "1";
      break;
    case style::dim:
      code = "2";
      break;
    case style::good:
      code = "32";
      break;
    case style::bad:
      code = "1;31";
      break;
    case style::name:
      code = "36";
      break;
  }
  if (!how_.colours || code.empty())
    return std::string{text};
  std::string result = "\x1b[";
  result += code;
  result += 'm';
  result += text;
  result += "\x1b[0m";
  return result;
}

std::string timeline::paint_node(std::string_view node) const {
  return paint(style::name, pad(node, name_width));
}

void timeline::title(std::string_view text) {
  out_ << paint(style::bold, text) << '\n' << std::flush;
}

void timeline::scene(std::string_view text) {
  if (scenes_ > 0)
    std::this_thread::sleep_for(how_.pause);
  auto number = std::to_string(++scenes_);
  out_ << '\n'
       << paint(style::bold, pad_left(number, 2) + "  " + std::string{text})
       << '\n'
       << std::flush;
}

void timeline::happened(clock::time_point when, std::string_view node,
                        std::string_view text) {
  out_ << paint(style::dim, pad_left(seconds(when - start_), 12)) << "  "
       << paint_node(node) << "  " << text << '\n'
       << std::flush;
}

void timeline::followed(clock::duration after, std::string_view node,
                        std::string_view what, std::string_view object,
                        std::string_view reason) {
  out_ << paint(style::dim, pad_left(microseconds(after), 12)) << "  "
       << paint_node(node) << "  " << paint(style::good, what) << "  "
       << pad(object, object_width) << "  " << reason << '\n'
       << std::flush;
}

void timeline::wrong(std::string_view text) {
  out_ << paint(style::bad, "       wrong  ") << text << '\n' << std::flush;
}

void timeline::row(const down_ledger::scene& x, style how) {
  auto agrees = x.surplus == 0 && x.expected == x.received;
  out_ << "    " << paint(how, pad(x.title, title_width))
       << paint(how, pad_left(x.expected, 10))
       << paint(how, pad_left(x.received, 10)) << "  "
       << (agrees ? paint(style::good, "ok") : paint(style::bad, "WRONG"))
       << '\n';
}

void timeline::table(const down_ledger& ledger) {
  out_ << '\n'
       << "    "
       << paint(style::bold, pad("DOWNs", title_width) + "  expected  received")
       << '\n';
  for (const auto& one : ledger.scenes())
    row(one, style::plain);
  row(ledger.total(), style::bold);
  out_ << std::flush;
}

} // namespace vigil
