// Character references and escaping.
#pragma once

#include <string>
#include <string_view>

namespace stoa::markdown {

// The characters that "&amp;" or "&#38;" stands for. Names beyond the common ones come back as they are.
std::string decode_entity(std::string_view entity);

// Appends with & < > " ' as references: safe as text and inside quoted attributes.
void append_escaped(std::string& out, std::string_view text);

}  // namespace stoa::markdown
