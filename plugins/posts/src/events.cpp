#include "events.hpp"

#include <algorithm>

#include "stored_lists.hpp"

namespace stoa::posts {
namespace {

// Subjects and channels are called alike.
std::string name_of(PostId id) {
  return "post:" + std::to_string(id.value);
}
std::string name_of(CommentId id) {
  return "comment:" + std::to_string(id.value);
}

std::vector<std::string> channels_of(const Post& post, std::string_view former_category_ids) {
  std::vector<std::string> channels{"posts", name_of(post.id)};
  for (const std::string_view stored : {std::string_view(post.category_ids), former_category_ids}) {
    for (const CategoryId id : stored_ids(stored)) {
      std::string channel = "category:" + std::to_string(id.value);
      if (std::find(channels.begin(), channels.end(), channel) == channels.end())
        channels.push_back(std::move(channel));
    }
  }
  return channels;
}

void write_ids(Json& json, std::string_view name, const std::vector<UserId>& ids) {
  json.key(name).begin_array();
  for (const UserId id : ids) json.value(id);
  json.end_array();
}

}  // namespace

Result<void> Events::post_created(const Post& post, const Surroundings& around,
                                  const std::vector<UserId>& mentions) {
  return post_changed("posts.post.created", post, around, mentions, {});
}

Result<void> Events::post_updated(const Post& post, const Surroundings& around,
                                  const std::vector<UserId>& mentions, std::string_view former_category_ids) {
  return post_changed("posts.post.updated", post, around, mentions, former_category_ids);
}

Result<void> Events::post_deleted(const Post& post) {
  if (auto done = tx_.redact(name_of(post.id)); !done) return done;
  Json json;
  json.begin_object().field("id", post.id).end_object();
  return emit("posts.post.deleted", name_of(post.id), channels_of(post, {}), json.take());
}

Result<void> Events::comment_created(const Comment& comment, const Answered& answered, const Names& names,
                                     const std::vector<UserId>& mentions,
                                     const std::optional<std::string>& local_id) {
  return comment_changed("posts.comment.created", comment, answered, names, mentions, local_id);
}

Result<void> Events::comment_updated(const Comment& comment, const Answered& answered, const Names& names,
                                     const std::vector<UserId>& mentions) {
  return comment_changed("posts.comment.updated", comment, answered, names, mentions, {});
}

Result<void> Events::comment_deleted(CommentId id, PostId post) {
  if (auto done = forget_comment(id); !done) return done;
  Json json;
  json.begin_object().field("id", id).field("post_id", post).end_object();
  return emit("posts.comment.deleted", name_of(id), {name_of(post)}, json.take());
}

Result<void> Events::forget_comment(CommentId id) {
  return tx_.redact(name_of(id));
}

Result<void> Events::voted(const Vote& vote, const Post& post) {
  const bool on_comment = vote.target.on_comment();
  const std::string_view kind = on_comment ? "comment" : "post";
  const std::int64_t id = on_comment ? vote.target.comment.value : vote.target.post.value;
  const std::string subject = on_comment ? name_of(vote.target.comment) : name_of(vote.target.post);
  Json counts;
  counts.begin_object()
      .field("kind", kind)
      .field("id", id)
      .field("likes", vote.count.likes)
      .field("dislikes", vote.count.dislikes)
      .end_object();
  if (auto done = emit("posts.vote.changed", subject, {name_of(vote.target.post)}, counts.take()); !done)
    return done;
  Json cast;
  cast.begin_object()
      .field("kind", kind)
      .field("id", id)
      .field("post_id", post.id)
      .field("post_title", post.title)
      .field("post_slug", post.slug)
      .field("author_id", vote.author)
      .field("user_id", vote.voter)
      .field("value", vote.value)
      .end_object();
  return emit("posts.vote.cast", subject, {}, cast.take());
}

Result<void> Events::read(UserId reader, PostId post, CommentId comment) {
  Json json;
  json.begin_object()
      .field("user_id", reader)
      .field("post_id", post)
      .field("comment_id", comment)
      .end_object();
  return emit("posts.read", {}, {"user:" + std::to_string(reader.value)}, json.take());
}

Result<void> Events::post_changed(std::string_view type, const Post& post, const Surroundings& around,
                                  const std::vector<UserId>& mentions, std::string_view former_category_ids) {
  Json json;
  json.begin_object();
  write_summary(json, post, around);
  write_ids(json, "mentions", mentions);
  json.end_object();
  return emit(type, name_of(post.id), channels_of(post, former_category_ids), json.take());
}

Result<void> Events::comment_changed(std::string_view type, const Comment& comment, const Answered& answered,
                                     const Names& names, const std::vector<UserId>& mentions,
                                     const std::optional<std::string>& local_id) {
  Json json;
  json.begin_object();
  write_comment(json, comment, names, local_id);
  write_ids(json, "mentions", mentions);
  json.field("post_author_id", answered.post.author)
      .field("parent_author_id", answered.parent_author)
      .field("post_title", answered.post.title)
      .field("post_slug", answered.post.slug)
      .end_object();
  return emit(type, name_of(comment.id), {name_of(comment.post)}, json.take());
}

Result<void> Events::emit(std::string_view type, std::string_view subject, std::vector<std::string> channels,
                          std::string_view data) {
  const auto written = tx_.emit({type, subject, std::move(channels), data});
  if (!written) return written.error();
  return {};
}

}  // namespace stoa::posts
