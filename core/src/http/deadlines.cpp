#include "http/deadlines.hpp"

namespace stoa::core::http {

namespace {
constexpr auto kNever = Deadlines::Time::max();
}

void Deadlines::set(int descriptor, Time deadline) {
  const auto index = static_cast<std::size_t>(descriptor);
  if (index >= times_.size()) times_.resize(index + 1, kNever);
  times_[index] = deadline;
}

void Deadlines::clear(int descriptor) {
  const auto index = static_cast<std::size_t>(descriptor);
  if (index < times_.size()) times_[index] = kNever;
}

std::vector<int> Deadlines::due(Time now) {
  std::vector<int> due;
  for (std::size_t i = 0; i < times_.size(); ++i) {
    if (times_[i] > now) continue;
    times_[i] = kNever;
    due.push_back(static_cast<int>(i));
  }
  return due;
}

}  // namespace stoa::core::http
