// Markdown to HTML that is safe to insert: CommonMark with tables, strike-through, task lists and bare web
// addresses, raw HTML off. Include as "markdown/markdown.hpp".
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace stoa::markdown {

// Kept beside rendered text; a stored lower one says: render again.
inline constexpr int kRendererVersion = 2;

inline constexpr std::size_t kMaxMentions = 10;

struct Rendered {
  std::string html;
  // Nicknames as written, distinct ignoring case, in order of appearance, at most kMaxMentions.
  std::vector<std::string> mentions;
};

// `known(nickname)` says whether @nickname is a user: only those become links (/u/<nickname>) and mentions.
// It is asked at most once for each spelling ignoring case, and a bounded number of times.
//
// - Links lead to http, https, mailto or relative addresses and carry rel="nofollow ugc"; others stay plain
// text.
// - An image becomes a link to it, so that reading tells nobody else who reads.
// - Headings begin at h2, below the title of the page. Every line break is kept.
// - Text nested too deeply, whose HTML would be out of proportion, or that is no UTF-8, comes out as it was
// typed, escaped.
//
// [any-thread] Time and memory are linear in the source, whatever it holds.
Rendered render(std::string_view source, const std::function<bool(std::string_view)>& known);

// The words alone, white space folded, cut at a word where possible with a final "…": at most
// `max_code_points`.
std::string plain_text(std::string_view source, std::size_t max_code_points);

}  // namespace stoa::markdown
