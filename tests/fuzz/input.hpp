// What the targets share: an oracle's word, and taking an input apart.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace stoa::fuzz {

// Ends the process where a promise is broken, which is what libFuzzer keeps an input for.
inline void expect(bool holds, const char* promise) {
  if (holds) return;
  std::fprintf(stderr, "Broken: %s\n", promise);
  std::abort();
}

// The bytes of an input, taken from the front. Texts come line by line, so that seeds can be written by hand.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : rest_(reinterpret_cast<const char*>(data), size) {}

  bool empty() const { return rest_.empty(); }
  // 0 behind the end.
  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const auto first = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return first;
  }
  // Without its '\n'.
  std::string_view line() {
    const auto end = rest_.find('\n');
    const auto line = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    return line;
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

// How a stream arrives in pieces: their sizes, 1 to 64 bytes, go round; none of them: all at once.
class Pieces {
 public:
  explicit Pieces(std::string_view sizes) : sizes_(sizes) {}

  // The bytes of the next piece when `left` are left.
  std::size_t next(std::size_t left) {
    if (sizes_.empty()) return left;
    const std::size_t size = 1 + (static_cast<unsigned char>(sizes_[at_++ % sizes_.size()]) & 63U);
    return size < left ? size : left;
  }

 private:
  std::string_view sizes_;
  std::size_t at_ = 0;
};

}  // namespace stoa::fuzz
