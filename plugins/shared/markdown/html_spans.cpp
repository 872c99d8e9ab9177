#include <algorithm>

#include "markdown/entities.hpp"
#include "markdown/html_writer.hpp"
#include "markdown/links.hpp"

namespace stoa::markdown {

int HtmlWriter::enter(MD_SPANTYPE type, void* detail) {
  ++depth_;
  spans_.push_back(type);
  text_.after(' ');
  switch (type) {
    case MD_SPAN_EM: html_ += "<em>"; break;
    case MD_SPAN_STRONG: html_ += "<strong>"; break;
    case MD_SPAN_A: {
      const auto& link = *static_cast<const MD_SPAN_A_DETAIL*>(detail);
      open_link(link.href, &link.title);
      break;
    }
    case MD_SPAN_IMG: open_link(static_cast<const MD_SPAN_IMG_DETAIL*>(detail)->src, nullptr); break;
    case MD_SPAN_CODE: html_ += "<code>"; break;
    case MD_SPAN_DEL: html_ += "<del>"; break;
    case MD_SPAN_LATEXMATH:
    case MD_SPAN_LATEXMATH_DISPLAY:
    case MD_SPAN_WIKILINK:
    case MD_SPAN_U: break;  // off by the flags
  }
  return within_limits();
}

int HtmlWriter::leave(MD_SPANTYPE type) {
  // Not there: it ended with one around it.
  if (std::find(spans_.begin(), spans_.end(), type) != spans_.end()) {
    while (spans_.back() != type) close(spans_.back());
    close(type);
  }
  return within_limits();
}

void HtmlWriter::close_spans() {
  while (!spans_.empty()) close(spans_.back());
}

// The innermost one.
void HtmlWriter::close(MD_SPANTYPE type) {
  spans_.pop_back();
  --depth_;
  switch (type) {
    case MD_SPAN_EM: html_ += "</em>"; break;
    case MD_SPAN_STRONG: html_ += "</strong>"; break;
    case MD_SPAN_A:
    case MD_SPAN_IMG: close_link(); break;
    case MD_SPAN_CODE: html_ += "</code>"; break;
    case MD_SPAN_DEL: html_ += "</del>"; break;
    case MD_SPAN_LATEXMATH:
    case MD_SPAN_LATEXMATH_DISPLAY:
    case MD_SPAN_WIKILINK:
    case MD_SPAN_U: break;
  }
}

void HtmlWriter::open_link(const MD_ATTRIBUTE& address, const MD_ATTRIBUTE* title) {
  const std::string url = decoded(address);
  const bool anchor = anchors_ == 0 && may_link(url);
  links_.push_back(anchor);
  if (!anchor) return;
  ++anchors_;
  html_ += "<a href=\"";
  append_href(html_, url);
  html_ += "\"";
  if (title && title->size > 0) {
    html_ += " title=\"";
    append_escaped(html_, decoded(*title));
    html_ += "\"";
  }
  html_ += " rel=\"nofollow ugc\">";
}

void HtmlWriter::close_link() {
  if (links_.back()) {
    html_ += "</a>";
    --anchors_;
  }
  links_.pop_back();
}

}  // namespace stoa::markdown
