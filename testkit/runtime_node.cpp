#include <vigil/testkit/runtime_node.hpp>

#include <vigil/testkit/failure.hpp>
#include "testkit/node_place.hpp"
#include "testkit/runtime_life.hpp"

namespace vigil::testkit {

namespace {

runtime_life& life_of(node_place& x) {
  return static_cast<runtime_life&>(x.life());
}

} // namespace

node_name runtime_node::name() const noexcept {
  return place_.name();
}

runtime_front runtime_node::front() const {
  return runtime_front{place_.life().front()};
}

void runtime_node::received(reference ref) {
  place_.life().seen().received(ref);
}

void runtime_node::drive(scheduler& x) {
  life_of(place_).drive(x);
}

void runtime_node::allow_gap() {
  place_.life().seen().allow_gap();
}

vigil::runtime& runtime_node::any_runtime() const {
  return life_of(place_).runtime();
}

void runtime_node::refuse_runtime() const {
  throw failure{"the runtime of " + to_string(name())
                + " is of another type than the test says"};
}

} // namespace vigil::testkit
