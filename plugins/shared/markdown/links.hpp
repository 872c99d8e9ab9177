// Which addresses may be linked, and where bare ones are.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace stoa::markdown {

// http, https, mailto, or relative; not empty, no control characters.
bool may_link(std::string_view url);

// Appends it as the value of href: what is not a plain URL character is percent-encoded, & and ' are
// references.
void append_href(std::string& out, std::string_view url);

// The length of a bare web address ("https://…", "http://…", "www.…") at the beginning of `text`; 0 when
// there is none. Punctuation that ends a sentence is not part of it.
std::size_t bare_link(std::string_view text);

}  // namespace stoa::markdown
