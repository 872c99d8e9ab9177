#include "http/message.hpp"

#include <algorithm>

namespace stoa::core::http {

namespace {
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}
}  // namespace

std::string_view to_string(Method method) {
  switch (method) {
    case Method::get: return "GET";
    case Method::head: return "HEAD";
    case Method::post: return "POST";
    case Method::put: return "PUT";
    case Method::patch: return "PATCH";
    case Method::del: return "DELETE";
    case Method::options: return "OPTIONS";
  }
  return {};
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view RequestHead::field(std::string_view name) const {
  for (const auto& [key, value] : fields)
    if (!value.empty() && equal_ignoring_case(key, name)) return value;
  return {};
}

std::string_view RequestHead::list(std::string_view name, std::string& joined) const {
  std::string_view all;
  for (const auto& [key, value] : fields) {
    if (value.empty() || !equal_ignoring_case(key, name)) continue;
    if (all.empty()) {
      all = value;
      continue;
    }
    if (all.data() != joined.data()) joined.assign(all);
    joined.append(", ").append(value);
    all = joined;
  }
  return all;
}

void RequestHead::clear() {
  block.clear();
  method = Method::get;
  minor_version = 1;
  target = path = query = {};
  fields.clear();
  content_length.reset();
  chunked = false;
  keep_alive = true;
  websocket = false;
}

}  // namespace stoa::core::http
