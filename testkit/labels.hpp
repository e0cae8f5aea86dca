#pragma once

#include <vigil/creation.hpp>
#include <vigil/node_name.hpp>
#include <vigil/pid.hpp>
#include <vigil/reference.hpp>
#include <vigil/target.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace vigil::testkit {

/// Short names for what a transcript speaks of: `a` is node a@h, `a/2` its
/// second life, `a.1` the first process of its first life, `r1` the first
/// monitor of a life.
class labels {
public:
  /// Notes a life: which of the node's it is, counted from 1, and the number of
  /// the first pid that its source gives.
  void add(node_name node, creation life, size_t which, uint32_t first_pid);

  std::string operator()(node_name x) const;
  std::string operator()(node_name node, creation life) const;
  std::string operator()(const pid& x) const;
  std::string operator()(const target& x) const;
  std::string operator()(reference x) const;

private:
  struct life_entry {
    size_t which = 1;
    uint32_t first_pid = 0;
  };

  std::map<std::pair<node_name, creation>, life_entry> lives_;
  /// Which node is called so by the part before the @; none if several are.
  std::map<std::string_view, node_name> by_alive_;
};

} // namespace vigil::testkit
