#include "http/conditional.hpp"

#include <algorithm>
#include <cctype>

namespace stoa::core::http {

namespace {

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool same(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
  });
}

// Calls visit(item) for each comma-separated item until it returns true.
template <class F>
bool any_item(std::string_view list, F&& visit) {
  while (!list.empty()) {
    const auto comma = list.find(',');
    if (visit(trim(list.substr(0, comma)))) return true;
    if (comma == std::string_view::npos) break;
    list.remove_prefix(comma + 1);
  }
  return false;
}

}  // namespace

bool none_match(std::string_view header, std::string_view etag) {
  if (header.empty() || etag.empty()) return false;
  return any_item(header, [&](std::string_view item) {
    if (item == "*") return true;
    if (item.substr(0, 2) == "W/") item.remove_prefix(2);
    return item == etag;
  });
}

bool accepts(std::string_view accept_encoding, std::string_view coding) {
  bool named = false;
  bool allowed = false;
  any_item(accept_encoding, [&](std::string_view item) {
    const auto semicolon = item.find(';');
    if (!same(trim(item.substr(0, semicolon)), coding)) return false;
    named = true;
    allowed = true;
    if (semicolon != std::string_view::npos) {
      std::string_view weight = trim(item.substr(semicolon + 1));
      if (weight.substr(0, 2) == "q=") {
        weight.remove_prefix(2);
        allowed = weight.find_first_of("123456789") != std::string_view::npos;
      }
    }
    return true;
  });
  return named && allowed;
}

}  // namespace stoa::core::http
