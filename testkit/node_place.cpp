#include "testkit/node_place.hpp"

#include <utility>

namespace vigil::testkit {

node_place::node_place(node_name name, size_t number, const node_config& config,
                       factory make)
  : name_(name),
    number_(number),
    config_(config),
    make_(std::move(make)) {
  // nop
}

void node_place::begin_life() {
  lives_.push_back(make_(*this, lives_.size() + 1));
}

} // namespace vigil::testkit
