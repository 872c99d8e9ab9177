// Where a request comes from: the page's origin, and the client's address behind trusted proxies.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"

namespace stoa::core::host {

enum class Origin { none, own, foreign };

// The Origin header against the forum's address and the request's Host.
Origin origin_of(const http::RequestHead& head, std::string_view public_url);

// Networks in CIDR notation or single addresses, IPv4 and IPv6.
class TrustedProxies {
 public:
  explicit TrustedProxies(const std::vector<std::string>& networks);
  // The client: the right-most address of X-Forwarded-For that is no trusted proxy, if `peer` is one; else
  // `peer`.
  std::string client(const std::string& peer, std::string_view forwarded_for) const;

 private:
  struct Network {
    unsigned char bytes[16];
    int bits;
  };
  bool trusted(std::string_view address) const;
  std::vector<Network> networks_;
};

}  // namespace stoa::core::host
