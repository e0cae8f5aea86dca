#include "actors/net/random_node_id.hpp"

#include "actors/random_bits.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include <cassert>
#include <cstdint>
#include <memory>
#include <utility>

namespace vigil {

namespace {

/// Set in the process number of an id that is random; no process of Linux has
/// so high a number.
constexpr uint32_t random_mark = uint32_t{1} << 31;

/// The middleman, which it hands everything on to, but for one thing: its
/// system gets another id before the middleman starts.
class renaming_module final : public caf::actor_system::module {
public:
  renaming_module(caf::actor_system& system,
                  std::unique_ptr<caf::actor_system::module> inner,
                  std::function<caf::node_id()> make)
    : system_(system),
      middleman_(std::move(inner)),
      make_(std::move(make)) {
    // nop
  }

  void start() override {
    set_node_id(system_, make_());
    middleman_->start();
  }

  void stop() override {
    middleman_->stop();
  }

  void init(caf::actor_system_config& config) override {
    middleman_->init(config);
  }

  id_t id() const override {
    return middleman_->id();
  }

  void* subtype_ptr() override {
    return middleman_->subtype_ptr();
  }

private:
  caf::actor_system& system_;
  std::unique_ptr<caf::actor_system::module> middleman_;
  std::function<caf::node_id()> make_;
};

} // namespace

caf::node_id random_node_id() {
  return drawn_node_id(random_bits);
}

caf::node_id drawn_node_id(const std::function<uint64_t()>& draw) {
  caf::node_id::default_data::host_id_type host;
  for (auto& byte : host)
    byte = static_cast<uint8_t>(draw());
  auto process = static_cast<uint32_t>(draw()) | random_mark;
  return caf::make_node_id(process, host);
}

bool is_random(const caf::node_id& x) {
  using data = caf::node_id::default_data;
  if (!x || x->implementation_id() != data::class_id)
    return false;
  return (static_cast<const data&>(*x).process_id() & random_mark) != 0;
}

void set_node_id(caf::actor_system_config& config,
                 std::function<caf::node_id()> make) {
  assert(!config.module_factories.empty());
  auto& factory = config.module_factories.back();
  factory = [load = std::move(factory), make = std::move(make)](
              caf::actor_system& system) -> caf::actor_system::module* {
    std::unique_ptr<caf::actor_system::module> inner{load(system)};
    return new renaming_module(system, std::move(inner), make);
  };
}

void set_node_id(caf::actor_system& system, const caf::node_id& id) {
  // The member behind it is not const.
  const_cast<caf::node_id&>(system.node()) = id;
}

} // namespace vigil
