#include "bench/common/vigil_node.hpp"

#include "bench/common/failure.hpp"

#include <string>
#include <utility>

namespace vigil::bench {

namespace {

node_config config_of(std::string_view name, vigil::runtime& runtime) {
  node_config config;
  config.name = *node_name::parse(name);
  config.runtime = &runtime;
  return config;
}

std::unique_ptr<node> started(result<std::unique_ptr<node>> x) {
  if (!x)
    throw failure{to_string(x.failure())};
  return std::move(*x);
}

} // namespace

std::unique_ptr<node> start_node(std::string_view name, vigil::runtime& runtime,
                                 bool cancel_pairs) {
  auto config = config_of(name, runtime);
  config.cancel_pairs = cancel_pairs;
  return started(node::start(config));
}

std::unique_ptr<node> attach_node(caf::actor_system& system,
                                  std::string_view name,
                                  vigil::runtime& runtime) {
  auto config = config_of(name, runtime);
  config.cancel_pairs = false;
  return started(node::attach(system, config));
}

uint64_t counter(runtime_front& front, std::string_view name) {
  if (auto all = front.stats())
    for (const auto& [key, value] : all->values)
      if (key == name)
        return value;
  throw failure{"no counter " + std::string{name}};
}

exit_reason bench_done() {
  return *exit_reason::atom("bench_done");
}

void check(errc outcome) {
  if (outcome != errc::none)
    throw failure{std::string{sentence(outcome)}};
}

} // namespace vigil::bench
