// A program that needs no CAF: it steps the core by hand.

#include "messages/pid.hpp"

#include <src/event.hpp>

#include <vigil/core/control_plane.hpp>
#include <vigil/pid.hpp>

#include <cstdio>

int main() {
  consumer_event event{consumer_pid{2}};
  auto text = "<alive@host:1:" + std::to_string(event.sender.number) + ":3>";
  auto pid = vigil::parse_pid(text);
  if (!pid || vigil::to_string(*pid) != text) {
    std::fprintf(stderr, "cannot parse %s\n", text.c_str());
    return 1;
  }
  vigil::control_plane plane{pid->node, pid->life};
  std::printf("vigil %s knows %s\n", VIGIL_VERSION, text.c_str());
  return plane.empty() && plane.monitored_by(*pid).empty() ? 0 : 1;
}
