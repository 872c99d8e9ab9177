#include <algorithm>

#include "markdown/html_writer.hpp"

namespace stoa::markdown {
namespace {

unsigned heading_level(const void* detail) {
  return std::min(static_cast<const MD_BLOCK_H_DETAIL*>(detail)->level + 1, 6u);
}

}  // namespace

int HtmlWriter::enter(MD_BLOCKTYPE type, void* detail) {
  close_spans();
  ++depth_;
  text_.after(' ');
  switch (type) {
    case MD_BLOCK_DOC: break;
    case MD_BLOCK_QUOTE: html_ += "<blockquote>\n"; break;
    case MD_BLOCK_UL: html_ += "<ul>\n"; break;
    case MD_BLOCK_OL: {
      const unsigned start = static_cast<const MD_BLOCK_OL_DETAIL*>(detail)->start;
      html_ += start == 1 ? "<ol>\n" : "<ol start=\"" + std::to_string(start) + "\">\n";
      break;
    }
    case MD_BLOCK_LI: open_item(*static_cast<const MD_BLOCK_LI_DETAIL*>(detail)); break;
    case MD_BLOCK_HR: html_ += "<hr>\n"; break;
    case MD_BLOCK_H: html_ += "<h" + std::to_string(heading_level(detail)) + ">"; break;
    case MD_BLOCK_CODE: open_code(*static_cast<const MD_BLOCK_CODE_DETAIL*>(detail)); break;
    case MD_BLOCK_HTML: break;  // off by the flags; its text would be escaped
    case MD_BLOCK_P: html_ += "<p>"; break;
    case MD_BLOCK_TABLE: html_ += "<table tabindex=\"0\">\n"; break;
    case MD_BLOCK_THEAD: html_ += "<thead>\n"; break;
    case MD_BLOCK_TBODY: html_ += "<tbody>\n"; break;
    case MD_BLOCK_TR: html_ += "<tr>"; break;
    case MD_BLOCK_TH: open_cell("th", *static_cast<const MD_BLOCK_TD_DETAIL*>(detail)); break;
    case MD_BLOCK_TD: open_cell("td", *static_cast<const MD_BLOCK_TD_DETAIL*>(detail)); break;
  }
  return within_limits();
}

int HtmlWriter::leave(MD_BLOCKTYPE type, void* detail) {
  close_spans();
  --depth_;
  switch (type) {
    case MD_BLOCK_DOC:
    case MD_BLOCK_HR:
    case MD_BLOCK_HTML: break;
    case MD_BLOCK_QUOTE: html_ += "</blockquote>\n"; break;
    case MD_BLOCK_UL: html_ += "</ul>\n"; break;
    case MD_BLOCK_OL: html_ += "</ol>\n"; break;
    case MD_BLOCK_LI: html_ += "</li>\n"; break;
    case MD_BLOCK_H: html_ += "</h" + std::to_string(heading_level(detail)) + ">\n"; break;
    case MD_BLOCK_CODE: html_ += "</code></pre>\n"; break;
    case MD_BLOCK_P: html_ += "</p>\n"; break;
    case MD_BLOCK_TABLE: html_ += "</table>\n"; break;
    case MD_BLOCK_THEAD: html_ += "</thead>\n"; break;
    case MD_BLOCK_TBODY: html_ += "</tbody>\n"; break;
    case MD_BLOCK_TR: html_ += "</tr>\n"; break;
    case MD_BLOCK_TH: html_ += "</th>"; break;
    case MD_BLOCK_TD: html_ += "</td>"; break;
  }
  return within_limits();
}

void HtmlWriter::open_item(const MD_BLOCK_LI_DETAIL& item) {
  if (!item.is_task) {
    html_ += "<li>";
  } else if (item.task_mark == ' ') {
    html_ += "<li class=\"stoa-task\"><input type=\"checkbox\" disabled aria-label=\"Not done\"> ";
  } else {
    html_ += "<li class=\"stoa-task\"><input type=\"checkbox\" disabled checked aria-label=\"Done\"> ";
  }
}

void HtmlWriter::open_code(const MD_BLOCK_CODE_DETAIL& code) {
  const std::string language = decoded(code.lang);
  const bool plain = std::all_of(language.begin(), language.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '-' || c == '#' || c == '_';
  });
  html_ += "<pre tabindex=\"0\"><code";
  if (plain && !language.empty() && language.size() <= 32) html_ += " class=\"language-" + language + "\"";
  html_ += ">";
}

void HtmlWriter::open_cell(std::string_view name, const MD_BLOCK_TD_DETAIL& cell) {
  html_ += "<";
  html_ += name;
  switch (cell.align) {
    case MD_ALIGN_DEFAULT: break;
    case MD_ALIGN_LEFT: html_ += " class=\"stoa-left\""; break;
    case MD_ALIGN_CENTER: html_ += " class=\"stoa-center\""; break;
    case MD_ALIGN_RIGHT: html_ += " class=\"stoa-right\""; break;
  }
  html_ += ">";
}

}  // namespace stoa::markdown
