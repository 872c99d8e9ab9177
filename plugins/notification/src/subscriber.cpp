#include "subscriber.hpp"

namespace stoa::notification {
namespace {

template <class Facts, class F>
Result<void> with(const std::optional<Facts>& facts, F&& react) {
  if (!facts) return {};
  return react(*facts);
}

}  // namespace

std::vector<std::string> Subscriber::types() {
  return {"posts.post.created",    "posts.post.updated",
          "posts.post.deleted",    "posts.comment.created",
          "posts.comment.updated", "posts.comment.deleted",
          "posts.vote.cast",       "posts.read",
          "chat.message.created",  "chat.read",
          "chat.unread.changed"};
}

Result<void> Subscriber::apply(Tx& tx, const Event& event) {
  const std::string_view type = event.type;
  if (type == "posts.post.created" || type == "posts.post.updated")
    return with(read_post(event.data),
                [&](const auto& facts) { return posts_.post_written(tx, event, facts); });
  if (type == "posts.post.deleted")
    return with(read_deleted(event.data), [&](std::int64_t id) { return posts_.post_deleted(tx, id); });
  if (type == "posts.comment.created")
    return with(read_comment(event.data),
                [&](const auto& facts) { return posts_.comment_created(tx, event, facts); });
  if (type == "posts.comment.updated")
    return with(read_comment(event.data),
                [&](const auto& facts) { return posts_.comment_edited(tx, event, facts); });
  if (type == "posts.comment.deleted")
    return with(read_deleted(event.data), [&](std::int64_t id) { return posts_.comment_deleted(tx, id); });
  if (type == "posts.vote.cast")
    return with(read_vote(event.data), [&](const auto& facts) { return posts_.voted(tx, event, facts); });
  if (type == "posts.read")
    return with(read_post_read(event.data), [&](const auto& facts) { return posts_.read(tx, facts); });
  if (type == "chat.message.created")
    return with(read_message(event.data),
                [&](const auto& facts) { return chat_.message_created(tx, event, facts); });
  if (type == "chat.read")
    return with(read_chat_read(event.data), [&](const auto& facts) { return chat_.read(tx, facts); });
  if (type == "chat.unread.changed")
    return with(read_unread(event.data), [&](const auto& facts) { return chat_.unread_changed(tx, facts); });
  return {};
}

}  // namespace stoa::notification
