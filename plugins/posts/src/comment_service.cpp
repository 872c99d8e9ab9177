#include "comment_service.hpp"

#include "comment_repository.hpp"
#include "events.hpp"
#include "listing_repository.hpp"
#include "post_json.hpp"
#include "post_repository.hpp"
#include "post_upkeep.hpp"
#include "search_repository.hpp"
#include "stoa/stoa.hpp"

namespace stoa::posts {
namespace {

Error no_comment() {
  return not_found("There is no such comment.");
}

// Neither it nor its post is deleted.
struct Found {
  Comment comment;
  Post post;
};
Result<Found> find_comment(Tx& tx, CommentId id) {
  auto comment = CommentRepository(tx).find(id);
  if (!comment) return comment.error();
  if (!*comment || (*comment)->deleted_at) return no_comment();
  auto post = PostRepository(tx).find((*comment)->post);
  if (!post) return post.error();
  if (!*post) return no_comment();
  return Found{std::move(**comment), std::move(**post)};
}

Result<CommentView> view_comment(const People& people, Comment comment) {
  refresh(people, comment.text);
  auto names = people.named({comment.author});
  if (!names) return names.error();
  return CommentView{std::move(comment), std::move(*names)};
}

Result<CommentView> view_own(Tx& tx, const People& people, CommentId id) {
  auto found = find_comment(tx, id);
  if (found) return view_comment(people, std::move(found->comment));
  if (found.error().code != ErrorCode::not_found) return found.error();
  return Error{ErrorCode::conflict, "The comment with this local_id was deleted."};
}

Result<std::optional<Comment>> find_parent(Tx& tx, PostId post, std::optional<CommentId> id) {
  if (!id) return std::optional<Comment>();
  auto parent = CommentRepository(tx).find(*id);
  if (!parent) return parent.error();
  if (!*parent || (*parent)->post != post)
    return Error{ErrorCode::validation, "This is no comment of the post.", "/parent_id", "unknown"};
  if ((*parent)->deleted_at) return Error{ErrorCode::conflict, "The comment to answer was deleted."};
  return parent;
}

// A deleted comment whose last listed answer goes, goes too.
Result<void> leave_parent(CommentRepository& comments, std::optional<CommentId> parent_id) {
  while (parent_id) {
    if (auto done = comments.count_reply(*parent_id, -1); !done) return done;
    const auto parent = comments.find(*parent_id);
    if (!parent) return parent.error();
    if (!*parent || !(*parent)->deleted_at || (*parent)->reply_count > 0) return {};
    if (auto done = comments.unlist(*parent_id); !done) return done;
    parent_id = (*parent)->parent;
  }
  return {};
}

}  // namespace

Result<std::optional<CommentView>> CommentService::find_local(const Actor& actor,
                                                              const std::string& local_id) const {
  return tools_.storage.read([&](Tx& tx) -> Result<std::optional<CommentView>> {
    const auto id = CommentRepository(tx).find_local(actor.id, local_id);
    if (!id) return id.error();
    if (!*id) return std::optional<CommentView>();
    auto view = view_own(tx, tools_.people, **id);
    if (!view) return view.error();
    return std::optional<CommentView>(std::move(*view));
  });
}

Result<Created<CommentView>> CommentService::create(const Actor& actor, PostId post_id,
                                                    const CommentDraft& draft,
                                                    const std::optional<std::string>& local_id) const {
  const auto rendering = rendered(tools_.people, draft.body);
  if (!rendering) return rendering.error();
  const auto profile = tools_.people.by_id(actor.id);
  if (!profile) return profile.error();
  const auto settings = tools_.settings.get();
  const bool limited = tools_.limited() && !actor.moderator;
  const PaceLimits limits{settings->comment_interval_s, settings->same_text_s, settings->newcomer_hours,
                          settings->newcomer_comments};

  return tools_.storage.write([&](Tx& tx) -> Result<Created<CommentView>> {
    const std::int64_t now = tools_.now();  // when it is its turn: times rise with ids
    PostRepository posts(tx);
    CommentRepository comments(tx);
    if (local_id) {
      const auto earlier = comments.find_local(actor.id, *local_id);
      if (!earlier) return earlier.error();
      if (*earlier) {
        auto view = view_own(tx, tools_.people, **earlier);
        if (!view) return view.error();
        return Created<CommentView>{std::move(*view), false};
      }
    }
    const auto post = posts.find(post_id);
    if (!post) return post.error();
    if (!*post) return not_found("There is no such post.");
    const auto parent = find_parent(tx, post_id, draft.parent);
    if (!parent) return parent.error();
    if ((*post)->locked) return Error{ErrorCode::conflict, "This post is locked."};
    const std::int64_t hash = text_hash(draft.body);
    if (limited) {
      const std::int64_t registered_at = *profile ? (*profile)->created_at_ms : 0;
      if (auto ok = keep_pace(comments, actor, registered_at, hash, now, limits); !ok) return ok.error();
    }

    const auto id = comments.insert({.post = post_id,
                                     .parent = draft.parent,
                                     .depth = *parent ? depth_below((*parent)->depth) : 0,
                                     .author = actor.id,
                                     .now = now,
                                     .local_id = local_id,
                                     .hash = hash,
                                     .text = rendering->text});
    if (!id) return id.error();
    if (*parent) {
      if (auto done = comments.count_reply(*draft.parent, 1); !done) return done.error();
    }
    if (auto done = posts.count_comment(post_id, 1, now); !done) return done.error();
    if (auto done = ListingRepository(tx).touch(post_id, now); !done) return done.error();

    auto comment = comments.find(*id);
    if (!comment) return comment.error();
    auto view = view_comment(tools_.people, std::move(**comment));
    if (!view) return view.error();
    const Events::Answered answered{**post,
                                    *parent ? std::optional<UserId>((*parent)->author) : std::nullopt};
    if (auto done =
            Events(tx).comment_created(view->comment, answered, view->names, rendering->mentions, local_id);
        !done)
      return done.error();
    if (auto done = drop_shown(tx, **post); !done) return done.error();
    if (auto done = tx.on_commit(tools_.indexable); !done) return done.error();
    return Created<CommentView>{std::move(*view), true};
  });
}

Result<CommentView> CommentService::change(const Actor& actor, CommentId id, const std::string& body,
                                           std::int64_t revision) const {
  const auto rendering = rendered(tools_.people, body);
  if (!rendering) return rendering.error();
  const auto settings = tools_.settings.get();
  const std::int64_t now = tools_.now();

  return tools_.storage.write([&](Tx& tx) -> Result<CommentView> {
    const auto found = find_comment(tx, id);
    if (!found) return found.error();
    const auto& [before, post] = *found;
    if (auto ok = may_edit(actor, before.author, before.created_at, now, settings->author_edit_days); !ok)
      return ok.error();
    if (revision != before.revision) {
      Error stale{ErrorCode::precondition_failed, "Somebody has changed this comment meanwhile."};
      const auto present = view_comment(tools_.people, before);
      if (!present) return present.error();
      stale.current = comment_json(present->comment, present->names);
      return stale;
    }
    if (before.text.body == body) return view_comment(tools_.people, before);

    CommentRepository comments(tx);
    const Revision replaced{before.revision, {}, before.text.body, before.changed_by, before.changed_at};
    if (auto done = PostRepository(tx).insert_revision(before.post, id, replaced); !done) return done.error();
    const auto edited = edited_at(before.edited_at, before.created_at, now, settings->silent_edit_s);
    if (auto done = comments.update(id, rendering->text, edited, now, actor.id); !done) return done.error();
    if (auto done = SearchRepository(tx).mark_stale(Kind::comment, id.value); !done) return done.error();

    auto comment = comments.find(id);
    if (!comment) return comment.error();
    auto view = view_comment(tools_.people, std::move(**comment));
    if (!view) return view;
    std::optional<UserId> parent_author;
    if (before.parent) {
      const auto parent = comments.find(*before.parent);
      if (!parent) return parent.error();
      if (*parent) parent_author = (*parent)->author;
    }
    if (auto done = Events(tx).comment_updated(view->comment, {post, parent_author}, view->names,
                                               rendering->mentions);
        !done)
      return done.error();
    if (auto done = drop_shown(tx, post); !done) return done.error();
    if (auto done = tx.on_commit(tools_.indexable); !done) return done.error();
    return view;
  });
}

Result<void> CommentService::remove(const Actor& actor, CommentId id) const {
  return tools_.storage.write([&](Tx& tx) -> Result<void> {
    const auto found = find_comment(tx, id);
    if (!found) return found.error();
    const auto& [comment, post] = *found;
    if (auto ok = may_delete(actor, comment.author); !ok) return ok;
    CommentRepository comments(tx);
    if (auto done = comments.remove(id, tools_.now(), actor.id); !done) return done;
    if (comment.reply_count == 0) {
      if (auto done = leave_parent(comments, comment.parent); !done) return done;
    }
    if (auto done = PostRepository(tx).count_comment(post.id, -1, std::nullopt); !done) return done;
    if (auto done = SearchRepository(tx).mark_stale(Kind::comment, id.value); !done) return done;
    if (auto done = Events(tx).comment_deleted(id, post.id); !done) return done;
    if (auto done = drop_shown(tx, post); !done) return done;
    return tx.on_commit(tools_.indexable);
  });
}

}  // namespace stoa::posts
