#pragma once

#include <algorithm>
#include <vector>

namespace stoa::bench {

// Reorders the values. part: 0 to 1. 0 of no values.
inline double quantile(std::vector<double>& values, double part) {
  if (values.empty()) return 0;
  const auto place = values.begin() + static_cast<long>(part * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

}  // namespace stoa::bench
