#include <vigil/resolver.hpp>

#include "messages/text/decimal.hpp"

#include "absl/container/flat_hash_map.h"

#include <mutex>
#include <utility>

namespace vigil {

std::optional<node_address> parse_address(std::string_view text) {
  auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0)
    return std::nullopt;
  auto port = parse_decimal<uint16_t>(text.substr(colon + 1));
  auto host = text.substr(0, colon);
  if (!port || *port == 0
      || host.find_first_of(": \t@") != std::string_view::npos)
    return std::nullopt;
  return node_address{std::string{host}, *port};
}

class static_resolver::table {
public:
  void add(node_name node, node_address address) {
    std::lock_guard guard{mutex_};
    addresses_[node] = std::move(address);
  }

  std::optional<node_address> find(node_name node) const {
    std::lock_guard guard{mutex_};
    auto i = addresses_.find(node);
    if (i == addresses_.end())
      return std::nullopt;
    return i->second;
  }

private:
  mutable std::mutex mutex_;
  absl::flat_hash_map<node_name, node_address> addresses_;
};

static_resolver::static_resolver() : table_(std::make_unique<table>()) {
  // nop
}

static_resolver::~static_resolver() = default;

void static_resolver::add(node_name node, node_address address) {
  table_->add(node, std::move(address));
}

std::optional<node_address> static_resolver::resolve(node_name node) {
  return table_->find(node);
}

} // namespace vigil
