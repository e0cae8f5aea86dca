#include "tests/soak/stage.hpp"

#include "tools/words.hpp"

#include <array>
#include <unistd.h>

namespace vigil::soak {

namespace {

constexpr std::array<const char*, stage::num_nodes> names = {
  "alpha@127.0.0.1", "bravo@127.0.0.1", "charlie@127.0.0.1", "delta@127.0.0.1"};

/// Ports that no system gives to callers, or a node that restarts could find
/// its port taken. Two runs at a time rarely start at the same one.
uint16_t first_port(size_t node) {
  auto base = 15000 + getpid() % 40 * 400;
  return static_cast<uint16_t>(base + static_cast<int>(node) * 100);
}

std::string milliseconds(std::string option, std::chrono::milliseconds x) {
  return std::move(option) + std::to_string(x.count()) + "ms";
}

} // namespace

stage::stage() {
  for (size_t i = 0; i < num_nodes; ++i) {
    people_.emplace_back(i);
    std::vector<std::string> options{milliseconds("--net-ticktime=", tick_time),
                                     milliseconds("--net-setuptime=",
                                                  setup_time)};
    nodes_.push_back(std::make_unique<station>(
      VIGIL_COMMAND, names[i], first_port(i), std::move(options),
      [this, i](const station::line& what) { on_event(i, what); }));
  }
}

std::optional<std::string> stage::start() {
  for (auto& node : nodes_)
    if (auto why = node->start())
      return why;
  for (size_t from = 0; from < num_nodes; ++from) {
    for (size_t to = 0; to < num_nodes; ++to) {
      links_.push_back(nullptr);
      if (from == to)
        continue;
      links_.back() = std::make_unique<test::relay>(node(to).port());
      auto colon_port = link(from, to).address();
      colon_port.erase(0, colon_port.find(':'));
      node(from).add_option("--peer=" + node(to).name() + colon_port);
      node(from).send("connect " + node(to).name() + ' '
                        + link(from, to).address(),
                      [this](const station::line* answer) {
                        if (answer == nullptr || answer->text != "ok")
                          account_.surprise("connect failed");
                      });
    }
  }
  return std::nullopt;
}

void stage::read() {
  for (auto& node : nodes_)
    node->read();
}

// -- lives --------------------------------------------------------------------

void stage::kill(size_t i) {
  node(i).kill();
  bury(i);
}

bool stage::has_quit(size_t i) {
  if (!node(i).has_quit())
    return false;
  if (node(i).status() != 0)
    account_.surprise(node(i).name() + " ended with status "
                      + std::to_string(node(i).status()));
  bury(i);
  return true;
}

void stage::restart(size_t i) {
  if (auto why = node(i).start())
    account_.surprise(node(i).name() + " did not start again: " + *why);
}

void stage::bury(size_t i) {
  auto now = clock::now();
  account_.node_ended(i, now);
  people_[i].all_gone(now);
}

// -- what nodes print ---------------------------------------------------------

void stage::on_event(size_t i, const station::line& what) {
  std::string_view text = what.text;
  auto kind = next_word(text);
  if (kind == "down")
    return on_down(i, what);
  auto peer = index_of(next_word(text));
  if (!peer || (kind != "nodeup" && kind != "nodedown"))
    account_.surprise(what.text);
  else if (kind == "nodedown")
    account_.node_down(i, *peer, what.text, what.at);
}

void stage::on_down(size_t i, const station::line& what) {
  std::string_view text = what.text;
  next_word(text);
  auto watcher = std::string{next_word(text)};
  auto ref = std::string{next_word(text)};
  auto object = std::string{next_word(text)};
  account_.down(i, watcher, ref, object, std::string{text}, what.at);
}

std::optional<size_t> stage::index_of(std::string_view name) const {
  for (size_t i = 0; i < num_nodes; ++i)
    if (nodes_[i]->name() == name)
      return i;
  return std::nullopt;
}

} // namespace vigil::soak
