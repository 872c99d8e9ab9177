// What each event of other plugins does to notifications. One transaction for each event, in which the
// reader's place in the log advances too: so each event counts exactly once, whatever happens to the process.
#pragma once

#include "facts.hpp"
#include "inbox.hpp"
#include "recipients.hpp"
#include "settings.hpp"
#include "stoa/app.hpp"

namespace stoa::notification {

// [writer] Events of the posts plugin.
class PostReactions {
 public:
  PostReactions(Inbox& inbox, const CurrentSettings& settings) : inbox_(inbox), settings_(settings) {}

  Result<void> post_written(Tx& tx, const Event& event, const PostFacts& post);
  Result<void> post_deleted(Tx& tx, std::int64_t post);
  Result<void> comment_created(Tx& tx, const Event& event, const CommentFacts& comment);
  Result<void> comment_edited(Tx& tx, const Event& event, const CommentFacts& comment);
  Result<void> comment_deleted(Tx& tx, std::int64_t comment);
  // Likes only: who dislikes something is nobody's news, and takes a like back.
  Result<void> voted(Tx& tx, const Event& event, const VoteFacts& vote);
  Result<void> read(Tx& tx, const PostReadFacts& read);

 private:
  // In the first type that the recipient wants, if any.
  Result<void> notify(Tx& tx, const Event& event, const Subject& subject, UserId actor,
                      const Recipient& recipient);
  Result<void> take_vote_back(Tx& tx, const VoteFacts& vote);

  Inbox& inbox_;
  const CurrentSettings& settings_;
};

// [writer] Events of the chat plugin.
class ChatReactions {
 public:
  explicit ChatReactions(Inbox& inbox) : inbox_(inbox) {}

  Result<void> message_created(Tx& tx, const Event& event, const MessageFacts& message);
  Result<void> read(Tx& tx, const ChatReadFacts& read);
  Result<void> unread_changed(Tx& tx, const UnreadFacts& facts);

 private:
  Inbox& inbox_;
};

}  // namespace stoa::notification
