#include "http/writer.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>
#include <utility>

namespace stoa::core::http {

namespace {

std::string_view reason(int status) {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 421: return "Misdirected Request";
    case 422: return "Unprocessable Content";
    case 426: return "Upgrade Required";
    case 428: return "Precondition Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    default: return "";
  }
}

bool is_token_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         (c != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos);
}

bool belongs_to_server(std::string_view name) {
  switch (name.size()) {
    case 4: return equal_ignoring_case(name, "Date");
    case 10: return equal_ignoring_case(name, "Connection") || equal_ignoring_case(name, "Keep-Alive");
    case 12: return equal_ignoring_case(name, "X-Request-Id");
    case 14: return equal_ignoring_case(name, "Content-Length");
    case 17: return equal_ignoring_case(name, "Transfer-Encoding");
    default: return false;
  }
}

bool has_body(int status) {
  return status != 204 && status != 304;
}

class Digits {
 public:
  explicit Digits(std::uint64_t value) : end_(std::to_chars(text_, text_ + sizeof text_, value).ptr) {}
  operator std::string_view() const { return {text_, static_cast<std::size_t>(end_ - text_)}; }

 private:
  char text_[20];
  char* end_;
};

// Milliseconds with three decimals.
void append_duration(std::string& text, std::chrono::nanoseconds elapsed) {
  const auto micros = static_cast<std::uint64_t>(std::max<std::int64_t>(0, elapsed.count() / 1000));
  text += Digits(micros / 1000);
  const auto rest = micros % 1000;
  const char decimals[] = {'.', static_cast<char>('0' + rest / 100), static_cast<char>('0' + rest / 10 % 10),
                           static_cast<char>('0' + rest % 10)};
  text.append(decimals, sizeof decimals);
}

bool are_sendable(const Fields& fields) {
  return std::all_of(fields.begin(), fields.end(), [](const auto& field) {
    const auto& [name, value] = field;
    return !name.empty() && std::all_of(name.begin(), name.end(), is_token_char) &&
           std::none_of(value.begin(), value.end(),
                        [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
  });
}

void append_fields(std::string& text, const Fields& fields) {
  for (const auto& [name, value] : fields) {
    if (belongs_to_server(name)) continue;
    text.append("\r\n").append(name).append(": ").append(value);
  }
}

}  // namespace

bool is_sendable(const Response& response) {
  return response.status >= 200 && response.status <= 599 && are_sendable(response.fields);
}

SharedBytes header_block(const Fields& fields) {
  if (!are_sendable(fields)) return nullptr;
  std::string block;
  append_fields(block, fields);
  block.shrink_to_fit();
  return std::make_shared<const std::string>(std::move(block));
}

void write(Output& output, const Response& response, const Frame& frame) {
  thread_local std::string head;
  head.clear();
  head.append("HTTP/1.1 ").append(Digits(static_cast<std::uint64_t>(response.status)));
  head.append(" ").append(reason(response.status)).append("\r\nDate: ").append(frame.date);
  head.append(frame.keep_alive ? "\r\nConnection: keep-alive" : "\r\nConnection: close");
  if (has_body(response.status)) {
    head.append("\r\nContent-Length: ").append(Digits(response.body ? response.body->size() : 0));
  }
  head.append("\r\nX-Request-Id: ").append(frame.request_id).append("\r\nServer-Timing: total;dur=");
  append_duration(head, frame.elapsed);
  append_fields(head, response.fields);
  if (response.head) head.append(*response.head);
  head.append("\r\n\r\n");
  output.append(std::string_view(head));
  if (response.body && has_body(response.status) && !frame.to_head) output.append(response.body);
}

}  // namespace stoa::core::http
