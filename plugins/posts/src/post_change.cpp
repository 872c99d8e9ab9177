// Editing: PostService::change.
#include "category_repository.hpp"
#include "events.hpp"
#include "listing_repository.hpp"
#include "post_repository.hpp"
#include "post_service.hpp"
#include "post_upkeep.hpp"
#include "search_repository.hpp"
#include "stoa/stoa.hpp"
#include "stored_lists.hpp"

namespace stoa::posts {
namespace {

Result<void> may_change(const Actor& actor, const Post& post, const PostChange& change, std::int64_t now,
                        std::int64_t author_edit_days) {
  if ((change.pinned || change.locked) && !actor.moderator)
    return Error{ErrorCode::forbidden, "Only moderators pin and lock posts."};
  return may_edit(actor, post.author, post.created_at, now, author_edit_days);
}

// The post's row after the change; `edited_at` is for the caller to judge.
PostTextRow changed_row(const Post& post, const PostChange& change) {
  PostTextRow row{post.slug, post.title, post.excerpt, post.category_ids, post.tags, post.edited_at};
  if (change.title) {
    row.title = *change.title;
    row.slug = slug_for(row.title);
  }
  if (change.body) row.excerpt = excerpt_of(*change.body);
  if (change.categories) row.category_ids = store_ids(*change.categories);
  if (change.tags) row.tags = store_tags(*change.tags);
  return row;
}

bool same(const PostTextRow& row, const Post& post) {
  return row.title == post.title && row.category_ids == post.category_ids && row.tags == post.tags;
}

// Moves the post between lists when what they are made of changed.
Result<void> relist(Tx& tx, const Post& before, const Post& after) {
  ListingRepository listings(tx);
  if (before.category_ids == after.category_ids) {
    if (before.pinned == after.pinned) return {};
    return listings.pin(after.id, after.pinned);
  }
  if (auto done = listings.remove(after.id); !done) return done;
  if (auto done = listings.insert(after); !done) return done;
  if (auto done = count_in_categories(tx, before.category_ids, -1); !done) return done;
  return count_in_categories(tx, after.category_ids, 1);
}

Result<void> mark_for_search(Tx& tx, const Post& before, const Post& after) {
  SearchRepository search(tx);
  if (auto done = search.mark_stale(Kind::post, after.id.value); !done) return done;
  if (before.category_ids == after.category_ids) return {};
  return search.mark_comments_stale(after.id);
}

}  // namespace

Result<PostView> PostService::change(const Actor& actor, PostId id, const PostChange& change) const {
  std::optional<Rendering> rendering;
  if (change.body) {
    auto made = rendered(tools_.people, *change.body);
    if (!made) return made.error();
    rendering = std::move(*made);
  }
  const auto settings = tools_.settings.get();
  const std::int64_t now = tools_.now();

  return tools_.storage.write([&](Tx& tx) -> Result<PostView> {
    auto before = view_post(tx, tools_.people, id);
    if (!before) return before;
    const Post& post = before->full.post;
    if (auto ok = may_change(actor, post, change, now, settings->author_edit_days); !ok) return ok.error();
    if (change.categories) {
      if (auto ok = check_categories(before->around.categories, *change.categories); !ok) return ok.error();
    }
    if (change.revision != post.revision) {
      Error stale{ErrorCode::precondition_failed, "Somebody has changed this post meanwhile."};
      stale.current = post_json(before->full, before->around);
      return stale;
    }

    PostRepository posts(tx);
    PostTextRow row = changed_row(post, change);
    const bool new_body = rendering && rendering->text.body != before->full.text.body;
    const bool new_text = new_body || !same(row, post);
    const bool pinned = change.pinned.value_or(post.pinned);
    const bool locked = change.locked.value_or(post.locked);
    const bool new_flags = pinned != post.pinned || locked != post.locked;
    if (!new_text && !new_flags) return before;
    if (new_text) {
      const auto last = posts.last_change(id);
      if (!last) return last.error();
      const Revision replaced{post.revision, post.title, before->full.text.body, last->by, last->at};
      if (auto done = posts.insert_revision(id, {}, replaced); !done) return done.error();
      row.edited_at = edited_at(post.edited_at, post.created_at, now, settings->silent_edit_s);
      if (auto done = posts.update(id, row, now, actor.id); !done) return done.error();
    }
    if (new_body) {
      if (auto done = posts.update_text(id, rendering->text); !done) return done.error();
    }
    if (new_flags) {
      if (auto done = posts.set_flags(id, pinned, locked, post.revision + 1); !done) return done.error();
    }

    auto after = view_post(tx, tools_.people, id);
    if (!after) return after;
    const Post& changed = after->full.post;
    if (auto done = relist(tx, post, changed); !done) return done.error();
    if (new_text) {
      if (auto done = mark_for_search(tx, post, changed); !done) return done.error();
      if (auto done = tx.on_commit(tools_.indexable); !done) return done.error();
    }
    const auto& mentions = new_body ? rendering->mentions : std::vector<UserId>{};
    if (auto done = Events(tx).post_updated(changed, after->around, mentions, post.category_ids); !done)
      return done.error();
    if (auto done = drop_shown(tx, changed, post.category_ids); !done) return done.error();
    return after;
  });
}

}  // namespace stoa::posts
