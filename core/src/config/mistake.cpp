#include "config/mistake.hpp"

#include <algorithm>
#include <string_view>

namespace stoa::core::config {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Numbers inside compare as numbers.
bool comes_before(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    const auto number = [](std::string_view text) {
      return text.substr(
          0, static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin()));
    };
    const std::string_view digits_a = number(a), digits_b = number(b);
    if (!digits_a.empty() && !digits_b.empty()) {
      if (digits_a.size() != digits_b.size()) return digits_a.size() < digits_b.size();
      if (digits_a != digits_b) return digits_a < digits_b;
      a.remove_prefix(digits_a.size());
      b.remove_prefix(digits_b.size());
      continue;
    }
    if (a.front() != b.front()) return a.front() < b.front();
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  return a.empty() && !b.empty();
}

}  // namespace

std::string Mistake::to_string() const {
  return (where.empty() ? "" : where + ": ") + (key.empty() ? "" : key + ": ") + message;
}

void sort_by_place(std::vector<Mistake>& mistakes) {
  std::stable_sort(mistakes.begin(), mistakes.end(),
                   [](const Mistake& a, const Mistake& b) { return comes_before(a.where, b.where); });
}

}  // namespace stoa::core::config
