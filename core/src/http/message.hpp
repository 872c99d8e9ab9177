// Requests and responses as the host sees them. No Pistache, no Beast.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stoa::core::http {

enum class Method : std::uint8_t { get, head, post, put, patch, del, options };

std::string_view to_string(Method method);

// A request line and its header block, checked against RFC 9112 by the reader. Every view points into `block`
// (or to a constant "/"), so a RequestHead is neither copied nor moved.
struct RequestHead {
  RequestHead() = default;
  RequestHead(const RequestHead&) = delete;
  RequestHead& operator=(const RequestHead&) = delete;

  std::string block;  // the bytes as received
  Method method = Method::get;
  int minor_version = 1;    // HTTP/1.x
  std::string_view target;  // origin form: of an absolute one what follows the authority; "*" with OPTIONS
  std::string_view path;    // before '?', still percent-encoded
  std::string_view query;   // after '?', still percent-encoded; empty without one
  std::vector<std::pair<std::string_view, std::string_view>> fields;  // in order, names as sent
  std::optional<std::uint64_t> content_length;
  bool chunked = false;
  bool keep_alive = true;
  bool websocket = false;  // GET, Connection has "upgrade", Upgrade has "websocket"

  // First field of that name that has a value, ignoring case; empty without one.
  std::string_view field(std::string_view name) const;
  // All fields of that name as one list (RFC 9110, 5.3); empty without one. Borrowed from the block, or from
  // `joined` when there are several.
  std::string_view list(std::string_view name, std::string& joined) const;
  void clear();  // as new, but keeps its memory
};

// ASCII only, as header names are.
bool equal_ignoring_case(std::string_view a, std::string_view b);

using SharedBytes = std::shared_ptr<const std::string>;
using Fields = std::vector<std::pair<std::string, std::string>>;

struct Response {
  int status = 200;  // 200–599; anything else makes the server answer 500 instead
  // Names and values as sent. A name that is no token or a value with CR, LF or NUL makes the server answer
  // 500 instead. What belongs to the server (Content-Length, Connection, Keep-Alive, Transfer-Encoding, Date,
  // X-Request-Id) is left out.
  Fields fields = {};
  SharedBytes head = {};  // more fields, as header_block() made them; shared with the cache
  SharedBytes body = {};  // null is an empty body; shared with the cache, never changed
  bool close = false;     // end the connection after this answer
};

}  // namespace stoa::core::http
