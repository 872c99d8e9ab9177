#include "http/router.hpp"

#include <set>

#include "http/utf8.hpp"

namespace stoa::core::http {

namespace {

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

Error undecodable(std::string_view name) {
  Error error{ErrorCode::validation,
              "The query parameter \"" + std::string(name) + "\" must be percent-encoded UTF-8."};
  error.fields.push_back({"?" + std::string(name), "invalid", "must be percent-encoded UTF-8"});
  return error;
}

}  // namespace

Result<std::vector<Segment>> parse_pattern(std::string_view pattern) {
  const auto wrong = [&](std::string_view why) {
    return Error{ErrorCode::validation, "the pattern \"" + std::string(pattern) + "\" " + std::string(why)};
  };
  if (pattern.empty() || pattern[0] != '/') return wrong("must begin with '/'");
  std::vector<Segment> segments;
  std::set<std::string> names;
  std::string_view rest = pattern.substr(1);
  for (bool more = true; more;) {
    const auto slash = rest.find('/');
    std::string_view part = rest.substr(0, slash);
    more = slash != std::string_view::npos;
    if (more) rest.remove_prefix(slash + 1);
    if (part.empty() && (more || segments.size() > 0)) return wrong("has an empty segment");
    if (part.empty() || part.front() != '{') {
      if (part.find_first_of("{}") != std::string_view::npos) return wrong("has a brace inside a segment");
      segments.push_back({Segment::Kind::fixed, std::string(part)});
      continue;
    }
    if (part.back() != '}') return wrong("has an unclosed parameter");
    part = part.substr(1, part.size() - 2);
    const auto colon = part.find(':');
    const std::string name(part.substr(0, colon));
    const std::string_view kind = colon == std::string_view::npos ? "str" : part.substr(colon + 1);
    if (name.empty() || !names.insert(name).second) return wrong("has a parameter without a name of its own");
    if (kind != "int" && kind != "str") return wrong("has a parameter of an unknown kind");
    segments.push_back({kind == "int" ? Segment::Kind::integer : Segment::Kind::text, name});
  }
  if (segments.size() > 16) return wrong("has more than 16 segments");
  return segments;
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (text.size() - i < 3 || hex(text[i + 1]) < 0 || hex(text[i + 2]) < 0) return std::nullopt;
    out += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
    i += 2;
  }
  if (out.find('\0') != std::string::npos || !is_utf8(out)) return std::nullopt;
  return out;
}

Result<std::optional<std::string>> query_value(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const auto end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    query = end == std::string_view::npos ? std::string_view() : query.substr(end + 1);
    const auto equals = pair.find('=');
    const auto decode = [](std::string_view part) {
      std::string spaced(part);
      for (char& c : spaced) {
        if (c == '+') c = ' ';
      }
      return percent_decode(spaced);
    };
    const auto key = decode(pair.substr(0, equals));
    if (!key || *key != name) continue;
    if (equals == std::string_view::npos) return std::optional<std::string>("");
    auto value = decode(pair.substr(equals + 1));
    if (!value) return undecodable(name);
    return value;
  }
  return std::optional<std::string>();
}

std::optional<std::string_view> cookie_value(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    const auto end = header.find(';');
    std::string_view pair = header.substr(0, end);
    header = end == std::string_view::npos ? std::string_view() : header.substr(end + 1);
    while (!pair.empty() && pair.front() == ' ') pair.remove_prefix(1);
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
    std::string_view value = pair.substr(equals + 1);
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
      value = value.substr(1, value.size() - 2);
    return value;
  }
  return std::nullopt;
}

std::optional<Method> method_from(std::string_view text) {
  for (Method method :
       {Method::get, Method::head, Method::post, Method::put, Method::patch, Method::del, Method::options}) {
    if (text == to_string(method)) return method;
  }
  return std::nullopt;
}

}  // namespace stoa::core::http
