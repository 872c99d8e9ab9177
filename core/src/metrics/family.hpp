// One metric with all its combinations of label values.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "metrics/cell.hpp"
#include "metrics/text.hpp"

namespace stoa::core::metrics {

struct Description {
  Kind kind = Kind::counter;
  std::string name;  // whole: "stoa_chat_sent_total"
  std::string help;
  std::vector<std::string> labels = {};
  std::vector<double> bounds = {};  // of a histogram, rising

  // What is counted under one of them may go on under the other.
  bool is_like(const Description& other) const {
    return kind == other.kind && name == other.name && labels == other.labels && bounds == other.bounds;
  }
};

// [any-thread] Cells are found without a lock and live as long as the family.
class Family {
 public:
  explicit Family(Description description);
  Family(const Family&) = delete;
  Family& operator=(const Family&) = delete;
  ~Family();

  const Description& description() const { return description_; }

  // `values`: as many as there are labels. Beyond kMostCells combinations: the cell whose values are all
  // "other".
  Cell& at(std::span<const std::string_view> values);
  Cell& at(std::initializer_list<std::string_view> values) {
    return at(std::span(values.begin(), values.size()));
  }
  void observe(std::initializer_list<std::string_view> values, double value) {
    at(values).observe(value, description_.bounds);
  }

  void write(Text& text) const;

  static constexpr std::size_t kMostCells = 100;

 private:
  struct Node;
  Node* find(std::size_t bucket, std::span<const std::string_view> values) const;
  Node& insert(std::size_t bucket, std::span<const std::string_view> values);

  const Description description_;
  std::array<std::atomic<Node*>, 64> heads_{};
  std::mutex mutex_;  // of those who insert
  std::size_t count_ = 0;
  std::atomic<Node*> other_{nullptr};
};

}  // namespace stoa::core::metrics
