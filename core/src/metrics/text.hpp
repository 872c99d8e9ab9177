// The text format of Prometheus, version 0.0.4.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace stoa::core::metrics {

enum class Kind : std::uint8_t { counter, gauge, histogram };

using Label = std::pair<std::string_view, std::string_view>;

inline constexpr std::string_view kContentType = "text/plain; version=0.0.4; charset=utf-8";

// Each family begins with head(); its samples follow at once.
class Text {
 public:
  void head(std::string_view name, Kind kind, std::string_view help);
  void sample(std::span<const Label> labels, double value);
  void sample(std::initializer_list<Label> labels, double value) {
    sample(std::span(labels.begin(), labels.size()), value);
  }
  void sample(double value) { sample(std::span<const Label>(), value); }
  // Of a histogram; `counts` are one more than `bounds`, each of its bucket alone.
  void histogram(std::span<const Label> labels, std::span<const double> bounds,
                 std::span<const std::uint64_t> counts, double sum);
  // A family of one sample without labels.
  void single(std::string_view name, Kind kind, std::string_view help, double value) {
    head(name, kind, help);
    sample(value);
  }

  std::string take() { return std::move(text_); }

 private:
  void line(std::string_view suffix, std::span<const Label> labels, const Label* extra, double value);

  std::string text_;
  std::string name_;
};

}  // namespace stoa::core::metrics
