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

}  // namespace

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
