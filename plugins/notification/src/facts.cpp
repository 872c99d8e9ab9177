#include "facts.hpp"

#include "stoa/json.hpp"

namespace stoa::notification {
namespace {

using Value = rapidjson::Value;

// Absent and of another type: 0, "", nothing.
const Value* member(const Value& object, const char* name) {
  if (!object.IsObject()) return nullptr;
  const auto found = object.FindMember(name);
  return found == object.MemberEnd() ? nullptr : &found->value;
}
std::int64_t integer(const Value& object, const char* name) {
  const Value* value = member(object, name);
  return value && value->IsInt64() ? value->GetInt64() : 0;
}
std::string text(const Value& object, const char* name) {
  const Value* value = member(object, name);
  return value && value->IsString() ? std::string(value->GetString(), value->GetStringLength())
                                    : std::string();
}
UserId user(const Value& object, const char* name) {
  return {integer(object, name)};
}
// {…, "author": {"id": …}}
UserId person(const Value& object, const char* name) {
  const Value* value = member(object, name);
  return value ? user(*value, "id") : UserId{};
}
std::vector<UserId> users(const Value& object, const char* name) {
  std::vector<UserId> ids;
  const Value* value = member(object, name);
  if (!value || !value->IsArray()) return ids;
  for (const Value& element : value->GetArray()) {
    if (element.IsInt64()) ids.push_back({element.GetInt64()});
  }
  return ids;
}

// make(object) → optional<Facts>, for data that is a JSON object.
template <class F>
auto from(std::string_view data, F&& make) -> decltype(make(std::declval<const Value&>())) {
  const auto document = parse_json(data);
  if (!document || !document->IsObject()) return std::nullopt;
  return make(*document);
}

}  // namespace

std::optional<PostFacts> read_post(std::string_view data) {
  return from(data, [](const Value& o) -> std::optional<PostFacts> {
    PostFacts facts{integer(o, "id"), text(o, "title"), text(o, "slug"), person(o, "author"),
                    users(o, "mentions")};
    if (!facts.id || !facts.author) return std::nullopt;
    return facts;
  });
}

std::optional<CommentFacts> read_comment(std::string_view data) {
  return from(data, [](const Value& o) -> std::optional<CommentFacts> {
    CommentFacts facts{
        integer(o, "id"),    integer(o, "post_id"),     text(o, "post_title"),       text(o, "post_slug"),
        person(o, "author"), user(o, "post_author_id"), user(o, "parent_author_id"), users(o, "mentions")};
    if (!facts.id || !facts.post || !facts.author) return std::nullopt;
    return facts;
  });
}

std::optional<VoteFacts> read_vote(std::string_view data) {
  return from(data, [](const Value& o) -> std::optional<VoteFacts> {
    const auto kind = kind_of(text(o, "kind"));
    const Value* value = member(o, "value");
    if (!kind || !value || !value->IsInt64()) return std::nullopt;
    VoteFacts facts{*kind,
                    integer(o, "id"),
                    integer(o, "post_id"),
                    text(o, "post_title"),
                    text(o, "post_slug"),
                    user(o, "author_id"),
                    user(o, "user_id"),
                    value->GetInt64() == 1};
    if (!facts.id || !facts.author || !facts.voter) return std::nullopt;
    if (facts.kind != Kind::post && facts.kind != Kind::comment) return std::nullopt;
    if (!facts.post) facts.post = facts.kind == Kind::post ? facts.id : 0;
    if (!facts.post) return std::nullopt;
    return facts;
  });
}

std::optional<PostReadFacts> read_post_read(std::string_view data) {
  return from(data, [](const Value& o) -> std::optional<PostReadFacts> {
    PostReadFacts facts{user(o, "user_id"), integer(o, "post_id"), integer(o, "comment_id")};
    if (!facts.reader || !facts.post) return std::nullopt;
    return facts;
  });
}

std::optional<MessageFacts> read_message(std::string_view data) {
  return from(data, [](const Value& o) -> std::optional<MessageFacts> {
    MessageFacts facts{integer(o, "id"), integer(o, "conversation_id"), text(o, "conversation_title"),
                       person(o, "sender"), users(o, "member_ids")};
    if (!facts.id || !facts.conversation || !facts.sender) return std::nullopt;
    return facts;
  });
}

std::optional<ChatReadFacts> read_chat_read(std::string_view data) {
  return from(data, [](const Value& o) -> std::optional<ChatReadFacts> {
    ChatReadFacts facts{user(o, "user_id"), integer(o, "conversation_id"), integer(o, "message_id"),
                        integer(o, "unread")};
    if (!facts.reader || !facts.conversation) return std::nullopt;
    return facts;
  });
}

std::optional<UnreadFacts> read_unread(std::string_view data) {
  return from(data, [](const Value& o) -> std::optional<UnreadFacts> {
    UnreadFacts facts{integer(o, "conversation_id"), {}, user(o, "sender_id")};
    const Value* unread = member(o, "unread");
    if (!facts.conversation || !unread || !unread->IsArray()) return std::nullopt;
    for (const Value& entry : unread->GetArray())
      facts.unread.emplace_back(user(entry, "user_id"), integer(entry, "unread"));
    return facts;
  });
}

std::optional<std::int64_t> read_deleted(std::string_view data) {
  return from(data, [](const Value& o) -> std::optional<std::int64_t> {
    const std::int64_t id = integer(o, "id");
    if (!id) return std::nullopt;
    return id;
  });
}

}  // namespace stoa::notification
