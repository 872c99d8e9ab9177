#include "config/network.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <string>

#include "config/key_path.hpp"

namespace stoa::core::config {
namespace {

bool is_address_of(int family, std::string_view text) {
  unsigned char bytes[16];
  return text.find('\0') == std::string_view::npos &&
         inet_pton(family, std::string(text).c_str(), bytes) == 1;
}

bool is_number(std::string_view text, unsigned least, unsigned most) {
  unsigned number = 0;
  if (text.empty() || text.size() > 5 || text.front() < '0' || text.front() > '9') return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number >= least && number <= most;
}

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_label(std::string_view text) {
  return !text.empty() && text.size() <= 63 && text.front() != '-' && text.back() != '-' &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

}  // namespace

bool is_address(std::string_view text) {
  return is_address_of(AF_INET, text) || is_address_of(AF_INET6, text);
}

bool is_network(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return is_address(text);
  const std::string_view address = text.substr(0, slash);
  const std::string_view bits = text.substr(slash + 1);
  return (is_address_of(AF_INET, address) && is_number(bits, 0, 32)) ||
         (is_address_of(AF_INET6, address) && is_number(bits, 0, 128));
}

bool is_host_name(std::string_view text) {
  if (text.size() > 253) return false;
  const auto labels = split(text, ".");
  // 300.1.1.1 is a wrong address, not a name.
  const std::string& last = labels.back();
  const bool numeric = std::all_of(last.begin(), last.end(), [](char c) { return c >= '0' && c <= '9'; });
  return !numeric && std::all_of(labels.begin(), labels.end(), is_label);
}

bool is_public_url(std::string_view text) {
  const std::size_t scheme = text.find("://");
  if (scheme == std::string_view::npos) return false;
  const std::string name = lower_case(text.substr(0, scheme));
  if (name != "http" && name != "https") return false;
  text.remove_prefix(scheme + 3);
  if (text.ends_with('/')) text.remove_suffix(1);
  std::size_t end = text.rfind(':');
  if (text.starts_with('[')) {
    const std::size_t bracket = text.find(']');
    if (bracket == std::string_view::npos || !is_address_of(AF_INET6, text.substr(1, bracket - 1)))
      return false;
    text.remove_prefix(bracket + 1);
    return text.empty() || (text.front() == ':' && is_number(text.substr(1), 1, 65535));
  }
  if (end != std::string_view::npos && !is_number(text.substr(end + 1), 1, 65535)) return false;
  const std::string_view host = text.substr(0, end);
  return is_address_of(AF_INET, host) || is_host_name(host);
}

}  // namespace stoa::core::config
