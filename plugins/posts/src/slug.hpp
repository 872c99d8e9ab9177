// Addresses that say what they lead to.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace stoa::posts {

// "What's new in C++?" -> "whats-new-in-c". ASCII letters, digits and single hyphens, at most `max` bytes,
// cut between words where possible; accents of Latin letters fall away. Empty when nothing of the title can
// be written so.
std::string slug_of(std::string_view title, std::size_t max = 60);

// What a category's slug must look like: a-z, 0-9, single hyphens inside.
bool is_slug(std::string_view text);

}  // namespace stoa::posts
