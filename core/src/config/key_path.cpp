#include "config/key_path.hpp"

#include <algorithm>

#include "config/toml_text.hpp"

namespace stoa::core::config {

std::string dotted(const KeyPath& path) {
  std::string out;
  for (const std::string& name : path) {
    const bool element = name.size() > 2 && name.front() == '[' && name.back() == ']';
    if (!out.empty() && !element) out += '.';
    out += element || is_bare_key(name) ? name : toml_quoted(name);
  }
  return out;
}

KeyPath split_key(std::string_view dotted_key) {
  return split(dotted_key, ".");
}

std::string variable_name(const KeyPath& path) {
  std::string out;
  for (const std::string& name : path) out += (out.empty() ? "STOA__" : "__") + variable_part(name);
  return out;
}

KeyPath operator/(KeyPath path, std::string_view name) {
  path.emplace_back(name);
  return path;
}

std::string element_name(std::size_t index) {
  std::string name = "[";
  name += std::to_string(index);
  name += ']';
  return name;
}

std::string variable_part(std::string_view name) {
  std::string out(name);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == '-') c = '_';
  }
  return out;
}

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

std::vector<std::string> split(std::string_view text, std::string_view separator) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + separator.size());
  }
}

}  // namespace stoa::core::config
