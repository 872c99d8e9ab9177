#include "markdown/entities.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

namespace stoa::markdown {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 24> kNamed{{
    {"amp", "&"},   {"lt", "<"},    {"gt", ">"},    {"quot", "\""},  {"apos", "'"},  {"nbsp", "\u00A0"},
    {"copy", "©"},  {"reg", "®"},   {"trade", "™"}, {"hellip", "…"}, {"mdash", "—"}, {"ndash", "–"},
    {"lsquo", "‘"}, {"rsquo", "’"}, {"ldquo", "“"}, {"rdquo", "”"},  {"laquo", "«"}, {"raquo", "»"},
    {"euro", "€"},  {"deg", "°"},   {"times", "×"}, {"middot", "·"}, {"colon", ":"}, {"Tab", "\t"},
}};

std::string utf8(std::uint32_t point) {
  if (point == 0 || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) point = 0xFFFD;
  std::string out;
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xC0 | (point >> 6));
    out += static_cast<char>(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    out += static_cast<char>(0xE0 | (point >> 12));
    out += static_cast<char>(0x80 | ((point >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (point & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (point >> 18));
    out += static_cast<char>(0x80 | ((point >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((point >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (point & 0x3F));
  }
  return out;
}

}  // namespace

std::string decode_entity(std::string_view entity) {
  if (entity.size() < 3 || entity.front() != '&' || entity.back() != ';') return std::string(entity);
  std::string_view name = entity.substr(1, entity.size() - 2);
  if (name.front() == '#') {
    name.remove_prefix(1);
    const bool hex = !name.empty() && (name.front() == 'x' || name.front() == 'X');
    if (hex) name.remove_prefix(1);
    std::uint32_t point = 0;
    const auto read = std::from_chars(name.data(), name.data() + name.size(), point, hex ? 16 : 10);
    if (read.ec != std::errc() || read.ptr != name.data() + name.size()) return utf8(0);
    return utf8(point);
  }
  for (const auto& [known, text] : kNamed) {
    if (known == name) return std::string(text);
  }
  return std::string(entity);
}

void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      case '\0': out += "\uFFFD"; break;
      default: out += c;
    }
  }
}

}  // namespace stoa::markdown
