#include "http/request_id.hpp"

#include <atomic>
#include <random>

namespace stoa::core::http {

namespace {

constexpr int kIdsPerGenerator = 44;  // bits

std::uint64_t process_seed() {
  static const std::uint64_t seed = [] {
    std::random_device source;
    return static_cast<std::uint64_t>(source()) << 32 | source();
  }();
  return seed;
}

// The finaliser of splitmix64: a bijection, so different numbers stay different.
std::uint64_t scatter(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

}  // namespace

RequestIds::RequestIds() {
  static std::atomic<std::uint64_t> generators{0};
  next_ = process_seed() + (generators.fetch_add(1) << kIdsPerGenerator);
}

void RequestIds::next(std::string& into) {
  static constexpr char kDigits[] = "0123456789abcdef";
  into.resize(16);
  auto id = scatter(next_++);
  for (auto digit = into.rbegin(); digit != into.rend(); ++digit, id >>= 4) *digit = kDigits[id & 15];
}

}  // namespace stoa::core::http
