#include "bench/deeds/deed.hpp"

#include "bench/common/failure.hpp"
#include "bench/common/vigil_node.hpp"
#include "bench/deeds/stage.hpp"

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <thread>

namespace vigil::bench {

namespace {

constexpr auto subject = stage::subject;
constexpr auto first_free = stage::first_free;

std::string words(std::string_view command, uint64_t x, uint64_t y) {
  return std::string{command} + ' ' + std::to_string(x) + ' '
         + std::to_string(y);
}

// -- monitors on the peer -----------------------------------------------------

void hold_there(stage& s) {
  s.start_peers(1, s.count());
  s.connect();
  s.monitor_there();
  s.ask("inbound " + std::to_string(s.count()));
}

void set_up(stage& s) {
  s.start_peers(1, s.count());
  s.connect();
  s.deed([&] {
    s.monitor_there();
    s.ask("inbound " + std::to_string(s.count()));
  });
  s.end(subject);
  s.await_nothing();
}

void holder_ends(stage& s) {
  hold_there(s);
  s.deed([&] {
    s.end(subject);
    s.ask("inbound 0");
  });
  s.await_nothing();
}

void link_lost(stage& s) {
  hold_there(s);
  s.deed([&] {
    s.signal(SIGKILL);
    s.await_downs(s.count());
  });
}

/// Makes monitors on a peer that takes the connection, and says nothing.
void wait_there(stage& s) {
  s.start_peers(1, s.count());
  s.signal(SIGSTOP);
  s.monitor_there();
  s.await("outbound", s.count());
}

void link_up(stage& s) {
  wait_there(s);
  s.deed([&] {
    s.signal(SIGCONT);
    s.ask("inbound " + std::to_string(s.count()));
  });
  s.end(subject);
  s.await_nothing();
}

void dial_fails(stage& s) {
  wait_there(s);
  s.deed([&] {
    s.signal(SIGKILL);
    s.await_downs(s.count());
  });
}

// -- monitors on the node -----------------------------------------------------

void watched_ends(stage& s) {
  for (size_t i = 0; i < s.count(); ++i)
    s.front().monitor(s.here(stage::other), s.here(subject)).value();
  s.await("outbound", s.count());
  s.deed([&] {
    s.end(subject);
    s.await_downs(s.count());
  });
}

void watched_ends_far(stage& s) {
  s.start_peers(1, 1);
  s.connect();
  s.ask(words("monitor", subject, s.count()));
  s.deed([&] {
    s.end(subject);
    s.ask("downs " + std::to_string(s.count()));
  });
  s.await_nothing();
}

// -- requests -----------------------------------------------------------------

/// Reports exits as fast as two threads can, and asks then.
void report_exits_and_ask(stage& s, prober::kind how) {
  s.start_peers(1, 1);
  s.connect();
  auto each = static_cast<uint32_t>(s.count() / 2 + s.count() / 4);
  auto report_exits = [&](uint32_t first) {
    for (uint32_t i = 0; i < each; ++i)
      s.end(first + i);
  };
  auto time = [&](std::string_view name, auto ask) {
    auto start = stage::clock::now();
    check(ask());
    s.report_time(name, stage::clock::now() - start);
  };
  s.deed(
    [&] {
      std::thread helper{report_exits, first_free};
      report_exits(first_free + each);
      helper.join();
      time("stats", [&] { return s.front().stats().code(); });
      time("sync", [&] { return s.front().sync(s.there(1).node, patience); });
    },
    how);
}

void exits_then_questions(stage& s) {
  report_exits_and_ask(s, prober::kind::exit);
}

void exits_then_prompt(stage& s) {
  report_exits_and_ask(s, prober::kind::prompt);
}

// -- large reasons ------------------------------------------------------------

/// Ends a process, with the largest reason there is, that a process of each of
/// many nodes watches.
void large_reason(stage& s) {
  s.start_peers(64, 1);
  s.connect();
  s.ask(words("monitor", subject, 1));
  // A tag, a version and four bytes of length precede the bytes.
  auto largest
    = exit_reason::binary(std::string(exit_reason::max_size - 6, 'x'));
  s.deed([&] {
    s.runtime().end(subject, s.front(), largest);
    s.ask("downs 1");
  });
  s.await_nothing();
}

/// Ends processes that one peer watches, each with a large reason of its own.
void large_reasons(stage& s) {
  constexpr uint32_t exits = 64;
  s.start_peers(1, 1);
  s.connect();
  s.ask(words("each", first_free, exits));
  s.deed([&] {
    for (uint32_t i = 0; i < exits; ++i)
      s.runtime().end(first_free + i, s.front(),
                      exit_reason::binary(std::string(1'000'000 + i, 'x')));
    s.ask("downs " + std::to_string(exits));
  });
  s.await_nothing();
}

// -- stops --------------------------------------------------------------------

/// Stops the node while a process with many watchers ends.
void stop(stage& s) {
  s.start_peers(1, 1);
  s.connect();
  s.ask(words("monitor", subject, s.count()));
  s.deed([&] {
    s.end(subject);
    s.stop();
    s.ask("downs " + std::to_string(s.count()));
  });
}

/// Stops the node while exits wait of as many processes, each with a watcher.
void stop_amid_exits(stage& s) {
  s.start_peers(1, 1);
  s.connect();
  s.ask(words("each", first_free, s.count()));
  s.deed([&] {
    for (uint32_t i = 0; i < s.count(); ++i)
      s.end(first_free + i);
    s.stop();
    s.ask("downs " + std::to_string(s.count()));
  });
}

// -- all of them --------------------------------------------------------------

struct named_deed {
  const char* name = nullptr;
  void (*run)(stage&) = nullptr;
  stage::witness where = stage::witness::same_node;
};

const named_deed deeds[] = {
  {"set_up", set_up},
  {"holder_ends", holder_ends},
  {"watched_ends", watched_ends},
  {"watched_ends_far", watched_ends_far},
  {"link_lost", link_lost},
  {"link_up", link_up},
  {"dial_fails", dial_fails},
  {"exits_then_questions", exits_then_questions},
  {"exits_then_prompt", exits_then_prompt},
  {"large_reason", large_reason},
  {"large_reasons", large_reasons},
  {"stop", stop, stage::witness::second_node},
  {"stop_amid_exits", stop_amid_exits, stage::witness::second_node},
};

} // namespace

std::vector<std::string> deed_names() {
  std::vector<std::string> result;
  for (const auto& x : deeds)
    result.emplace_back(x.name);
  return result;
}

void take_deed(const std::string& name, size_t count) {
  auto found = std::find_if(std::begin(deeds), std::end(deeds),
                            [&](const auto& x) { return x.name == name; });
  if (found == std::end(deeds))
    throw failure{"no deed " + name};
  stage s{name, count, found->where};
  found->run(s);
  s.report_memory();
}

} // namespace vigil::bench
