#include "listing_repository.hpp"

#include "post_rows.hpp"
#include "posts_sql.hpp"
#include "statement.hpp"
#include "stored_lists.hpp"

namespace stoa::posts {

std::size_t place_keys(Sort sort) {
  switch (sort) {
    case Sort::active: return 3;
    case Sort::fresh: return 1;
    case Sort::top: return 2;
  }
  return 0;
}

Place place_of(Sort sort, const Post& post) {
  switch (sort) {
    case Sort::active: return {{post.pinned ? 1 : 0, post.last_activity_at, post.id.value}};
    case Sort::fresh: return {{post.id.value}};
    case Sort::top: return {{post.score, post.id.value}};
  }
  return {};
}

Result<std::vector<Post>> ListingRepository::list(const Listing& listing) {
  const Place after = listing.after.value_or(Place{{kEnd, kEnd, kEnd}});
  if (listing.liked_by) return list_liked(listing, after);
  const std::int64_t shelf = listing.shelf.value;
  const std::int64_t also = listing.also.value;
  const auto& key = after.keys;
  switch (listing.sort) {
    case Sort::active:
      return post_rows(tx_, sql::feed_active, shelf, key[0], key[1], key[2], also, listing.limit)
          .all_as<Post>();
    case Sort::fresh: return post_rows(tx_, sql::feed_new, shelf, key[0], also, listing.limit).all_as<Post>();
    case Sort::top:
      return post_rows(tx_, sql::feed_top, shelf, key[0], key[1], also, listing.limit).all_as<Post>();
  }
  return std::vector<Post>();
}

Result<std::vector<Post>> ListingRepository::list_liked(const Listing& listing, const Place& after) {
  const UserId user = *listing.liked_by;
  const std::int64_t shelf = listing.shelf.value;
  const std::int64_t also = listing.also.value;
  const auto& key = after.keys;
  switch (listing.sort) {
    case Sort::active:
      return post_rows(tx_, sql::liked_active, user, shelf, key[0], key[1], key[2], also, listing.limit)
          .all_as<Post>();
    case Sort::fresh:
      return post_rows(tx_, sql::liked_new, user, shelf, key[0], also, listing.limit).all_as<Post>();
    case Sort::top:
      return post_rows(tx_, sql::liked_top, user, shelf, key[0], key[1], also, listing.limit).all_as<Post>();
  }
  return std::vector<Post>();
}

Result<void> ListingRepository::insert(const Post& post) {
  std::vector<Shelf> shelves{Shelf::all(), Shelf::of(post.author)};
  for (const CategoryId id : stored_ids(post.category_ids)) shelves.push_back(Shelf::of(id));
  for (const Shelf shelf : shelves) {
    const auto inserted =
        tx_.exec(sql::insert_listing, post.id, shelf.value, post.pinned, post.last_activity_at, post.score);
    if (!inserted) return inserted.error();
  }
  return {};
}

Result<void> ListingRepository::remove(PostId id) {
  return done(tx_.exec(sql::delete_listings, id));
}

Result<void> ListingRepository::touch(PostId id, std::int64_t active_at) {
  return done(tx_.exec(sql::touch_listings, id, active_at));
}

Result<void> ListingRepository::add_score(PostId id, std::int64_t difference) {
  return done(tx_.exec(sql::score_listings, id, difference));
}

Result<void> ListingRepository::pin(PostId id, bool pinned) {
  return done(tx_.exec(sql::pin_listings, id, pinned));
}

}  // namespace stoa::posts
