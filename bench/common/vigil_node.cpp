#include "bench/common/vigil_node.hpp"

#include "bench/common/failure.hpp"

#include <string>
#include <utility>

namespace vigil::bench {

std::unique_ptr<node> start_node(std::string_view name, vigil::runtime& runtime,
                                 bool cancel_pairs) {
  node_config config;
  config.name = *node_name::parse(name);
  config.runtime = &runtime;
  config.cancel_pairs = cancel_pairs;
  config.log = nullptr;
  auto result = node::start(config);
  if (!result)
    throw failure{to_string(result.failure())};
  return std::move(*result);
}

uint64_t counter(runtime_front& front, std::string_view name) {
  statistics all;
  if (front.stats(all) == errc::none)
    for (const auto& [key, value] : all.values)
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
