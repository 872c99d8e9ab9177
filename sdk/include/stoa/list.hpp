// Lists of the API: {"items":[…],"next":…}, ?limit= and ?cursor=.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "stoa/json.hpp"
#include "stoa/request.hpp"

namespace stoa {

// An opaque place in a list: a few integers, base64url of decimals.
struct Place {
  std::vector<std::int64_t> keys;
};

namespace detail {

inline constexpr char kBase64Url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

inline std::string base64url(std::string_view bytes) {
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (char c : bytes) {
    bits = (bits << 8) | static_cast<unsigned char>(c);
    count += 8;
    while (count >= 6) out += kBase64Url[(bits >> (count -= 6)) & 63];
  }
  if (count > 0) out += kBase64Url[(bits << (6 - count)) & 63];
  return out;
}

inline std::optional<std::string> from_base64url(std::string_view text) {
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (char c : text) {
    const auto at = std::string_view(kBase64Url, 64).find(c);
    if (at == std::string_view::npos) return std::nullopt;
    bits = (bits << 6) | static_cast<std::uint32_t>(at);
    count += 6;
    if (count >= 8) out += static_cast<char>((bits >> (count -= 8)) & 255);
  }
  return out;
}

}  // namespace detail

inline std::string encode_place(const Place& place) {
  std::string text;
  for (std::int64_t key : place.keys) text += std::to_string(key) + ",";
  return detail::base64url(text);
}

inline std::optional<Place> decode_place(std::string_view cursor, std::size_t keys) {
  if (cursor.size() > 200) return std::nullopt;
  const auto text = detail::from_base64url(cursor);
  if (!text) return std::nullopt;
  Place place;
  const char* at = text->data();
  const char* end = at + text->size();
  while (at != end) {
    std::int64_t key = 0;
    const auto read = std::from_chars(at, end, key);
    if (read.ec != std::errc() || read.ptr == end || *read.ptr != ',') return std::nullopt;
    place.keys.push_back(key);
    at = read.ptr + 1;
  }
  if (place.keys.size() != keys) return std::nullopt;
  return place;
}

struct ListQuery {
  std::int64_t limit = 20;
  std::optional<Place> after;
};

namespace detail {
inline Error bad_parameter(std::string_view name, std::string_view detail) {
  Error error{ErrorCode::validation,
              "The query parameter \"" + std::string(name) + "\" " + std::string(detail) + "."};
  error.fields.push_back({"?" + std::string(name), "invalid", std::string(detail)});
  return error;
}
}  // namespace detail

// An optional integer query parameter. Error: validation.
inline Result<std::optional<std::int64_t>> integer_parameter(const Request& request, std::string_view name,
                                                             std::int64_t min, std::int64_t max) {
  const auto text = request.query(name);
  if (!text) return std::optional<std::int64_t>();
  std::int64_t value = 0;
  const auto read = std::from_chars(text->data(), text->data() + text->size(), value);
  if (text->empty() || read.ec != std::errc() || read.ptr != text->data() + text->size() || value < min ||
      value > max) {
    return detail::bad_parameter(
        name, "must be an integer between " + std::to_string(min) + " and " + std::to_string(max));
  }
  return std::optional<std::int64_t>(value);
}

// ?limit= (1–100) and ?cursor= whose place has `keys` integers. Error: validation.
inline Result<ListQuery> list_query(const Request& request, std::size_t keys,
                                    std::int64_t default_limit = 20) {
  ListQuery query;
  const auto limit = integer_parameter(request, "limit", 1, 100);
  if (!limit) return limit.error();
  query.limit = limit->value_or(default_limit);
  if (const auto cursor = request.query("cursor"); cursor && !cursor->empty()) {
    query.after = decode_place(*cursor, keys);
    if (!query.after) return detail::bad_parameter("cursor", "must be a \"next\" of this list");
  }
  return query;
}

// {"items":[…],"next":…}. `items`: a JSON array; `next`: the place after the last item, if there is more;
// `previous`: the place before the first, for lists that can be entered in the middle (else no such member).
inline std::string list_json(std::string_view items, const std::optional<Place>& next,
                             const std::optional<Place>& previous = {}) {
  Json body;
  body.begin_object().raw_field("items", items).key("next");
  next ? body.value(encode_place(*next)) : body.value(nullptr);
  if (previous) body.field("previous", encode_place(*previous));
  return body.end_object().take();
}

namespace detail {

inline std::string percent_encoded(std::string_view text) {
  std::string out;
  for (char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.';
    if (plain) {
      out += c;
    } else {
      constexpr char kHex[] = "0123456789ABCDEF";
      out += '%';
      out += kHex[static_cast<unsigned char>(c) >> 4];
      out += kHex[static_cast<unsigned char>(c) & 15];
    }
  }
  return out;
}

inline std::string list_link(const Request& request, const Place& place, std::string_view rel) {
  std::string link = "<" + std::string(request.path()) + "?cursor=" + encode_place(place);
  for (const auto& [name, value] : request.query_used()) {
    // The place says where the page begins.
    if (name != "cursor" && name != "around") link += "&" + name + "=" + percent_encoded(value);
  }
  return link + ">; rel=\"" + std::string(rel) + "\"";
}

}  // namespace detail

// The same with its Link header.
inline Response list_response(const Request& request, std::string_view items,
                              const std::optional<Place>& next, const std::optional<Place>& previous = {}) {
  Response response = json(200, list_json(items, next, previous));
  std::string link;
  if (next) link = detail::list_link(request, *next, "next");
  if (previous) link += (link.empty() ? "" : ", ") + detail::list_link(request, *previous, "prev");
  if (link.empty()) return response;
  return std::move(response).header("Link", std::move(link));
}

}  // namespace stoa
