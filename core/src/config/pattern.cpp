#include "config/pattern.hpp"

#include <regex>
#include <string>

namespace stoa::core::config {

bool contains(std::string_view text, std::string_view pattern) {
  return std::regex_search(std::string(text), std::regex(std::string(pattern)));
}

}  // namespace stoa::core::config
