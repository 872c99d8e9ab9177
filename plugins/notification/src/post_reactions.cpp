#include <string>

#include "choice_repository.hpp"
#include "reactions.hpp"

namespace stoa::notification {
namespace {

namespace items = item_repository;
namespace choices = choice_repository;

Subject post_subject(std::int64_t post, const std::string& title, const std::string& slug) {
  std::string url = "/p/" + std::to_string(post);
  if (!slug.empty()) url += "/" + slug;
  return {Kind::post, post, post, title, std::move(url)};
}

Subject comment_subject(std::int64_t comment, std::int64_t post, const std::string& title,
                        const std::string& slug) {
  Subject subject = post_subject(post, title, slug);
  subject.kind = Kind::comment;
  subject.id = comment;
  subject.url += "#comment-" + std::to_string(comment);
  return subject;
}

Subject subject_of(const CommentFacts& comment) {
  return comment_subject(comment.id, comment.post, comment.post_title, comment.post_slug);
}

Subject subject_of(const VoteFacts& vote) {
  return vote.kind == Kind::post ? post_subject(vote.post, vote.post_title, vote.post_slug)
                                 : comment_subject(vote.id, vote.post, vote.post_title, vote.post_slug);
}

bool is_watcher_only(const CommentFacts& comment, const Recipient& recipient) {
  return recipient.types == std::vector{Type::comment} && recipient.user != comment.post_author;
}

// The first type that the recipient wants to hear of, unless the post is muted.
Result<std::optional<Type>> wanted_type(Tx& tx, std::int64_t post, const Recipient& recipient) {
  auto level = choices::level(tx, post, recipient.user);
  if (!level) return level.error();
  if (*level == Level::muted) return std::optional<Type>();
  for (Type type : recipient.types) {
    auto preference = choices::preference(tx, recipient.user, type);
    if (!preference) return preference.error();
    if (preference->in_app) return std::optional<Type>(type);
  }
  return std::optional<Type>();
}

}  // namespace

Result<void> PostReactions::post_written(Tx& tx, const Event& event, const PostFacts& post) {
  if (auto ok = items::retitle_post(tx, post.id, post.title); !ok) return ok;
  for (const Recipient& recipient : mentioned_by(post.author, post.mentions)) {
    auto first = items::tell_once(tx, Kind::post, post.id, recipient.user);
    if (!first) return first.error();
    if (!*first) continue;
    const Subject subject = post_subject(post.id, post.title, post.slug);
    if (auto ok = notify(tx, event, subject, post.author, recipient); !ok) return ok;
  }
  return {};
}

Result<void> PostReactions::post_deleted(Tx& tx, std::int64_t post) {
  auto entries = items::list_of_post(tx, post);
  if (!entries) return entries.error();
  return inbox_.withdraw(tx, *entries);
}

Result<void> PostReactions::comment_created(Tx& tx, const Event& event, const CommentFacts& comment) {
  auto watchers = choices::watchers(tx, comment.post);
  if (!watchers) return watchers.error();
  for (const Recipient& recipient : recipients_of(comment, *watchers)) {
    // Watchers may be many, and an edit never reaches them: nothing needs to be remembered.
    if (!is_watcher_only(comment, recipient)) {
      auto first = items::tell_once(tx, Kind::comment, comment.id, recipient.user);
      if (!first) return first.error();
      if (!*first) continue;
    }
    if (auto ok = notify(tx, event, subject_of(comment), comment.author, recipient); !ok) return ok;
  }
  return {};
}

Result<void> PostReactions::comment_edited(Tx& tx, const Event& event, const CommentFacts& comment) {
  for (const Recipient& recipient : mentioned_by(comment.author, comment.mentions)) {
    auto first = items::tell_once(tx, Kind::comment, comment.id, recipient.user);
    if (!first) return first.error();
    if (!*first) continue;
    auto heard = items::has(tx, Kind::comment, comment.id, recipient.user);
    if (!heard) return heard.error();
    if (*heard) continue;
    if (auto ok = notify(tx, event, subject_of(comment), comment.author, recipient); !ok) return ok;
  }
  return {};
}

Result<void> PostReactions::comment_deleted(Tx& tx, std::int64_t comment) {
  auto entries = items::list_of_subject(tx, Kind::comment, comment);
  if (!entries) return entries.error();
  return inbox_.withdraw(tx, *entries);
}

Result<void> PostReactions::notify(Tx& tx, const Event& event, const Subject& subject, UserId actor,
                                   const Recipient& recipient) {
  auto type = wanted_type(tx, *subject.post, recipient);
  if (!type) return type.error();
  if (!*type) return {};
  return inbox_.add(tx, recipient.user, **type, subject, {actor, event.seq, event.time_ms});
}

Result<void> PostReactions::voted(Tx& tx, const Event& event, const VoteFacts& vote) {
  if (vote.voter == vote.author) return {};
  if (!vote.liked) return take_vote_back(tx, vote);
  auto counted = items::find_with_actor(tx, vote.author, Type::vote, vote.kind, vote.id, vote.voter);
  if (!counted) return counted.error();
  if (!counted->empty()) return {};

  auto wanted = wanted_type(tx, vote.post, {vote.author, {Type::vote}});
  if (!wanted) return wanted.error();
  if (!*wanted) return {};
  auto newest = items::find_newest(tx, vote.author, Type::vote, vote.kind, vote.id);
  if (!newest) return newest.error();
  const Inbox::Act act{vote.voter, event.seq, event.time_ms};
  switch (decide_vote(*newest, event.time_ms, settings_.get().votes)) {
    case VoteStep::open: return inbox_.add(tx, vote.author, Type::vote, subject_of(vote), act);
    case VoteStep::call: return inbox_.join(tx, **newest, act, true);
    case VoteStep::join: return inbox_.join(tx, **newest, act, false);
  }
  return {};
}

Result<void> PostReactions::take_vote_back(Tx& tx, const VoteFacts& vote) {
  auto counted = items::find_with_actor(tx, vote.author, Type::vote, vote.kind, vote.id, vote.voter);
  if (!counted) return counted.error();
  for (const Item& item : *counted) {
    if (auto ok = items::remove_actor(tx, item.id, vote.voter); !ok) return ok;
    Item fewer = item;
    --fewer.count;
    if (auto ok = fewer.count > 0 ? inbox_.change(tx, item, fewer) : inbox_.hide(tx, item); !ok) return ok;
  }
  return {};
}

Result<void> PostReactions::read(Tx& tx, const PostReadFacts& read) {
  auto ids = items::mark_post_read(tx, read.post, read.reader, read.comment);
  if (!ids) return ids.error();
  return inbox_.tell_read(tx, read.reader, *ids);
}

}  // namespace stoa::notification
