// The public pages as readers without scripts get them: plain, semantic, everything escaped.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "comment_service.hpp"
#include "feed_service.hpp"
#include "post_service.hpp"

namespace stoa::posts {

std::string path_of(const Post& post);  // "/p/12/the-title"

// `path`: of the page itself, for the link to what follows.
std::string feed_html(std::string_view title, std::string_view lead, const FeedPage& page,
                      std::string_view path);

std::string post_html(const PostView& view, const CommentPage& comments);

}  // namespace stoa::posts
