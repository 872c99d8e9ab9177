// Puts answers into bytes: status line, the server's own fields, the application's, the body where one
// belongs.
#pragma once

#include <chrono>
#include <string_view>

#include "http/message.hpp"
#include "http/output.hpp"

namespace stoa::core::http {

// What the server knows of an answer and the application does not.
struct Frame {
  std::string_view date;
  std::string_view request_id;
  std::chrono::nanoseconds elapsed{0};
  bool to_head = false;  // the request was HEAD: no body, but its length
  bool keep_alive = true;
};

// Status, field names and values can be sent as they are.
bool is_sendable(const Response& response);

// Those fields as they stand in an answer, for Response::head; null when one cannot be sent.
SharedBytes header_block(const Fields& fields);

// Requires is_sendable(response).
void write(Output& output, const Response& response, const Frame& frame);

}  // namespace stoa::core::http
