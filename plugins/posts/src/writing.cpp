#include "writing.hpp"

#include "markdown/markdown.hpp"

namespace stoa::posts {
namespace {

constexpr std::size_t kExcerpt = 240;  // characters

markdown::Rendered html_of(const People& people, std::string_view body) {
  return markdown::render(body, [&](std::string_view nickname) { return people.knows(nickname); });
}

}  // namespace

Result<Rendering> rendered(const People& people, std::string body) {
  markdown::Rendered result = html_of(people, body);
  auto mentions = people.ids_of(result.mentions);
  if (!mentions) return mentions.error();
  return Rendering{Text{markdown::kRendererVersion, std::move(body), std::move(result.html)},
                   std::move(*mentions)};
}

void refresh(const People& people, Text& text) {
  if (text.renderer >= markdown::kRendererVersion) return;
  text.html = html_of(people, text.body).html;
  text.renderer = markdown::kRendererVersion;
}

std::string excerpt_of(std::string_view body) {
  return markdown::plain_text(body, kExcerpt);
}

}  // namespace stoa::posts
