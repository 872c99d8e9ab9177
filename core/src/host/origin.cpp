#include "host/origin.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>
#include <optional>

namespace stoa::core::host {

namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

// As IPv6, IPv4 mapped.
bool parse_address(std::string_view text, unsigned char (&bytes)[16], bool* is_v4 = nullptr) {
  if (text.find('\0') != std::string_view::npos) return false;
  const std::string address(text);
  in_addr v4{};
  if (inet_pton(AF_INET, address.c_str(), &v4) == 1) {
    const unsigned char prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    std::memcpy(bytes, prefix, 12);
    std::memcpy(bytes + 12, &v4, 4);
    if (is_v4) *is_v4 = true;
    return true;
  }
  if (is_v4) *is_v4 = false;
  return inet_pton(AF_INET6, address.c_str(), bytes) == 1;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

}  // namespace

Origin origin_of(const http::RequestHead& head, std::string_view public_url) {
  const std::string_view header = head.field("Origin");
  if (header.empty()) return Origin::none;
  const std::string origin = lower(header);
  if (!public_url.empty() && origin == lower(public_url)) return Origin::own;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (origin.rfind(scheme, 0) == 0 && origin.substr(scheme.size()) == lower(head.field("Host")))
      return Origin::own;
  }
  return Origin::foreign;
}

TrustedProxies::TrustedProxies(const std::vector<std::string>& networks) {
  for (const std::string& text : networks) {
    const auto slash = text.find('/');
    Network network{};
    bool is_v4 = false;
    if (!parse_address(text.substr(0, slash), network.bytes, &is_v4)) continue;
    network.bits = 128;
    if (slash != std::string::npos) network.bits = std::atoi(text.c_str() + slash + 1) + (is_v4 ? 96 : 0);
    networks_.push_back(network);
  }
}

bool TrustedProxies::trusted(std::string_view address) const {
  unsigned char bytes[16];
  if (!parse_address(address, bytes)) return false;
  return std::any_of(networks_.begin(), networks_.end(), [&](const Network& network) {
    const int whole = network.bits / 8;
    if (std::memcmp(bytes, network.bytes, static_cast<std::size_t>(whole)) != 0) return false;
    const int rest = network.bits % 8;
    const auto mask = static_cast<unsigned char>(0xFF << (8 - rest));
    return rest == 0 || (bytes[whole] & mask) == (network.bytes[whole] & mask);
  });
}

std::string TrustedProxies::client(const std::string& peer, std::string_view forwarded_for) const {
  if (networks_.empty() || !trusted(peer)) return peer;
  std::string client = peer;
  while (!forwarded_for.empty()) {
    const auto comma = forwarded_for.rfind(',');
    const std::string_view hop =
        trim(comma == std::string_view::npos ? forwarded_for : forwarded_for.substr(comma + 1));
    unsigned char bytes[16];
    if (!parse_address(hop, bytes)) break;
    client = std::string(hop);
    if (!trusted(hop) || comma == std::string_view::npos) break;
    forwarded_for = forwarded_for.substr(0, comma);
  }
  return client;
}

}  // namespace stoa::core::host
