#include <vigil/core/control_plane.hpp>

#include "src/control/control_plane_impl.hpp"

#include <cassert>

namespace vigil {

control_plane::control_plane(node_name self, creation life,
                             const control_limits& limits, work_meter* meter)
  : impl_(std::make_unique<impl>(self, life, limits, meter)) {
  assert(self && valid(life));
}

control_plane::control_plane(control_plane&& other) noexcept = default;

control_plane&
control_plane::operator=(control_plane&& other) noexcept = default;

control_plane::~control_plane() = default;

// -- steps --------------------------------------------------------------------

void control_plane::step(const control_event& what,
                         const process_view& processes, effects& out) {
  impl_->step(what, processes, out);
}

void control_plane::step(const event::monitor& what,
                         const process_view& processes, effects& out) {
  impl_->step(what, processes, out);
}

void control_plane::step(const event::demonitor& what,
                         const process_view& processes, effects& out) {
  impl_->step(what, processes, out);
}

void control_plane::step(const event::process_exited& what,
                         const process_view& processes, effects& out) {
  impl_->step(what, processes, out);
}

void control_plane::receive(node_name peer, const control_message& message,
                            const process_view& processes, effects& out) {
  impl_->receive(peer, message, processes, out);
}

// -- reading ------------------------------------------------------------------

node_name control_plane::self() const noexcept {
  return impl_->self();
}

creation control_plane::life() const noexcept {
  return impl_->life();
}

const control_counters& control_plane::counters() const noexcept {
  return impl_->counters();
}

std::vector<node_name> control_plane::nodes() const {
  return impl_->nodes();
}

bool control_plane::is_up(node_name peer) const {
  return impl_->is_up(peer);
}

bool control_plane::is_losing(node_name peer) const {
  return impl_->is_losing(peer);
}

size_t control_plane::num_losses(node_name peer) const {
  return impl_->num_losses(peer);
}

bool control_plane::has_waiting(node_name peer) const {
  return impl_->has_waiting(peer);
}

uint64_t control_plane::num_deeds() const noexcept {
  return impl_->num_deeds();
}

bool control_plane::settled(uint64_t last) const noexcept {
  return impl_->settled(last);
}

size_t control_plane::num_outbound() const noexcept {
  return impl_->table().num_outbound();
}

size_t control_plane::num_outbound(node_name node) const {
  return impl_->table().num_outbound(node);
}

size_t control_plane::num_inbound() const noexcept {
  return impl_->table().num_inbound();
}

size_t control_plane::num_inbound(node_name node) const {
  return impl_->table().num_inbound(node);
}

std::vector<outbound_monitor>
control_plane::monitors(const pid& watcher) const {
  return impl_->table().monitors(watcher);
}

std::vector<outbound_monitor> control_plane::monitors_on(node_name node) const {
  std::vector<outbound_monitor> result;
  impl_->table().list_outbound_for_node(node, result);
  return result;
}

std::vector<pid> control_plane::monitored_by(const pid& process) const {
  return impl_->table().monitored_by(process);
}

bool control_plane::is_monitored(const pid& watcher, const target& object,
                                 reference ref) const {
  return impl_->table().has_inbound_monitor(watcher, object, ref);
}

bool control_plane::empty() const noexcept {
  return impl_->empty();
}

} // namespace vigil
