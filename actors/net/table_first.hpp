#pragma once

#include <vigil/node_name.hpp>
#include <vigil/resolver.hpp>

#include <memory>
#include <optional>
#include <utility>

namespace vigil {

/// Asks a table before another resolver.
class table_first final : public resolver {
public:
  table_first(std::shared_ptr<static_resolver> table,
              std::shared_ptr<resolver> other) noexcept
    : table_(std::move(table)),
      other_(std::move(other)) {
    // nop
  }

  std::optional<node_address> resolve(node_name node) override {
    auto known = table_->resolve(node);
    return known ? known : other_->resolve(node);
  }

private:
  std::shared_ptr<static_resolver> table_;
  std::shared_ptr<resolver> other_;
};

} // namespace vigil
