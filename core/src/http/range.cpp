#include "http/range.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include "http/message.hpp"

namespace stoa::core::http {

namespace {

constexpr std::string_view kUnit = "bytes=";

// The largest number there is for more digits than fit; nullopt for what is no number.
std::optional<std::size_t> number(std::string_view digits) {
  constexpr auto kMost = std::numeric_limits<std::size_t>::max();
  if (digits.empty()) return std::nullopt;
  std::size_t value = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    const auto digit = static_cast<std::size_t>(c - '0');
    value = value > (kMost - digit) / 10 ? kMost : value * 10 + digit;
  }
  return value;
}

}  // namespace

Range range_of(std::string_view header, std::size_t length) {
  if (!equal_ignoring_case(header.substr(0, kUnit.size()), kUnit)) return {};
  const auto spec = header.substr(kUnit.size());
  const auto dash = spec.find('-');
  if (dash == std::string_view::npos) return {};
  const auto first = number(spec.substr(0, dash));
  const auto last = number(spec.substr(dash + 1));
  if (dash == 0) {  // the last so many bytes
    if (!last) return {};
    if (*last == 0) return {.kind = Range::Kind::unsatisfiable};
    if (length == 0) return {};
    const auto size = std::min(*last, length);
    return {.kind = Range::Kind::part, .first = length - size, .size = size};
  }
  const bool is_open = dash + 1 == spec.size();
  if (!first || (!last && !is_open) || (last && *last < *first)) return {};
  if (*first >= length) return {.kind = Range::Kind::unsatisfiable};
  const auto end = last ? std::min(*last, length - 1) : length - 1;
  return {.kind = Range::Kind::part, .first = *first, .size = end - *first + 1};
}

bool range_counts(std::string_view if_range, std::string_view etag) {
  return if_range.empty() || if_range == etag;
}

}  // namespace stoa::core::http
