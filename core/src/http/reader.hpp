// Turns bytes into requests, strictly by RFC 9112 and stricter wherever laxity invites request smuggling. No
// sockets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace stoa::core::http {

// Reads one connection's requests in turn: read_head until complete, then, where has_body(), begin_body and
// read_body until complete. Bytes that were not consumed are given again, with more behind them. After a
// refusal the connection must end.
class Reader {
 public:
  struct Limits {
    std::size_t target = 8 * 1024;   // bytes, beyond: 414
    std::size_t header = 16 * 1024;  // bytes of request line and fields, beyond: 431
  };
  struct Progress {
    std::size_t consumed = 0;  // bytes from the start of the input that are done with
    bool complete = false;
    int refusal = 0;  // the status to answer instead, 0 for none
  };

  explicit Reader(Limits limits);
  Reader(Reader&&) noexcept;
  ~Reader();

  // Refuses with 400, 414, 417, 431, 501 (method) or 505. `head` is filled when complete and may be scribbled
  // on before.
  Progress read_head(std::string_view input, RequestHead& head);

  // Of the head read last.
  bool has_body() const { return chunked_ || remaining_ > 0; }
  bool expects_continue() const {
    return expects_continue_;
  }  // 100 (Continue) wanted before the body is sent

  // Appends to `body`, chunks joined, trailers dropped. Refuses with 400, or 413 as soon as a chunk exceeds
  // the limit.
  void begin_body(std::uint64_t limit);
  Progress read_body(std::string_view input, std::string& body);

 private:
  class Parser;
  int refusal_so_far(std::string_view input);
  Progress read_chunks(std::string_view input, std::string& body);

  Limits limits_;
  std::uint64_t remaining_ = 0;      // of a body with Content-Length
  std::uint32_t scanned_ = 0;        // bytes of an incomplete head already looked at
  bool blank_line_skipped_ = false;  // RFC 9112, 2.2: one empty line before a request is forgiven
  bool line_checked_ = false;
  bool chunked_ = false;
  bool expects_continue_ = false;
  std::unique_ptr<Parser> chunks_;
};

}  // namespace stoa::core::http
