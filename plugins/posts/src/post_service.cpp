#include "post_service.hpp"

#include "category_repository.hpp"
#include "comment_repository.hpp"
#include "events.hpp"
#include "listing_repository.hpp"
#include "post_repository.hpp"
#include "post_upkeep.hpp"
#include "stoa/stoa.hpp"
#include "stored_lists.hpp"

namespace stoa::posts {
namespace {

constexpr std::int64_t kForgetAtOnce = 500;  // comments whose events are emptied in one transaction

Error no_post() {
  return not_found("There is no such post.");
}

}  // namespace

Result<PostView> view_post(Tx& tx, const People& people, PostId id) {
  PostRepository posts(tx);
  auto post = posts.find(id);
  if (!post) return post.error();
  if (!*post) return no_post();
  auto text = posts.text(id);
  if (!text) return text.error();
  auto categories = CategoryRepository(tx).list();
  if (!categories) return categories.error();
  auto names = people.named({(*post)->author});
  if (!names) return names.error();
  const auto seq = tx.log_head();
  if (!seq) return seq.error();
  PostView view{
      {std::move(**post), text->value_or(Text{})}, {std::move(*categories), std::move(*names)}, *seq};
  refresh(people, view.full.text);
  return view;
}

Result<PostView> PostService::get(PostId id) const {
  return tools_.storage.read([&](Tx& tx) { return view_post(tx, tools_.people, id); });
}

Result<std::optional<PostView>> PostService::find_local(const Actor& actor,
                                                        const std::string& local_id) const {
  return tools_.storage.read([&](Tx& tx) -> Result<std::optional<PostView>> {
    const auto id = PostRepository(tx).find_local(actor.id, local_id);
    if (!id) return id.error();
    if (!*id) return std::optional<PostView>();
    auto view = view_post(tx, tools_.people, **id);
    if (view) return std::optional<PostView>(std::move(*view));
    if (view.error().code != ErrorCode::not_found) return view.error();
    return Error{ErrorCode::conflict, "The post with this local_id was deleted."};
  });
}

Result<Created<PostView>> PostService::create(const Actor& actor, const PostDraft& draft,
                                              const std::optional<std::string>& local_id) const {
  auto rendering = rendered(tools_.people, draft.body);
  if (!rendering) return rendering.error();
  const auto profile = tools_.people.by_id(actor.id);
  if (!profile) return profile.error();
  const auto settings = tools_.settings.get();
  const bool limited = tools_.limited() && !actor.moderator;
  const PaceLimits limits{settings->post_interval_s, settings->same_text_s, settings->newcomer_hours,
                          settings->newcomer_posts};
  NewPostRow row{.author = actor.id,
                 .slug = slug_for(draft.title),
                 .title = draft.title,
                 .excerpt = excerpt_of(draft.body),
                 .category_ids = store_ids(draft.categories),
                 .tags = store_tags(draft.tags),
                 .local_id = local_id,
                 .hash = text_hash(draft.title + "\n" + draft.body)};

  return tools_.storage.write([&](Tx& tx) -> Result<Created<PostView>> {
    const std::int64_t now = row.now = tools_.now();  // when it is its turn: times rise with ids
    PostRepository posts(tx);
    if (local_id) {
      const auto earlier = posts.find_local(actor.id, *local_id);
      if (!earlier) return earlier.error();
      if (*earlier) {
        auto view = view_post(tx, tools_.people, **earlier);
        if (!view) return view.error();
        return Created<PostView>{std::move(*view), false};
      }
    }
    if (limited) {
      const std::int64_t registered_at = *profile ? (*profile)->created_at_ms : 0;
      if (auto ok = keep_pace(posts, actor, registered_at, row.hash, now, limits); !ok) return ok.error();
    }
    const auto categories = CategoryRepository(tx).list();
    if (!categories) return categories.error();
    if (auto ok = check_categories(*categories, draft.categories); !ok) return ok.error();

    const auto id = posts.insert(row);
    if (!id) return id.error();
    if (auto done = posts.insert_text(*id, rendering->text); !done) return done.error();
    if (auto done = count_in_categories(tx, row.category_ids, 1); !done) return done.error();
    auto view = view_post(tx, tools_.people, *id);
    if (!view) return view.error();
    const Post& post = view->full.post;
    if (auto done = ListingRepository(tx).insert(post); !done) return done.error();
    if (auto done = Events(tx).post_created(post, view->around, rendering->mentions); !done)
      return done.error();
    if (auto done = drop_shown(tx, post); !done) return done.error();
    if (auto done = tx.on_commit(tools_.indexable); !done) return done.error();
    return Created<PostView>{std::move(*view), true};
  });
}

Result<void> PostService::remove(const Actor& actor, PostId id) const {
  auto removed = tools_.storage.write([&](Tx& tx) -> Result<void> {
    PostRepository posts(tx);
    const auto post = posts.find(id);
    if (!post) return post.error();
    if (!*post) return no_post();
    if (auto ok = may_delete(actor, (*post)->author); !ok) return ok;
    if (auto done = posts.remove(id, tools_.now(), actor.id); !done) return done;
    if (auto done = ListingRepository(tx).remove(id); !done) return done;
    if (auto done = count_in_categories(tx, (*post)->category_ids, -1); !done) return done;
    if (auto done = Events(tx).post_deleted(**post); !done) return done;
    return drop_shown(tx, **post);
  });
  if (!removed) return removed;
  return forget_comments(id);
}

// In pieces, so that a long discussion does not hold up other writers. Nobody may listen to the post any more
// meanwhile.
Result<void> PostService::forget_comments(PostId id) const {
  CommentId below{kEnd};
  for (bool more = true; more;) {
    auto done = tools_.storage.write([&](Tx& tx) -> Result<void> {
      const auto ids = CommentRepository(tx).ids_falling(id, below, kForgetAtOnce);
      if (!ids) return ids.error();
      for (const CommentId comment : *ids) {
        if (auto forgotten = Events(tx).forget_comment(comment); !forgotten) return forgotten;
      }
      more = static_cast<std::int64_t>(ids->size()) == kForgetAtOnce;
      if (more) below = ids->back();
      return {};
    });
    if (!done) return done;
  }
  return {};
}

Result<PostView> PostService::restore(PostId id) const {
  return tools_.storage.write([&](Tx& tx) -> Result<PostView> {
    PostRepository posts(tx);
    const auto state = posts.state(id);
    if (!state) return state.error();
    if (!*state) return no_post();
    if (!(*state)->deleted) return view_post(tx, tools_.people, id);
    const auto categories = CategoryRepository(tx).list();
    if (!categories) return categories.error();
    std::vector<CategoryId> left;
    for (const CategoryId one : stored_ids((*state)->category_ids)) {
      if (check_categories(*categories, {one})) left.push_back(one);
    }
    if (left.empty()) return Error{ErrorCode::conflict, "None of the post's categories exists any more."};
    const std::string stored = store_ids(left);
    if (auto done = posts.restore(id, stored); !done) return done.error();
    if (auto done = count_in_categories(tx, stored, 1); !done) return done.error();
    auto view = view_post(tx, tools_.people, id);
    if (!view) return view;
    if (auto done = ListingRepository(tx).insert(view->full.post); !done) return done.error();
    if (auto done = Events(tx).post_updated(view->full.post, view->around, {}); !done) return done.error();
    if (auto done = drop_shown(tx, view->full.post); !done) return done.error();
    return view;
  });
}

Result<PostService::Revisions> PostService::revisions(PostId id, std::optional<std::int64_t> below,
                                                      std::int64_t limit) const {
  return tools_.storage.read([&](Tx& tx) -> Result<Revisions> {
    PostRepository posts(tx);
    const auto post = posts.find(id);
    if (!post) return post.error();
    if (!*post) return no_post();
    Revisions page;
    if (!below) {
      auto text = posts.text(id);
      if (!text) return text.error();
      const auto change = posts.last_change(id);
      if (!change) return change.error();
      page.items.push_back(
          {(*post)->revision, (*post)->title, text->value_or(Text{}).body, change->by, change->at});
    }
    const auto first = static_cast<std::int64_t>(page.items.size());
    auto older = posts.revisions(id, below.value_or((*post)->revision), limit + 1 - first);
    if (!older) return older.error();
    std::move(older->begin(), older->end(), std::back_inserter(page.items));
    if (static_cast<std::int64_t>(page.items.size()) > limit) {
      page.items.resize(static_cast<std::size_t>(limit));
      page.next = page.items.back().number;
    }
    std::vector<UserId> editors;
    for (const Revision& revision : page.items) editors.push_back(revision.editor);
    auto names = tools_.people.named(std::move(editors));
    if (!names) return names.error();
    page.names = std::move(*names);
    const auto seq = tx.log_head();
    if (!seq) return seq.error();
    page.seq = *seq;
    return page;
  });
}

}  // namespace stoa::posts
