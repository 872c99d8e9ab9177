#include "markdown/markdown.hpp"

#include "markdown/entities.hpp"
#include "markdown/html_writer.hpp"
#include "markdown/limits.hpp"

namespace stoa::markdown {
namespace {

std::string as_typed(std::string_view source) {
  std::string html = "<p>";
  while (!source.empty()) {
    const auto end = source.find('\n');
    append_escaped(html, source.substr(0, end));
    if (end == std::string_view::npos) break;
    html += "<br>\n";
    source.remove_prefix(end + 1);
  }
  return html + "</p>\n";
}

}  // namespace

Rendered render(std::string_view source, const std::function<bool(std::string_view)>& known) {
  Rendered out;
  if (is_utf8(source) && !nests_too_deeply(source)) {
    HtmlWriter writer(out.html, out.mentions, known, max_html_bytes(source.size()));
    if (writer.write(source)) return out;
  }
  return Rendered{as_typed(source), {}};
}

}  // namespace stoa::markdown
