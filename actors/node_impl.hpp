#pragma once

#include <vigil/creation.hpp>
#include <vigil/node.hpp>
#include <vigil/node_name.hpp>

#include <cstdint>
#include <memory>

namespace caf {

class actor_system;

} // namespace caf

namespace vigil {

struct front_state;

/// What stands behind a `node`.
///
/// Thread-safety: as that of the members of `node`.
class node::impl {
public:
  impl() = default;

  virtual ~impl() = default;

  impl(const impl&) = delete;

  impl& operator=(const impl&) = delete;

  virtual void stop() = 0;
  virtual node_name name() const noexcept = 0;
  virtual creation life() const noexcept = 0;
  virtual uint16_t port() const noexcept = 0;
  virtual const std::shared_ptr<front_state>& front() const noexcept = 0;
  virtual process_registry& registry() noexcept = 0;
  virtual static_resolver& table() noexcept = 0;
  virtual const control_plane_handle& handle() const noexcept = 0;
  virtual caf::actor_system& system() noexcept = 0;
};

} // namespace vigil
