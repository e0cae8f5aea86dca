#include "src/control_plane.hpp"

#include "src/control_plane_stepper.hpp"

#include <algorithm>
#include <cassert>
#include <variant>

namespace vigil {

control_plane::control_plane(node_name self, creation life,
                             const control_limits& limits)
  : self_(self),
    life_(life),
    limits_(limits),
    table_(self, life) {
  assert(self && valid(life));
}

void control_plane::step(const control_event& what,
                         const process_view& processes, effects& out) {
  std::visit(stepper{*this, processes, out}, what);
}

void control_plane::step(const event::monitor& what,
                         const process_view& processes, effects& out) {
  stepper{*this, processes, out}(what);
}

void control_plane::step(const event::demonitor& what,
                         const process_view& processes, effects& out) {
  stepper{*this, processes, out}(what);
}

void control_plane::step(const event::process_exited& what,
                         const process_view& processes, effects& out) {
  stepper{*this, processes, out}(what);
}

void control_plane::step(const event::received& what,
                         const process_view& processes, effects& out) {
  stepper{*this, processes, out}(what);
}

std::vector<node_name> control_plane::nodes() const {
  std::vector<node_name> result;
  for (const auto& link : links_)
    result.push_back(link.first);
  std::sort(result.begin(), result.end());
  return result;
}

bool control_plane::is_up(node_name peer) const {
  return links_.contains(peer);
}

bool control_plane::is_losing(node_name peer) const {
  return std::any_of(losses_.begin(), losses_.end(),
                     [peer](const loss& x) { return x.why.peer == peer; });
}

} // namespace vigil
