// Bytes on their way to one socket: answers of a burst joined into as few sends as possible.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"

namespace stoa::core::http {

class Output {
 public:
  enum class Sent { all, blocked, failed };

  void append(std::string_view text);
  void append(SharedBytes body);  // large ones are referenced, not copied

  bool empty() const { return unsent_ == 0; }
  std::size_t size() const { return unsent_; }  // bytes not yet accepted by the socket
  void clear();                                 // keeps its memory for the next burst

  // Sends until the socket takes no more. Never raises SIGPIPE.
  Sent send(int descriptor);

 private:
  struct Piece {
    SharedBytes body;       // null: part of text_
    std::size_t begin = 0;  // in text_
    std::size_t size = 0;
  };
  void advance(std::size_t sent);

  std::string text_;
  std::vector<Piece> pieces_;
  std::size_t first_ = 0;   // piece not wholly sent
  std::size_t offset_ = 0;  // sent of it
  std::size_t unsent_ = 0;
};

}  // namespace stoa::core::http
