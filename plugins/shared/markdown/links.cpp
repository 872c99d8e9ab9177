#include "markdown/links.hpp"

#include <algorithm>

namespace stoa::markdown {
namespace {

bool is_alnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() &&
         std::equal(prefix.begin(), prefix.end(), text.begin(), [](char a, char b) { return a == lower(b); });
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7F;
}

}  // namespace

bool may_link(std::string_view url) {
  if (url.empty() || std::any_of(url.begin(), url.end(), is_control)) return false;
  const auto end = url.find_first_of(":/?#");
  if (end == std::string_view::npos || url[end] != ':') return true;
  return starts_with(url, "http:") || starts_with(url, "https:") || starts_with(url, "mailto:");
}

void append_href(std::string& out, std::string_view url) {
  constexpr std::string_view kPlain = "-_.~:/?#[]@!$()*+,;=%";
  constexpr char kHex[] = "0123456789ABCDEF";
  for (const char c : url) {
    if (is_alnum(c) || kPlain.find(c) != std::string_view::npos) {
      out += c;
    } else if (c == '&') {
      out += "&amp;";
    } else if (c == '\'') {
      out += "&#39;";
    } else {
      out += '%';
      out += kHex[static_cast<unsigned char>(c) >> 4];
      out += kHex[static_cast<unsigned char>(c) & 15];
    }
  }
}

std::size_t bare_link(std::string_view text) {
  std::size_t host = 0;
  for (const std::string_view prefix : {"https://", "http://", "www."}) {
    if (starts_with(text, prefix)) {
      host = prefix.size();
      break;
    }
  }
  if (host == 0 || text.size() == host) return 0;
  const char first = text[host];
  if (!is_alnum(first) && static_cast<unsigned char>(first) < 0x80) return 0;

  std::size_t end = host;
  std::ptrdiff_t open = 0;  // '(' less ')'
  for (; end < text.size(); ++end) {
    const char c = text[end];
    if (c == ' ' || c == '<' || c == '>' || c == '"' || is_control(c)) break;
    if (c == '(') ++open;
    if (c == ')') --open;
  }
  constexpr std::string_view kEndsSentence = "?!.,:;*_~'";
  while (end > host) {
    const char last = text[end - 1];
    if (last == ')' && open < 0) {
      ++open;
    } else if (kEndsSentence.find(last) == std::string_view::npos) {
      break;
    }
    --end;
  }
  return end > host ? end : 0;
}

}  // namespace stoa::markdown
