// Conversations: opening, naming, and who is in them.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "access.hpp"
#include "settings.hpp"
#include "stoa/list.hpp"
#include "throttle.hpp"

namespace stoa::chat {

struct NewConversation {
  std::vector<UserId> members;  // with or without the one who asks
  std::optional<std::string> title;
  std::optional<std::string> local_id;
};

struct ConversationView {
  Room room;
  std::optional<Message> last_message;
  std::int64_t unread = 0;
  People people;
};

// [worker] Whoever is not a member gets not_found.
class ConversationService {
 public:
  ConversationService(Storage storage, Identity identity, std::function<std::int64_t()> now_ms,
                      const CurrentSettings& settings, Throttle& throttle);

  struct Opened {
    ConversationView view;
    bool created = false;
  };
  // With one other person: the one conversation of the two. Errors: validation (somebody unknown or
  // suspended, nobody, too many), rate_limited.
  Result<Opened> open(UserId me, const NewConversation& wanted);

  Result<ConversationView> get(UserId me, ConversationId id);
  struct List {
    std::vector<ConversationView> items;
    std::optional<Place> next;
    std::uint64_t seq = 0;
  };
  // Newest activity first. Places have two keys.
  Result<List> list(UserId me, const ListQuery& query);
  struct Counts {
    std::vector<Unread> conversations;
    std::uint64_t seq = 0;
  };
  Result<Counts> unread(UserId me);

  // nullopt: without a title.
  Result<ConversationView> rename(UserId me, ConversationId id, const std::optional<std::string>& title);

  struct Added {
    ConversationView view;
    bool added = false;  // false: was in it already
  };
  // Errors: validation (unknown or suspended), conflict (a pair, or full).
  Result<Added> add_member(UserId me, ConversationId id, UserId user);
  // Oneself, or anybody by who started it. Errors: forbidden, conflict (a pair), not_found (not in it).
  Result<void> remove_member(UserId me, ConversationId id, UserId user);

  // Error: not_found.
  Result<void> check_member(UserId me, ConversationId id);

 private:
  Result<std::optional<ConversationView>> find_existing(Tx& tx, UserId me, const std::vector<UserId>& others,
                                                        const NewConversation& wanted);
  Result<Opened> create(Tx& tx, UserId me, const std::vector<UserId>& others, const NewConversation& wanted);
  Result<ConversationView> view(Tx& tx, UserId me, ConversationId id);
  Result<ConversationView> view(Tx& tx, UserId me, Room room);
  Result<void> tell_updated(Tx& tx, const Room& room, const std::vector<std::string>& channels);
  Result<void> check_reachable(const std::vector<UserId>& users,
                               const std::function<std::string(std::size_t)>& pointer) const;

  Storage storage_;
  Identity identity_;
  std::function<std::int64_t()> now_ms_;
  const CurrentSettings& settings_;
  Throttle& throttle_;
};

}  // namespace stoa::chat
