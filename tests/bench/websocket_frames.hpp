// Frames of RFC 6455, by hand: what a client sends and what a server sends, without fragments.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace stoa::bench {

inline constexpr unsigned char kText = 0x1, kClose = 0x8, kPing = 0x9, kPong = 0xA;

// The key of RFC 6455's own example, and what the server makes of it.
inline constexpr std::string_view kKey = "dGhlIHNhbXBsZSBub25jZQ==";
inline constexpr std::string_view kAccept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

inline std::string frame_head(unsigned char opcode, std::size_t size, bool masked) {
  const char mask = static_cast<char>(masked ? 0x80 : 0);
  std::string head(1, static_cast<char>(0x80 | opcode));
  if (size < 126) return head + static_cast<char>(mask | static_cast<char>(size));
  const int bytes = size < 65536 ? 2 : 8;
  head += static_cast<char>(mask | (bytes == 2 ? 126 : 127));
  for (int i = bytes - 1; i >= 0; --i) head += static_cast<char>(size >> (8 * i));
  return head;
}

inline std::string server_frame(unsigned char opcode, std::string_view payload) {
  return frame_head(opcode, payload.size(), false).append(payload);
}

inline std::string client_frame(unsigned char opcode, std::string_view payload, std::uint32_t key) {
  std::string frame = frame_head(opcode, payload.size(), true);
  std::array<char, 4> mask;
  for (std::size_t i = 0; i < mask.size(); ++i) mask[i] = static_cast<char>(key >> (8 * i));
  frame.append(mask.data(), mask.size());
  for (std::size_t i = 0; i < payload.size(); ++i) frame += static_cast<char>(payload[i] ^ mask[i % 4]);
  return frame;
}

struct Frame {
  unsigned char opcode = 0;
  std::size_t head = 0;  // bytes before the mask and the payload
  std::size_t size = 0;  // of the payload
  bool masked = false;

  std::size_t payload_at() const { return head + (masked ? 4 : 0); }
  std::size_t whole() const { return payload_at() + size; }
};

// Nothing until its head and payload are there. Throws at fragments and reserved bits.
inline std::optional<Frame> first_frame(std::string_view input) {
  if (input.size() < 2) return std::nullopt;
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(input[at]); };
  if ((byte(0) & 0xF0u) != 0x80u) throw std::runtime_error("a frame that is no whole message");
  Frame frame;
  frame.opcode = byte(0) & 0x0Fu;
  frame.masked = (byte(1) & 0x80u) != 0;
  frame.size = byte(1) & 0x7Fu;
  frame.head = frame.size == 126 ? 4 : frame.size == 127 ? 10 : 2;
  if (input.size() < frame.head) return std::nullopt;
  if (frame.head > 2) {
    frame.size = 0;
    for (std::size_t i = 2; i < frame.head; ++i) frame.size = frame.size << 8 | byte(i);
  }
  if (input.size() < frame.whole()) return std::nullopt;
  return frame;
}

}  // namespace stoa::bench
