#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stoa::bench {

// The same numbers on every machine (SplitMix64).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(next() % limit); }
  double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

 private:
  std::uint64_t state_;
};

// Numbers from 0 on, the nth proportionally to 1/(n+1): a few posts get most comments.
class Skew {
 public:
  explicit Skew(std::size_t limit) {
    double sum = 0;
    for (std::size_t i = 0; i < limit; ++i) sums_.push_back(sum += 1.0 / static_cast<double>(i + 1));
  }
  std::size_t draw(Random& random) const {
    const double wanted = random.unit() * sums_.back();
    const auto place = std::ranges::upper_bound(sums_, wanted) - sums_.begin();
    return std::min(static_cast<std::size_t>(place), sums_.size() - 1);
  }

 private:
  std::vector<double> sums_;
};

inline constexpr std::array<std::string_view, 64> kWords = {
    "the",     "forum",   "answer",   "question", "about",   "server",  "people",   "because",
    "what",    "would",   "think",    "garden",   "winter",  "morning", "little",   "number",
    "written", "between", "never",    "another",  "river",   "and",     "of",       "to",
    "in",      "it",      "is",       "that",     "which",   "problem", "solution", "library",
    "version", "update",  "release",  "thread",   "reader",  "writer",  "letter",   "market",
    "travel",  "station", "mountain", "weather",  "summer",  "evening", "kitchen",  "recipe",
    "bicycle", "camera",  "picture",  "window",   "music",   "concert", "language", "lesson",
    "teacher", "student", "history",  "science",  "measure", "figure",  "example",  "reason"};

inline std::string words(Random& random, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) text += ' ';
    text += kWords[random.below(kWords.size())];
  }
  return text;
}

// Short ones are common, long ones rare.
inline std::size_t length(Random& random, std::size_t least, std::size_t most) {
  const double unit = random.unit();
  return least + static_cast<std::size_t>(unit * unit * static_cast<double>(most - least));
}

// Markdown without anything that JSON must escape.
inline std::string comment_text(Random& random) {
  const std::size_t size = length(random, 10, 90);
  return words(random, size / 2) + " **" + words(random, 2) + "** " + words(random, size / 2 + 1) + ".";
}

inline std::string post_text(Random& random) {
  const std::size_t size = length(random, 60, 400);
  return words(random, size / 3) + ". *" + words(random, 3) + "*, `" + words(random, 1) +
         "`: " + words(random, size * 2 / 3) + ".";
}

}  // namespace stoa::bench
