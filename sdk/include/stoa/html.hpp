// Text inside HTML, for pages.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace stoa {

// [any-thread] Appends `text` so that it stands for itself in an element and in a quoted attribute.
inline void append_html_escaped(std::string& out, std::string_view text) {
  std::size_t done = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string_view entity;
    switch (text[i]) {
      case '&': entity = "&amp;"; break;
      case '<': entity = "&lt;"; break;
      case '>': entity = "&gt;"; break;
      case '"': entity = "&quot;"; break;
      case '\'': entity = "&#39;"; break;
      default: continue;
    }
    out.append(text.substr(done, i - done)).append(entity);
    done = i + 1;
  }
  out.append(text.substr(done));
}

inline std::string html_escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 16);
  append_html_escaped(out, text);
  return out;
}

}  // namespace stoa
