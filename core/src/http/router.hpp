// The route table: immutable, swapped whole. A fixed segment beats a parameter.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/message.hpp"
#include "stoa/result.hpp"

namespace stoa::core::http {

// One segment of a pattern: fixed text, {name:int} (1 … 2^53-1) or {name} / {name:str}.
struct Segment {
  enum class Kind : std::uint8_t { fixed, integer, text };
  Kind kind = Kind::fixed;
  std::string text;  // the fixed text or the parameter's name
};

// Error: validation, when it is not a pattern.
Result<std::vector<Segment>> parse_pattern(std::string_view pattern);

// Percent-decoded once; nullopt for a broken escape, NUL, or text that is not UTF-8.
std::optional<std::string> percent_decode(std::string_view text);

using Parameters = std::vector<std::pair<std::string_view, std::string>>;

// T describes what a route leads to. Built once, read from any thread.
template <class T>
class RouteTable {
 public:
  struct Match {
    enum class Kind : std::uint8_t { found, not_found, method_not_allowed };
    Kind kind = Kind::not_found;
    const T* target = nullptr;
    Parameters parameters;  // decoded; names borrowed from the table
    std::string allow;      // for 405 and OPTIONS: "GET, HEAD, POST"
  };

  // False: that method and pattern (whatever its parameters are called) has a target already, given in
  // `other`.
  bool add(Method method, const std::vector<Segment>& pattern, T target, const T** other = nullptr) {
    Node* node = &root_;
    for (const Segment& segment : pattern) node = &node->child(segment);
    const auto [entry, added] = node->targets.emplace(method, std::move(target));
    if (!added && other) *other = &entry->second;
    if (added) {
      auto& names = node->names[method];
      for (const Segment& segment : pattern) {
        if (segment.kind != Segment::Kind::fixed) names.push_back(segment.text);
      }
    }
    return added;
  }

  // `path` as received. HEAD is served by GET.
  Match match(Method method, std::string_view path) const {
    Match match;
    if (path.empty() || path[0] != '/') return match;
    std::vector<std::string> segments;
    std::string_view rest = path.substr(1);
    while (true) {
      const auto slash = rest.find('/');
      auto segment = percent_decode(rest.substr(0, slash));
      if (!segment) return match;
      segments.push_back(std::move(*segment));
      if (slash == std::string_view::npos) break;
      rest.remove_prefix(slash + 1);
      if (segments.size() > 16) return match;
    }
    std::vector<std::string_view> values;
    const Node* node = root_.find(segments, 0, values);
    if (!node) return match;
    const Method wanted = method == Method::head ? Method::get : method;
    const auto target = node->targets.find(wanted);
    if (target == node->targets.end()) {
      match.kind = Match::Kind::method_not_allowed;
      for (const auto& [allowed, ignored] : node->targets) {
        if (!match.allow.empty()) match.allow += ", ";
        match.allow += to_string(allowed);
        if (allowed == Method::get) match.allow += ", HEAD";
      }
      return match;
    }
    match.kind = Match::Kind::found;
    match.target = &target->second;
    const auto& names = node->names.at(wanted);
    for (std::size_t i = 0; i < names.size(); ++i)
      match.parameters.emplace_back(names[i], std::string(values[i]));
    return match;
  }

 private:
  struct Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> fixed;
    std::unique_ptr<Node> integer, text;
    std::map<Method, T> targets;
    std::map<Method, std::vector<std::string>> names;  // of the parameters on the way here

    Node& child(const Segment& segment) {
      std::unique_ptr<Node>& slot = segment.kind == Segment::Kind::fixed     ? fixed[segment.text]
                                    : segment.kind == Segment::Kind::integer ? integer
                                                                             : text;
      if (!slot) slot = std::make_unique<Node>();
      return *slot;
    }
    const Node* find(const std::vector<std::string>& segments, std::size_t at,
                     std::vector<std::string_view>& values) const {
      if (at == segments.size()) return targets.empty() ? nullptr : this;
      const std::string& segment = segments[at];
      if (const auto child = fixed.find(segment); child != fixed.end()) {
        if (const Node* found = child->second->find(segments, at + 1, values)) return found;
      }
      for (const Node* child :
           {is_id(segment) ? integer.get() : nullptr, segment.empty() ? nullptr : text.get()}) {
        if (!child) continue;
        values.push_back(segment);
        if (const Node* found = child->find(segments, at + 1, values)) return found;
        values.pop_back();
      }
      return nullptr;
    }
    static bool is_id(std::string_view text) {
      if (text.empty() || text.size() > 16 || text[0] == '0') return false;
      std::uint64_t value = 0;
      for (char c : text) {
        if (c < '0' || c > '9') return false;
        value = value * 10 + static_cast<std::uint64_t>(c - '0');
      }
      return value < (std::uint64_t{1} << 53);
    }
  };
  Node root_;
};

// The first value of a name in a query string, decoded ('+' is a space); nullopt without one. Error:
// validation, where it cannot be decoded or holds a NUL.
Result<std::optional<std::string>> query_value(std::string_view query, std::string_view name);
// The value of a cookie in a Cookie header; nullopt without one.
std::optional<std::string_view> cookie_value(std::string_view header, std::string_view name);
std::optional<Method> method_from(std::string_view text);

}  // namespace stoa::core::http
