// The lists posts stand in, each sorted three ways.
#pragma once

#include <optional>
#include <vector>

#include "model.hpp"
#include "stoa/list.hpp"
#include "stoa/storage.hpp"

namespace stoa::posts {

enum class Sort { active, fresh, top };

// Everything, a category, or what an author wrote.
struct Shelf {
  std::int64_t value = 0;

  static Shelf all() { return {0}; }
  static Shelf of(CategoryId id) { return {id.value}; }
  static Shelf of(UserId author) { return {-author.value}; }
};

// Integers in a place of a list sorted so: active pinned, time, id; fresh id; top score, id.
std::size_t place_keys(Sort sort);
Place place_of(Sort sort, const Post& post);

struct Listing {
  Shelf shelf = Shelf::all();
  Shelf also = Shelf::all();            // stands there too
  std::optional<UserId> liked_by = {};  // and is liked by that user
  Sort sort = Sort::active;
  std::optional<Place> after = {};  // with place_keys(sort) keys
  std::int64_t limit = 20;
};

class ListingRepository {
 public:
  explicit ListingRepository(Tx& tx) : tx_(tx) {}

  // Costs the same however long the list is; with liked_by, it grows with that user's likes.
  Result<std::vector<Post>> list(const Listing& listing);

  // Puts the post into all its lists.
  Result<void> insert(const Post& post);
  // Takes it out of all of them.
  Result<void> remove(PostId id);
  Result<void> touch(PostId id, std::int64_t active_at);
  Result<void> add_score(PostId id, std::int64_t difference);
  Result<void> pin(PostId id, bool pinned);

 private:
  Result<std::vector<Post>> list_liked(const Listing& listing, const Place& after);

  Tx& tx_;
};

}  // namespace stoa::posts
