#include <vigil/node_name.hpp>

#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <unordered_map>

namespace vigil {

namespace {

/// The program-wide store. Its elements keep their addresses.
class name_store {
public:
  /// Returns null for a new name if there are `limit` already.
  const std::pair<const std::string, size_t>* find_or_add(std::string_view text,
                                                          size_t limit) {
    std::string key{text};
    auto hash = std::hash<std::string>{}(key);
    std::lock_guard guard{mutex_};
    if (auto i = names_.find(key); i != names_.end())
      return &*i;
    if (names_.size() >= limit)
      return nullptr;
    return &*names_.emplace(std::move(key), hash).first;
  }

  bool has_or_may_add(std::string_view text, size_t limit) {
    std::string key{text};
    std::lock_guard guard{mutex_};
    return names_.size() < limit || names_.count(key) > 0;
  }

  size_t size() {
    std::lock_guard guard{mutex_};
    return names_.size();
  }

private:
  std::mutex mutex_;
  /// Each with its hash.
  std::unordered_map<std::string, size_t> names_;
};

name_store& store() {
  // Never destroyed: names may be used until the very end of the program.
  static auto* instance = new name_store;
  return *instance;
}

} // namespace

std::optional<node_name> node_name::parse(std::string_view text) {
  return get(text, max_names);
}

node_name node_name::of_literal(std::string_view text) {
  if (auto result = parse(text))
    return *result;
  std::fprintf(stderr, "vigil: no room for the node name %.*s: there are %zu\n",
               static_cast<int>(text.size()), text.data(), num_names());
  std::abort();
}

std::optional<node_name> node_name::learn(std::string_view text) {
  return get(text, max_learnt_names);
}

bool node_name::can_learn(std::string_view text) {
  return is_valid(text) && store().has_or_may_add(text, max_learnt_names);
}

size_t node_name::num_names() {
  return store().size();
}

std::optional<node_name> node_name::get(std::string_view text, size_t limit) {
  if (!is_valid(text))
    return std::nullopt;
  node_name result;
  result.text_ = store().find_or_add(text, limit);
  if (result.text_ == nullptr)
    return std::nullopt;
  return result;
}

std::string_view node_name::str() const noexcept {
  return text_ != nullptr ? std::string_view{text_->first} : std::string_view{};
}

std::string_view node_name::alive() const noexcept {
  auto text = str();
  return text.substr(0, text.find('@'));
}

std::string_view node_name::host() const noexcept {
  auto text = str();
  return text_ != nullptr ? text.substr(text.find('@') + 1) : text;
}

std::string to_string(node_name x) {
  return std::string{x.str()};
}

} // namespace vigil
