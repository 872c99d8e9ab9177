// The columns of the view posts_summary as Post.
#pragma once

#include "model.hpp"
#include "stoa/storage.hpp"

namespace stoa::posts {

template <class... P>
auto post_rows(Tx& tx, std::string_view statement, const P&... parameters) {
  using Words = std::string;
  using Number = std::int64_t;
  return tx.query<PostId, Words, Words, Words, UserId, Words, Words, Number, Number, Number, Number, Number,
                  Number, std::optional<Number>, bool, bool, Number>(statement, parameters...);
}

}  // namespace stoa::posts
