#include "metrics/family.hpp"

#include <algorithm>
#include <functional>

namespace stoa::core::metrics {
namespace {

std::size_t hash(std::span<const std::string_view> values) {
  std::size_t all = 0;
  for (const std::string_view value : values) all = all * 31 + std::hash<std::string_view>()(value);
  return all;
}

}  // namespace

// Never changed nor removed once it can be found.
struct Family::Node {
  Node(std::span<const std::string_view> with, std::size_t bounds)
      : values(with.begin(), with.end()), cell(bounds) {}
  std::vector<std::string> values;
  Cell cell;
  Node* next = nullptr;
};

Family::Family(Description description) : description_(std::move(description)) {
  if (description_.labels.empty()) at(std::span<const std::string_view>());  // shown from the beginning, as 0
}

Family::~Family() {
  for (const auto& head : heads_) {
    for (Node* node = head.load(); node;) delete std::exchange(node, node->next);
  }
  delete other_.load();
}

Family::Node* Family::find(std::size_t bucket, std::span<const std::string_view> values) const {
  for (Node* node = heads_[bucket].load(std::memory_order_acquire); node; node = node->next) {
    if (std::ranges::equal(node->values, values)) return node;
  }
  return nullptr;
}

Cell& Family::at(std::span<const std::string_view> values) {
  const std::size_t bucket = hash(values) % heads_.size();
  if (Node* node = find(bucket, values)) return node->cell;
  if (Node* other = other_.load(std::memory_order_acquire)) return other->cell;
  const std::lock_guard lock(mutex_);
  if (Node* node = find(bucket, values)) return node->cell;
  return insert(bucket, values).cell;
}

Family::Node& Family::insert(std::size_t bucket, std::span<const std::string_view> values) {
  if (count_ < kMostCells) {
    ++count_;
    auto* node = new Node(values, description_.bounds.size());
    node->next = heads_[bucket].load(std::memory_order_relaxed);
    heads_[bucket].store(node, std::memory_order_release);
    return *node;
  }
  if (!other_.load(std::memory_order_relaxed)) {
    const std::vector<std::string_view> others(values.size(), "other");
    other_.store(new Node(others, description_.bounds.size()), std::memory_order_release);
  }
  return *other_.load(std::memory_order_relaxed);
}

void Family::write(Text& text) const {
  std::vector<const Node*> nodes;
  for (const auto& head : heads_) {
    for (const Node* node = head.load(std::memory_order_acquire); node; node = node->next)
      nodes.push_back(node);
  }
  std::ranges::sort(
      nodes, {}, [](const Node* node) -> const auto& { return node->values; });
  if (const Node* other = other_.load(std::memory_order_acquire)) nodes.push_back(other);
  text.head(description_.name, description_.kind, description_.help);
  for (const Node* node : nodes) {
    std::vector<Label> labels;
    for (std::size_t i = 0; i < node->values.size(); ++i)
      labels.emplace_back(description_.labels[i], node->values[i]);
    if (description_.kind != Kind::histogram) {
      text.sample(labels, node->cell.value());
      continue;
    }
    std::vector<std::uint64_t> counts;
    for (std::size_t i = 0; i <= description_.bounds.size(); ++i) counts.push_back(node->cell.in_bucket(i));
    text.histogram(labels, description_.bounds, counts, node->cell.value());
  }
}

}  // namespace stoa::core::metrics
