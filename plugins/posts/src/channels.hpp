// Who may listen to what.
#pragma once

#include <string_view>

#include "stoa/stoa.hpp"

namespace stoa::posts {

// [worker] "post:12", "category:3": everybody, while there is such a post or category. Error: not_found.
Result<void> may_listen(Storage storage, std::string_view channel);

}  // namespace stoa::posts
