#include "http/output.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>

namespace stoa::core::http {

namespace {
constexpr std::size_t kCopiedBody = 2 * 1024;  // up to here a copy is cheaper than one more piece
constexpr std::size_t kKeptText = 512 * 1024;
constexpr std::size_t kPiecesAtOnce = 64;
}  // namespace

void Output::append(std::string_view text) {
  if (text.empty()) return;
  if (pieces_.empty() || pieces_.back().body) pieces_.push_back({.body = nullptr, .begin = text_.size()});
  text_.append(text);
  pieces_.back().size += text.size();
  unsent_ += text.size();
}

void Output::append(SharedBytes body) {
  if (body->size() <= kCopiedBody) return append(std::string_view(*body));
  const auto size = body->size();
  pieces_.push_back({.body = std::move(body), .begin = 0, .size = size});
  unsent_ += size;
}

void Output::clear() {
  text_.clear();
  if (text_.capacity() > kKeptText) text_.shrink_to_fit();
  pieces_.clear();
  first_ = offset_ = unsent_ = 0;
}

Output::Sent Output::send(int descriptor) {
  while (unsent_ > 0) {
    iovec parts[kPiecesAtOnce];
    std::size_t count = 0;
    for (auto i = first_; i < pieces_.size() && count < kPiecesAtOnce; ++i, ++count) {
      const auto& piece = pieces_[i];
      const char* begin = (piece.body ? piece.body->data() : text_.data() + piece.begin);
      const auto skip = i == first_ ? offset_ : 0;
      parts[count] = {const_cast<char*>(begin + skip), piece.size - skip};
    }
    msghdr message{};
    message.msg_iov = parts;
    message.msg_iovlen = count;
    const auto sent = ::sendmsg(descriptor, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) {
      if (errno == EINTR) continue;
      return errno == EAGAIN || errno == EWOULDBLOCK ? Sent::blocked : Sent::failed;
    }
    advance(static_cast<std::size_t>(sent));
  }
  clear();
  return Sent::all;
}

void Output::advance(std::size_t sent) {
  unsent_ -= sent;
  while (sent > 0) {
    auto& piece = pieces_[first_];
    const auto step = std::min(sent, piece.size - offset_);
    sent -= step;
    offset_ += step;
    if (offset_ < piece.size) return;
    piece.body.reset();
    ++first_;
    offset_ = 0;
  }
}

}  // namespace stoa::core::http
