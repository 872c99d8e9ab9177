#include "http/conditional.hpp"

namespace stoa::core::http {

bool none_match(std::string_view header, std::string_view etag) {
  if (etag.empty()) return false;
  if (header == "*") return true;
  // A tag may hold commas: what is in quotes is taken whole.
  for (;;) {
    const auto begin = header.find('"');
    if (begin == std::string_view::npos) return false;
    const auto end = header.find('"', begin + 1);
    if (end == std::string_view::npos) return false;
    if (header.substr(begin, end + 1 - begin) == etag) return true;
    header.remove_prefix(end + 1);
  }
}

}  // namespace stoa::core::http
