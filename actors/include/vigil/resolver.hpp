#pragma once

#include <vigil/node_name.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace vigil {

/// Where a node listens.
struct node_address {
  /// An address, or a name that the system resolves.
  std::string host;
  /// From 1 to 65535.
  uint16_t port = 0;
};

/// Reads `HOST:PORT`; nothing if `text` is something else. `HOST` holds no
/// colon, so it is no address of version 6.
std::optional<node_address> parse_address(std::string_view text);

/// Finds the address of a node by its name.
///
/// Thread-safety: `resolve` is called from the threads that dial and may block
/// them; a dial that takes longer than its deadline has failed. It should
/// return some time: a node that stops waits for it, but not for long.
class resolver {
public:
  virtual ~resolver() = default;

  /// Returns where `node` listens, nothing if that is not known.
  virtual std::optional<node_address> resolve(node_name node) = 0;
};

/// A table of addresses that can be extended at any time.
///
/// Thread-safety: all members may be called from any thread.
class static_resolver final : public resolver {
public:
  static_resolver();

  ~static_resolver() override;

  /// Notes the address of `node` in place of an older one.
  void add(node_name node, node_address address);

  std::optional<node_address> resolve(node_name node) override;

private:
  class table;

  std::unique_ptr<table> table_;
};

} // namespace vigil
