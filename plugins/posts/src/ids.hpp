#pragma once

#include "stoa/id.hpp"

namespace stoa::posts {

using CategoryId = Id<struct CategoryTag>;
using PostId = Id<struct PostTag>;
using CommentId = Id<struct CommentTag>;

}  // namespace stoa::posts
