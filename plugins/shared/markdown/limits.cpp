#include "markdown/limits.hpp"

namespace stoa::markdown {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Container marks at the beginning of one line. "* * *" is a rule across the page and opens nothing.
std::size_t containers(std::string_view line) {
  if (line.find_first_not_of(" \t*") == std::string_view::npos ||
      line.find_first_not_of(" \t-") == std::string_view::npos) {
    return 0;
  }
  std::size_t count = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == ' ' || c == '\t') continue;
    if (c == '>' || c == '-' || c == '+' || c == '*') {
      ++count;
      continue;
    }
    std::size_t digits = i;
    while (digits < line.size() && is_digit(line[digits])) ++digits;
    if (digits == i || digits == line.size() || (line[digits] != '.' && line[digits] != ')')) return count;
    i = digits;
    ++count;
  }
  return count;
}

// Bytes of the character that begins there; 0: none does.
std::size_t character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t size = lead >= 0xC2 && lead <= 0xDF   ? 2
                           : (lead & 0xF0u) == 0xE0       ? 3
                           : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                          : 0;
  if (size == 0 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0u) != 0x80) return 0;
  }
  const bool overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
  const bool beyond = (lead == 0xED && byte(1) > 0x9F) || (lead == 0xF4 && byte(1) > 0x8F);
  return overlong || beyond ? 0 : size;
}

}  // namespace

bool is_utf8(std::string_view source) {
  while (!source.empty()) {
    const std::size_t size = character(source);
    if (size == 0) return false;
    source.remove_prefix(size);
  }
  return true;
}

bool nests_too_deeply(std::string_view source) {
  while (!source.empty()) {
    const auto end = source.find_first_of("\r\n");
    if (containers(source.substr(0, end)) > kMaxDepth) return true;
    if (end == std::string_view::npos) return false;
    source.remove_prefix(end + 1);
  }
  return false;
}

}  // namespace stoa::markdown
