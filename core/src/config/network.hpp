// Addresses, networks, host names and the forum's own URL, by their form alone: nothing is looked up.
#pragma once

#include <string_view>

namespace stoa::core::config {

bool is_address(std::string_view text);    // 192.0.2.1, 2001:db8::1
bool is_network(std::string_view text);    // an address, or 10.0.0.0/8, 2001:db8::/32
bool is_host_name(std::string_view text);  // localhost, forum.example.org
// http(s)://host[:port], with or without a final slash; IPv6 hosts in brackets.
bool is_public_url(std::string_view text);

}  // namespace stoa::core::config
