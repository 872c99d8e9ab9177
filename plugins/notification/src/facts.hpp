// What events of other plugins say, as far as it concerns anybody here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model.hpp"
#include "stoa/id.hpp"

namespace stoa::notification {

// posts.post.created, .updated
struct PostFacts {
  std::int64_t id = 0;
  std::string title, slug;
  UserId author;
  std::vector<UserId> mentions;
};

// posts.comment.created, .updated
struct CommentFacts {
  std::int64_t id = 0;
  std::int64_t post = 0;
  std::string post_title, post_slug;
  UserId author;
  UserId post_author;
  UserId parent_author;  // 0: it answers the post
  std::vector<UserId> mentions;
};

// posts.vote.cast
struct VoteFacts {
  Kind kind = Kind::post;
  std::int64_t id = 0;
  std::int64_t post = 0;
  std::string post_title, post_slug;
  UserId author;  // of what was voted on
  UserId voter;
  bool liked = false;  // false: disliked, or taken back
};

// posts.read
struct PostReadFacts {
  UserId reader;
  std::int64_t post = 0;
  std::int64_t comment = 0;  // read up to it
};

// chat.message.created
struct MessageFacts {
  std::int64_t id = 0;
  std::int64_t conversation = 0;
  std::string title;  // empty: named after who writes
  UserId sender;
  std::vector<UserId> members;
};

// chat.read
struct ChatReadFacts {
  UserId reader;
  std::int64_t conversation = 0;
  std::int64_t message = 0;  // read up to it
  std::int64_t unread = 0;   // left after it
};

// chat.unread.changed: messages went away, or a member did.
struct UnreadFacts {
  std::int64_t conversation = 0;
  std::vector<std::pair<UserId, std::int64_t>> unread;  // left for each
  UserId sender;                                        // of the message that went away; 0: none did
};

// Each reads the data of an event: nothing when it was redacted, or is not what it should be.
std::optional<PostFacts> read_post(std::string_view data);
std::optional<CommentFacts> read_comment(std::string_view data);
std::optional<VoteFacts> read_vote(std::string_view data);
std::optional<PostReadFacts> read_post_read(std::string_view data);
std::optional<MessageFacts> read_message(std::string_view data);
std::optional<ChatReadFacts> read_chat_read(std::string_view data);
std::optional<UnreadFacts> read_unread(std::string_view data);
// The id of something deleted.
std::optional<std::int64_t> read_deleted(std::string_view data);

}  // namespace stoa::notification
